import {
  type Content,
  FinishReason,
  type GenerateContentConfig,
  type GenerateContentResponse,
  GoogleGenAI,
} from '@google/genai';
import { GEMINI_VENDORS, streamedBy } from './support/gemini-caller.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { usageOf } from './support/usage.js';

const CITY = {
  type: 'object',
  properties: { city: { type: 'string' }, unit: { type: 'string', enum: ['celsius', 'fahrenheit'] } },
  required: ['city', 'unit'],
};
const TOOLS: GenerateContentConfig = {
  tools: [
    {
      functionDeclarations: [
        { name: 'get_weather', description: 'Weather of a city.', parametersJsonSchema: CITY },
        { name: 'get_time', parametersJsonSchema: CITY },
      ],
    },
  ],
};

let gateway: TestGateway;
let genai: GoogleGenAI;

beforeAll(async () => {
  gateway = await startGateway();
  genai = new GoogleGenAI({ apiKey: gateway.projectKey, httpOptions: { baseUrl: gateway.url } });
});
afterAll(() => gateway?.stop());

function streamed(
  model: string,
  contents: Content[] | string,
  config?: GenerateContentConfig,
): Promise<GenerateContentResponse[]> {
  return streamedBy(genai, { model, contents, ...(config && { config }) });
}

const textOf = (chunks: readonly GenerateContentResponse[]) => chunks.map(({ text }) => text ?? '').join('');

describe.each(GEMINI_VENDORS)('the Google SDK with %s behind the gateway', (vendor, model) => {
  it('gets a whole answer, metered', async () => {
    const answer = await genai.models.generateContent({ model, contents: 'Good morning' });
    const headers = new Headers(answer.sdkHttpResponse?.headers);

    expect(answer.text).toContain('Good morning');
    expect(answer.candidates?.[0]?.finishReason).toBe(FinishReason.STOP);
    const { promptTokenCount = 0, candidatesTokenCount = 0, ...usage } = answer.usageMetadata ?? {};
    expect(candidatesTokenCount).toBeGreaterThan(0);
    expect(usage.totalTokenCount).toBe(
      promptTokenCount + candidatesTokenCount + (usage.thoughtsTokenCount ?? 0),
    );
    expect(answer.modelVersion).toContain(model.split('/')[1]);
    expect(headers.get('x-llmhub-provider')).toBe(vendor);
    await expect(usageOf(gateway, headers.get('x-request-id'))).resolves.toMatchObject({
      provider: vendor,
      modelAsked: model,
      outcome: 'completed',
      inputTokens: promptTokenCount,
    });
  });

  it('gets the same answer streamed, all that ends in the last chunk', async () => {
    const whole = await genai.models.generateContent({ model, contents: 'Tell me about rivers' });
    const chunks = await streamed(model, 'Tell me about rivers');

    expect(textOf(chunks)).toBe(whole.text);
    expect(chunks.filter(({ candidates }) => candidates?.[0]?.finishReason)).toEqual([chunks.at(-1)]);
    expect(chunks.at(-1)?.usageMetadata?.totalTokenCount).toBe(whole.usageMetadata?.totalTokenCount);
  });

  it('answers calls that have no ids', async () => {
    const contents: Content[] = [
      { role: 'user', parts: [{ text: 'Weather in Rome and Oslo?' }] },
      {
        role: 'model',
        parts: ['Rome', 'Oslo'].map((city, n) => ({
          functionCall: { name: 'get_weather', args: { city } },
          ...(n === 0 && { thoughtSignature: 'c2tpcF90aG91Z2h0X3NpZ25hdHVyZV92YWxpZGF0b3I=' }),
        })),
      },
      {
        role: 'user',
        parts: ['sun', 'rain'].map(result => ({
          functionResponse: { name: 'get_weather', response: { result } },
        })),
      },
    ];
    const answer = await genai.models.generateContent({ model, contents, config: TOOLS });

    expect(answer.text).toMatch(/sun.*rain/s);
  });

  it.each([
    ['JSON Schema', { responseJsonSchema: personSchema('object', 'string', 'integer') }],
    ['Google’s own', { responseSchema: personSchema('OBJECT', 'STRING', 'INTEGER') }],
  ])('gets JSON that fits a schema in %s words', async (_words, schema) => {
    const answer = await genai.models.generateContent({
      model,
      contents: 'Describe Ada',
      config: { responseMimeType: 'application/json', ...schema } as GenerateContentConfig,
    });

    expect(JSON.parse(answer.text ?? '')).toEqual({ name: expect.any(String), age: expect.any(Number) });
  });
});

function personSchema(object: string, string: string, integer: string): object {
  return {
    type: object,
    properties: { name: { type: string }, age: { type: integer } },
    required: ['name', 'age'],
    ...(object === 'object' && { additionalProperties: false }),
  };
}

describe('a tool loop that another vendor began', () => {
  it.each([
    ['openai/gpt-4.1-mini', 'google/gemini-3-pro'],
    ['anthropic/claude-sonnet-5', 'google/gemini-3-pro'],
    ['google/gemini-3-pro', 'anthropic/claude-sonnet-5'],
  ])('%s, is ended by %s', async (first, second) => {
    const asked: Content = { role: 'user', parts: [{ text: 'Weather in Oslo?' }] };
    const begun = await genai.models.generateContent({ model: first, contents: [asked], config: TOOLS });
    const results = (begun.functionCalls ?? []).map(({ id = '', name = '' }) => ({
      functionResponse: { id, name, response: { output: 'rain' } },
    }));
    const history = [asked, begun.candidates?.[0]?.content ?? {}, { role: 'user', parts: results }];

    expect(textOf(await streamed(second, history, TOOLS))).toContain('rain');
  });
});

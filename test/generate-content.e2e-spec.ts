import {
  type Content,
  createPartFromFunctionResponse,
  FinishReason,
  type GenerateContentConfig,
  type GenerateContentResponse,
  GoogleGenAI,
  type Part,
} from '@google/genai';
import { GEMINI_VENDORS, streamedBy } from './support/gemini-caller.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { usageOf } from './support/usage.js';

const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const PDF = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n').toString(
  'base64',
);
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

  it('goes through a tool loop of parallel calls, streamed', async () => {
    const ask: Content = { role: 'user', parts: [{ text: 'Weather in Paris? [[sim:parallel]]' }] };
    const config = { ...TOOLS, systemInstruction: 'Be brief.' };
    const chunks = await streamed(model, [ask], config);
    const calls = chunks.flatMap(({ functionCalls }) => functionCalls ?? []);

    expect(calls.map(({ name }) => name)).toEqual(['get_weather', 'get_time']);
    expect(new Set(calls.map(({ id }) => id)).size).toBe(2);
    for (const { args } of calls) {
      expect(args).toEqual({ city: expect.any(String), unit: expect.stringMatching(/celsius|fahrenheit/) });
    }
    const second = await genai.models.generateContent({
      model,
      config,
      contents: [
        ask,
        // As the SDK's chats keep it: a content for each chunk.
        ...chunks.flatMap(({ candidates }) => candidates?.[0]?.content ?? []),
        {
          role: 'user',
          parts: calls.map(({ id = '', name = '' }, index) =>
            createPartFromFunctionResponse(id, name, { output: `sunny ${index}` }),
          ),
        },
      ],
    });

    expect(second.text).toContain('sunny 0');
    expect(second.text).toContain('sunny 1');
    expect(JSON.stringify(gateway.simulator.requests().at(-1)?.body)).toContain('Be brief.');
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

  it.each([
    ['an image', 'image/png', PIXEL],
    ['a PDF', 'application/pdf', PDF],
  ])('shows %s to the model', async (_what, mimeType, data) => {
    const parts: Part[] = [{ text: 'What is this?' }, { inlineData: { mimeType, data } }];
    const answer = await genai.models.generateContent({ model, contents: [{ role: 'user', parts }] });

    expect(answer.text).toContain(`${Buffer.from(data, 'base64').length} bytes`);
  });

  it('keeps every character, whole and streamed', async () => {
    const said = 'Příliš 🐎👩‍👩‍👧 漢字 \u2028 "quoted" \\ end';
    const contents = `[[sim:say ${said}]]`;

    expect((await genai.models.generateContent({ model, contents })).text).toBe(said);
    expect(textOf(await streamed(model, contents))).toBe(said);
  });

  it.each([
    ['was cut by its limit', '[[sim:count 50]]', { maxOutputTokens: 3 }, 'MAX_TOKENS'],
    ['stopped at a sequence', '[[sim:count 50]]', { stopSequences: [' 7'] }, 'STOP'],
    ['was refused', '[[sim:refuse]]', {}, 'SAFETY'],
  ])('sees that an answer %s, whole and streamed', async (_why, contents, config, reason) => {
    const whole = await genai.models.generateContent({ model, contents, config });
    const chunks = await streamed(model, contents, config);

    expect(whole.candidates?.[0]?.finishReason).toBe(reason);
    expect(chunks.at(-1)?.candidates?.[0]?.finishReason).toBe(reason);
    expect(whole.text ?? '').not.toContain('7 8');
    expect(textOf(chunks)).toBe(whole.text ?? '');
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

describe.each(['anthropic/claude-sonnet-5', 'google/gemini-3-pro'])('the thoughts of %s', model => {
  it.each([
    ['whole', false],
    ['streamed', true],
  ])('are shown, and their signature returns to their issuer untouched (%s)', async (_form, isStreamed) => {
    const config: GenerateContentConfig = {
      ...TOOLS,
      thinkingConfig: { includeThoughts: true, ...({ thinkingLevel: 'HIGH' } as object) },
    };
    const ask: Content = { role: 'user', parts: [{ text: 'Weather in Oslo?' }] };
    const answers = isStreamed
      ? await streamed(model, [ask], config)
      : [await genai.models.generateContent({ model, contents: [ask], config })];
    const said = answers.flatMap(({ candidates }) => candidates?.[0]?.content ?? []);
    const parts = said.flatMap(content => content.parts ?? []);
    const call = parts.find(({ functionCall }) => functionCall)?.functionCall;

    expect(parts.some(({ thought, text }) => thought && text)).toBe(true);
    expect(answers.at(-1)?.usageMetadata?.thoughtsTokenCount).toBeGreaterThan(0);
    const second = await genai.models.generateContent({
      model,
      config,
      contents: [
        ask,
        ...said,
        {
          role: 'user',
          parts: [createPartFromFunctionResponse(call?.id ?? '', 'get_weather', { output: 'rain' })],
        },
      ],
    });
    const sent = JSON.stringify(gateway.simulator.requests().at(-1)?.body);

    expect(second.text).toContain('rain');
    expect(sent).toMatch(/"signature":"[^"]{8,}|"thoughtSignature":"(?!skip_)[^"]{8,}/);
    expect(sent).not.toContain('Z3cxL');
  });
});

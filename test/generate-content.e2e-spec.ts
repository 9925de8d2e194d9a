import {
  ApiError,
  type Content,
  createPartFromFunctionResponse,
  FinishReason,
  type GenerateContentConfig,
  type GenerateContentResponse,
  GoogleGenAI,
  type Part,
} from '@google/genai';
import { startGateway, type TestGateway } from './support/gateway.js';
import { checkGeminiResponses, checkGeminiStream } from './support/gemini-stream-grammar.js';
import { usageOf } from './support/usage.js';

const VENDORS = [
  ['openai', 'openai/gpt-4.1-mini'],
  ['anthropic', 'anthropic/claude-sonnet-5'],
  ['google', 'google/gemini-3-pro'],
] as const;

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
  genai = clientWith(gateway.projectKey);
});
afterAll(() => gateway?.stop());

function clientWith(apiKey: string, httpOptions: object = {}): GoogleGenAI {
  return new GoogleGenAI({ apiKey, httpOptions: { baseUrl: gateway.url, ...httpOptions } });
}

async function streamed(
  model: string,
  contents: Content[] | string,
  config?: GenerateContentConfig,
): Promise<GenerateContentResponse[]> {
  const stream = await genai.models.generateContentStream({ model, contents, ...(config && { config }) });
  const chunks: GenerateContentResponse[] = [];
  for await (const chunk of stream) {
    chunks.push(chunk);
  }
  return chunks;
}

const textOf = (chunks: readonly GenerateContentResponse[]) => chunks.map(({ text }) => text ?? '').join('');

/** A request without the SDK, for what the SDK hides. */
function post(path: string, text: string, more: object = {}): Promise<Response> {
  return gateway.call(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ contents: [{ role: 'user', parts: [{ text }] }], ...more }),
  });
}

describe.each(VENDORS)('the Google SDK with %s behind the gateway', (vendor, model) => {
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

  it.each([
    ['status=400', 400, 'INVALID_ARGUMENT'],
    ['status=401', 502, 'INTERNAL'],
    ['status=404', 404, 'NOT_FOUND'],
    ['status=429,retry-after=7', 429, 'RESOURCE_EXHAUSTED'],
    ['status=500', 502, 'INTERNAL'],
    ['status=529', 503, 'UNAVAILABLE'],
  ])('hears of %s as its own error, whole and streamed', async (fault, status, word) => {
    const contents = `[[sim:fault ${fault}]]`;
    for (const asking of [genai.models.generateContent({ model, contents }), streamed(model, contents)]) {
      const error = await asking.catch((reason: unknown) => reason);

      expect(error).toBeInstanceOf(ApiError);
      expect((error as ApiError).status).toBe(status);
      const told = (JSON.parse((error as ApiError).message) as { error: Record<string, unknown> }).error;
      expect(told).toMatchObject({ code: status, status: word, message: expect.stringMatching(/./) });
      expect(JSON.stringify(told['details']).includes('"retryDelay":"7s"')).toBe(status === 429);
    }
  });

  it.each(['cut=3000', 'error-event=20', 'end-early'])(
    'throws when a stream fails in the middle (%s)',
    async fault => {
      const text = `[[sim:words 200]] [[sim:fault ${fault}]]`;
      await expect(streamed(model, text)).rejects.toBeInstanceOf(Error);
      const response = await post(`/v1beta/models/${model}:streamGenerateContent?alt=sse`, text);
      const told = await response.text();

      expect(response.status).toBe(200);
      expect(told).not.toContain('"STOP"');
      expect(told).toContain('lorem');
      expect(told.trimEnd().split('\n').at(-1)).toMatch(/^data: \{"error":\{"code":[45]\d\d,/);
      await expect(usageOf(gateway, response.headers.get('x-request-id'))).resolves.toMatchObject({
        outcome: 'cut',
        provider: vendor,
      });
    },
  );

  it('stops the vendor when the caller leaves', async () => {
    const leaving = new AbortController();
    const stream = await genai.models.generateContentStream({
      model,
      contents: '[[sim:words 2000]] [[sim:fault pace=20]]',
      config: { abortSignal: leaving.signal },
    });
    const reading = (async () => {
      for await (const _chunk of stream) {
        leaving.abort();
      }
    })();

    await expect(reading).rejects.toThrow();
  });

  it.each([
    ['events', '?alt=sse'],
    ['one array', ''],
  ])('streams as %s', async (_form, query) => {
    const response = await post(`/v1beta/models/${model}:streamGenerateContent${query}`, '[[sim:unicode]]');
    const text = await response.text();

    if (query === '') {
      expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
      checkGeminiResponses(JSON.parse(text) as unknown[]);
    } else if (vendor === 'google') {
      expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    } else {
      checkGeminiStream(text);
    }
    expect(text).toContain(`"x_llmhub":{"provider":"${vendor}"`);
  });

  it('counts tokens', async () => {
    const contents = 'word '.repeat(400);
    const { totalTokens = 0 } = await genai.models.countTokens({ model, contents });
    const { usageMetadata } = await genai.models.generateContent({ model, contents });

    expect(totalTokens / (usageMetadata?.promptTokenCount ?? 0)).toBeCloseTo(1, 0);
    const whole = { generateContentRequest: { model, contents: [{ parts: [{ text: contents }] }] } };
    const response = await post(`/v1beta/models/${model}:countTokens`, '', whole);
    await expect(response.json()).resolves.toMatchObject({ totalTokens: expect.any(Number) });
    expect(response.headers.has('x-llmhub-warnings')).toBe(vendor !== 'google');
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

describe('the names of models in the address', () => {
  it.each([
    '/v1/models/openai/gpt-4.1-mini',
    '/v1beta/models/openai%2Fgpt-4.1-mini',
    '/v1alpha/models/gpt-4.1-mini',
  ])('are understood in %s', async path => {
    const response = await post(`${path}:generateContent`, 'Hi');

    expect(response.status).toBe(200);
    await expect(response.json()).resolves.toMatchObject({
      modelVersion: expect.stringMatching(/^gpt-4.1-mini/),
    });
  });

  it.each([
    [
      'a stranger',
      '/v1beta/models/openai/gpt-4.1-mini:generateContent?key=pk_wrong',
      {},
      401,
      'UNAUTHENTICATED',
    ],
    ['an unknown vendor', '/v1/models/nobody/x:generateContent', null, 404, 'NOT_FOUND'],
    ['an unknown method', '/v1/models/openai/gpt-4.1-mini:guess', null, 404, 'NOT_FOUND'],
    [
      'a wrong body',
      '/v1beta/models/openai/gpt-4.1-mini:generateContent',
      { contents: 7 },
      400,
      'INVALID_ARGUMENT',
    ],
    [
      'a wrong part',
      '/v1beta/models/openai/gpt-4.1-mini:generateContent',
      { contents: [{ parts: [{}] }] },
      400,
      'INVALID_ARGUMENT',
    ],
  ])('answer %s in Google’s shape', async (_who, path, body, status, word) => {
    const response = await fetch(gateway.url + path, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(!path.includes('key=') && { 'x-goog-api-key': gateway.projectKey }),
      },
      body: JSON.stringify(body ?? { contents: [{ parts: [{ text: 'Hi' }] }] }),
    });

    expect(response.status).toBe(status);
    await expect(response.json()).resolves.toMatchObject({ error: { code: status, status: word } });
  });

  it.each(['x-goog-api-key', '?key=', 'authorization'])('take the key from %s', async place => {
    const query = place === '?key=' ? `?key=${gateway.projectKey}` : '';
    const headers = {
      'content-type': 'application/json',
      ...(place === 'x-goog-api-key' && { [place]: gateway.projectKey }),
      ...(place === 'authorization' && { [place]: `Bearer ${gateway.projectKey}` }),
    };
    const response = await fetch(`${gateway.url}/v1beta/models/gpt-4.1-mini:generateContent${query}`, {
      method: 'POST',
      headers,
      body: '{"contents":[{"parts":[{"text":"Hi"}]}]}',
    });

    expect(response.status).toBe(200);
  });
});

describe('between Google and Google', () => {
  it('every byte passes as it came', async () => {
    const raw =
      '{"contents" : [{"role":"user","parts":[{"text":"Hi"}]}], "generation_config":{"top_k":1e1},' +
      ' "labels":{"n":"18446744073709551615"}}';
    const response = await gateway.call('/v1beta/models/google/gemini-3-pro:generateContent', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: raw,
    });

    expect(response.status).toBe(200);
    const seen = gateway.simulator.requests().at(-1);
    expect(seen?.headers['content-length']).toBe(String(raw.length));
    expect(seen?.body).toEqual(JSON.parse(raw));
  });
});

import type { Content, Part } from '@google/genai';
import { ApiError, FunctionCallingConfigMode, GoogleGenAI } from '@google/genai';
import { Agent, setGlobalDispatcher } from 'undici';
import type { Simulator } from '../src/server.js';
import { startSimulator } from '../src/server.js';

const tools = [
  {
    functionDeclarations: [
      {
        name: 'get_weather',
        parametersJsonSchema: {
          type: 'object',
          properties: { city: { type: 'string' } },
          required: ['city'],
        },
      },
    ],
  },
];

const user = (text: string): Content => ({ role: 'user', parts: [{ text }] });

describe('Gemini', () => {
  let simulator: Simulator;
  let google: GoogleGenAI;
  const agent = new Agent();

  beforeAll(async () => {
    // The SDK looks for Undici's dispatcher on globalThis, which under Jest is not the one Node put it on.
    setGlobalDispatcher(agent);
    simulator = await startSimulator({ port: 0, host: '127.0.0.1' });
    google = new GoogleGenAI({ apiKey: 'key', httpOptions: { baseUrl: simulator.url } });
  });
  afterAll(async () => {
    await agent.close();
    await simulator.close();
  });

  const post = (model: string, body: object, key = 'key') =>
    fetch(`${simulator.url}/v1beta/models/${model}`, {
      method: 'POST',
      headers: { 'x-goog-api-key': key },
      body: JSON.stringify(body),
    });
  const refusal = async (
    model: string,
    body: object,
  ): Promise<{ code: number; status: string; message: string }> => {
    const response = await post(`${model}:generateContent`, body);
    const { error } = (await response.json()) as { error: { code: number; status: string; message: string } };
    expect(response.status).toBe(error.code);
    return error;
  };

  const think = (includeThoughts: boolean) =>
    google.models.generateContent({
      model: 'gemini-2.5-flash',
      contents: 'why?',
      config: { thinkingConfig: { thinkingBudget: 100, includeThoughts } },
    });
  const call = (mode: FunctionCallingConfigMode) =>
    google.models.generateContent({
      model: 'gemini-2.5-flash',
      contents: 'Paris',
      config: { tools, toolConfig: { functionCallingConfig: { mode } } },
    });
  const ask = (contents: Content | string, config = {}) =>
    google.models.generateContent({ model: 'gemini-2.5-flash', contents, config });

  it('echoes, whole and streamed', async () => {
    const request = { model: 'gemini-2.5-flash', contents: 'hello there' };
    const whole = await google.models.generateContent(request);
    expect(whole.text).toBe('You said: hello there (2 words).');
    expect(whole.candidates?.[0]?.finishReason).toBe('STOP');
    expect(whole.usageMetadata).toMatchObject({
      promptTokenCount: 3,
      candidatesTokenCount: 8,
      totalTokenCount: 11,
    });

    let text = '';
    let last;
    for await (const chunk of await google.models.generateContentStream(request)) {
      text += chunk.text ?? '';
      last = chunk;
    }
    expect(text).toBe('You said: hello there (2 words).');
    expect(last?.candidates?.[0]?.finishReason).toBe('STOP');
    expect(last?.usageMetadata).toMatchObject({ promptTokenCount: 3, candidatesTokenCount: 8 });
  });

  it('streams an array without alt=sse', async () => {
    const response = await post('gemini-2.5-flash:streamGenerateContent', { contents: [user('hi')] });
    const chunks = (await response.json()) as { candidates: { content: { parts: Part[] } }[] }[];
    const text = chunks.flatMap(chunk => chunk.candidates[0]?.content.parts ?? []).map(part => part.text);
    expect(text.join('')).toBe('You said: hi (1 words).');
  });

  it('frames events with CRLF', async () => {
    const response = await post('gemini-2.5-flash:streamGenerateContent?alt=sse', { contents: [user('hi')] });
    expect(await response.text()).toMatch(/^(data: \{.*\}\r\n\r\n){6}$/);
  });

  it('shows thoughts when asked, counts them always', async () => {
    const shown = await think(true);
    const hidden = await think(false);

    expect(shown.candidates?.[0]?.content?.parts?.[0]).toMatchObject({ thought: true });
    expect(shown.usageMetadata?.thoughtsTokenCount).toBe(9);
    expect(hidden.candidates?.[0]?.content?.parts).toHaveLength(1);
    expect(hidden.usageMetadata?.thoughtsTokenCount).toBe(9);
  });

  it('wants the signature of the first call back', async () => {
    const model = 'gemini-3-flash-preview';
    const stream = await google.models.generateContentStream({
      model,
      contents: '[[sim:parallel]] Paris',
      config: { tools },
    });
    const parts: Part[] = [];
    for await (const chunk of stream) {
      parts.push(...(chunk.candidates?.[0]?.content?.parts ?? []).filter(part => part.functionCall));
    }
    expect(parts.map(part => part.functionCall?.args)).toEqual([{ city: 'Paris' }, { city: 'Paris' }]);
    expect(parts.map(part => part.thoughtSignature !== undefined)).toEqual([true, false]);
    const [first, second] = parts;

    const results = parts.map(({ functionCall }) => ({
      functionResponse: { name: functionCall?.name, id: functionCall?.id, response: { output: 'sunny' } },
    }));
    const again = (call: Part | undefined) => ({
      contents: [user('Paris'), { role: 'model', parts: [call, second] }, { role: 'user', parts: results }],
    });
    const answer = await google.models.generateContent({
      model,
      contents: again(first).contents as Content[],
    });
    expect(answer.text).toBe('Tool get_weather said: sunny Tool get_weather said: sunny');

    const unsigned = { functionCall: first?.functionCall };
    expect((await refusal(model, again(unsigned))).message).toMatch(/missing a thought_signature/);
    expect((await refusal(model, again({ ...unsigned, thoughtSignature: 'Zm9yZWlnbg==' }))).message).toMatch(
      /not valid/,
    );
    expect((await refusal('gemini-3-pro-preview', again(first))).message).toMatch(/not valid/);
    const excused = again({ ...unsigned, thoughtSignature: 'skip_thought_signature_validator' });
    expect((await post(`${model}:generateContent`, excused)).status).toBe(200);
    expect((await post('gemini-2.5-flash:generateContent', again(unsigned))).status).toBe(200);
  });

  it('lets older turns go without signatures', async () => {
    const contents = [
      user('Paris'),
      { role: 'model', parts: [{ functionCall: { name: 'f', args: {} } }] },
      { role: 'user', parts: [{ functionResponse: { name: 'f', response: { output: 1 } } }] },
      { role: 'model', parts: [{ text: 'One.' }] },
      user('And now?'),
    ];
    expect((await post('gemini-3-pro-preview:generateContent', { contents })).status).toBe(200);
  });

  it('answers JSON after either kind of schema', async () => {
    const config = { responseMimeType: 'application/json' };
    const openApi = { type: 'OBJECT', properties: { a: { type: 'STRING', enum: ['x', 'y'] } } };
    const jsonSchema = {
      type: 'object',
      properties: { b: { $ref: '#/$defs/n' } },
      $defs: { n: { type: 'number', minimum: 2 } },
    };
    const ask = async (more: object) =>
      (
        await google.models.generateContent({
          model: 'gemini-2.5-flash',
          contents: 'hi',
          config: { ...config, ...more },
        })
      ).text;

    expect(await ask({ responseSchema: openApi })).toBe('{"a":"x"}');
    expect(await ask({ responseJsonSchema: jsonSchema })).toBe('{"b":2}');
  });

  it('obeys the calling mode', async () => {
    expect((await call(FunctionCallingConfigMode.ANY)).functionCalls).toHaveLength(1);
    expect((await call(FunctionCallingConfigMode.NONE)).functionCalls).toBeUndefined();
  });

  it('blocks, refuses, cites, sees and runs out as told', async () => {
    const blocked = await ask('[[sim:filter]]');
    expect(blocked.candidates).toBeUndefined();
    expect(blocked.promptFeedback?.blockReason).toBe('PROHIBITED_CONTENT');
    expect((await ask('[[sim:refuse]]')).candidates?.[0]?.finishReason).toBe('SAFETY');
    expect((await ask('[[sim:citations]]')).candidates?.[0]?.groundingMetadata?.groundingChunks).toHaveLength(
      1,
    );
    const short = await ask('[[sim:count 99]]', { maxOutputTokens: 2 });
    expect(short.candidates?.[0]?.finishReason).toBe('MAX_TOKENS');
    const inlineData = { mimeType: 'audio/wav', data: Buffer.from('0123456789').toString('base64') };
    expect((await ask({ role: 'user', parts: [{ inlineData }] })).text).toMatch(
      /I see an audio recording of 10 bytes\.$/,
    );
  });

  it('takes snake_case as well', async () => {
    const body = {
      contents: [user('[[sim:count 99]]')],
      generation_config: { max_output_tokens: 2 },
      system_instruction: { parts: [{ text: 'brief' }] },
    };
    const response = await post('gemini-2.5-flash:generateContent', body);
    expect(await response.json()).toMatchObject({ candidates: [{ finishReason: 'MAX_TOKENS' }] });
  });

  it('knows its keys and models', async () => {
    const stranger = new GoogleGenAI({ apiKey: 'bad-key', httpOptions: { baseUrl: simulator.url } });
    const error = await stranger.models
      .generateContent({ model: 'gemini-2.5-flash', contents: 'hi' })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ApiError);
    expect((error as ApiError).message).toContain('API_KEY_INVALID');
    expect((await post('gemini-2.5-flash:generateContent', {}, '')).status).toBe(401);
    expect((await refusal('no-such-model', { contents: [user('hi')] })).status).toBe('NOT_FOUND');
  });

  const contents = [user('hi')];
  it.each([
    ['no contents', {}, /contents/],
    ['an unknown field', { contents, maxTokens: 5 }, /Unknown name "maxTokens"/],
    ['an unknown setting', { contents, generationConfig: { max_tokens: 5 } }, /generation_config/],
    ['an unknown role', { contents: [{ role: 'assistant', parts: [{ text: 'x' }] }] }, /valid role/],
    [
      'a nameless response',
      { contents: [{ role: 'user', parts: [{ functionResponse: { response: {} } }] }] },
      /name/,
    ],
    [
      'a part of two kinds',
      { contents: [{ role: 'user', parts: [{ text: 'x', inlineData: {} }] }] },
      /oneof/,
    ],
    [
      'JSON schema words in an OpenAPI schema',
      {
        contents,
        generationConfig: {
          responseMimeType: 'application/json',
          responseSchema: { type: 'object', const: 1 },
        },
      },
      /"const"/,
    ],
  ])('refuses %s', async (_, body, message) => {
    const error = await refusal('gemini-2.5-flash', body);

    expect(error).toMatchObject({ code: 400, status: 'INVALID_ARGUMENT' });
    expect(error.message).toMatch(message);
  });
});

import { ApiError, GoogleGenAI } from '@google/genai';
import { startGateway, type TestGateway } from './support/gateway.js';
import { GEMINI_VENDORS, postText, streamedBy } from './support/gemini-caller.js';
import { checkGeminiResponses, checkGeminiStream } from './support/gemini-stream-grammar.js';
import { usageOf } from './support/usage.js';

let gateway: TestGateway;
let genai: GoogleGenAI;

beforeAll(async () => {
  gateway = await startGateway();
  genai = new GoogleGenAI({ apiKey: gateway.projectKey, httpOptions: { baseUrl: gateway.url } });
});
afterAll(() => gateway?.stop());

describe.each(GEMINI_VENDORS)('failures and frames of %s', (vendor, model) => {
  it.each([
    ['status=400', 400, 'INVALID_ARGUMENT'],
    ['status=401', 502, 'INTERNAL'],
    ['status=404', 404, 'NOT_FOUND'],
    ['status=429,retry-after=7', 429, 'RESOURCE_EXHAUSTED'],
    ['status=500', 502, 'INTERNAL'],
    ['status=529', 503, 'UNAVAILABLE'],
  ])('hears of %s as its own error, whole and streamed', async (fault, status, word) => {
    const contents = `[[sim:fault ${fault}]]`;
    const asked = { model, contents };
    for (const ask of [() => genai.models.generateContent(asked), () => streamedBy(genai, asked)]) {
      const error = await ask().catch((reason: unknown) => reason);

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
      await expect(streamedBy(genai, { model, contents: text })).rejects.toBeInstanceOf(Error);
      const response = await postText(gateway, `/v1beta/models/${model}:streamGenerateContent?alt=sse`, text);
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

  it.each([
    ['events', '?alt=sse'],
    ['one array', ''],
  ])('streams as %s', async (_form, query) => {
    const response = await postText(
      gateway,
      `/v1beta/models/${model}:streamGenerateContent${query}`,
      '[[sim:unicode]]',
    );
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
});

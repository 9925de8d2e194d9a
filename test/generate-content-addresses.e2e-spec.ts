import { GoogleGenAI } from '@google/genai';
import { startGateway, type TestGateway } from './support/gateway.js';
import { GEMINI_VENDORS, postText } from './support/gemini-caller.js';

let gateway: TestGateway;
let genai: GoogleGenAI;

beforeAll(async () => {
  gateway = await startGateway();
  genai = new GoogleGenAI({ apiKey: gateway.projectKey, httpOptions: { baseUrl: gateway.url } });
});
afterAll(() => gateway?.stop());

describe('the names of models in the address', () => {
  it.each([
    '/v1/models/openai/gpt-4.1-mini',
    '/v1beta/models/openai%2Fgpt-4.1-mini',
    '/v1alpha/models/gpt-4.1-mini',
  ])('are understood in %s', async path => {
    const response = await postText(gateway, `${path}:generateContent`, 'Hi');

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
      [401, 'UNAUTHENTICATED'],
    ],
    ['an unknown vendor', '/v1/models/nobody/x:generateContent', null, [404, 'NOT_FOUND']],
    ['an unknown method', '/v1/models/openai/gpt-4.1-mini:guess', null, [404, 'NOT_FOUND']],
    [
      'a wrong body',
      '/v1beta/models/openai/gpt-4.1-mini:generateContent',
      { contents: 7 },
      [400, 'INVALID_ARGUMENT'],
    ],
    [
      'a wrong part',
      '/v1beta/models/openai/gpt-4.1-mini:generateContent',
      { contents: [{ parts: [{}] }] },
      [400, 'INVALID_ARGUMENT'],
    ],
  ])('answer %s in Google’s shape', async (_who, path, body, expected) => {
    const [status, word] = expected;
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

describe.each(GEMINI_VENDORS)('the tokens of a prompt for %s', (vendor, model) => {
  it('are counted', async () => {
    const contents = 'word '.repeat(400);
    const { totalTokens = 0 } = await genai.models.countTokens({ model, contents });
    const { usageMetadata } = await genai.models.generateContent({ model, contents });

    expect(totalTokens / (usageMetadata?.promptTokenCount ?? 0)).toBeCloseTo(1, 0);
    const whole = { generateContentRequest: { model, contents: [{ parts: [{ text: contents }] }] } };
    const response = await postText(gateway, `/v1beta/models/${model}:countTokens`, '', whole);
    await expect(response.json()).resolves.toMatchObject({ totalTokens: expect.any(Number) });
    expect(response.headers.has('x-llmhub-warnings')).toBe(vendor !== 'google');
  });
});

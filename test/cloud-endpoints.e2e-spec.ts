import type { TestGateway } from './support/gateway.js';
import { startSimulatedGateway } from './support/simulated.js';

const messages = [{ role: 'user', content: 'Hi.' }];

let gateway: TestGateway;
const post = (path: string, body: object, headers: Record<string, string> = {}): Promise<Response> =>
  gateway.call(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const asked = () => new URL(gateway.simulator.requests().at(-1)?.path ?? '', 'http://x').pathname;

beforeAll(async () => {
  gateway = await startSimulatedGateway();
});
afterAll(() => gateway?.stop());

it.each([
  ['/v1/chat/completions', { model: 'bedrock/openai.gpt-5.5', messages }, '/bedrock/openai/v1/responses'],
  ['/v1/responses', { model: 'bedrock/openai.gpt-oss-120b', input: 'Hi.' }, '/bedrock/v1/responses'],
])('GPT at Bedrock answers callers of %s', async (path, body, url) => {
  const response = await post(path, body);

  expect([response.status, asked()]).toEqual([200, url]);
  expect(await response.text()).toContain('"usage":{');
});

it('a picture is made at Vertex', async () => {
  const response = await post('/v1/images/generations', {
    model: 'vertex/gemini-2.5-flash-image',
    prompt: 'A red bicycle.',
  });

  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ data: [{ b64_json: expect.any(String) }] });
  expect(asked()).toMatch(/^\/vertex\/v1\/projects\/.+\/models\/gemini-2\.5-flash-image:generateContent$/);
});

it.each([
  ['bedrock/anthropic.claude-opus-5', '/bedrock/anthropic/v1/messages/count_tokens'],
  ['vertex/claude-opus-5', '/publishers/anthropic/models/count-tokens:rawPredict'],
])('tokens are counted for %s at %s', async (model, url) => {
  const response = await post('/v1/messages/count_tokens', { model, messages });

  expect([response.status, response.headers.get('x-llmhub-warnings')]).toEqual([200, null]);
  expect(await response.json()).toMatchObject({ input_tokens: expect.any(Number) });
  expect(asked().endsWith(url)).toBe(true);
});

it('tokens are counted for Gemini at Vertex, whole requests too', async () => {
  const contents = [{ role: 'user', parts: [{ text: 'Hi.' }] }];
  const path = '/v1beta/models/vertex/gemini-3-pro:countTokens';
  const bare = await post(path, { contents });
  const whole = await post(path, { generateContentRequest: { model: 'models/x', contents } });

  expect(await bare.json()).toEqual(await whole.json());
  expect([bare.status, whole.status, whole.headers.get('x-llmhub-warnings')]).toEqual([200, 200, null]);
});

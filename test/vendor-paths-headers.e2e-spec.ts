import { startGateway, type TestGateway } from './support/gateway.js';
import { usageOf } from './support/usage.js';

const CHAT = { model: 'gpt-5-mini', messages: [{ role: 'user', content: 'Hello' }] };
const IN_A_MOMENT = { 'x-llmhub-timeout-ms': '150' };

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});
beforeEach(() => gateway.simulator.reset());
afterAll(() => gateway?.stop());

const post = (path: string, body: object, headers: Record<string, string>): Promise<Response> =>
  gateway.call(path, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${gateway.projectKey}`,
      'content-type': 'application/json',
      ...headers,
    },
    body: JSON.stringify(body),
  });

const get = (path: string, headers: Record<string, string>): Promise<Response> =>
  gateway.call(path, { headers: { authorization: `Bearer ${gateway.projectKey}`, ...headers } });

describe('routing headers on the paths of a vendor', () => {
  it.each<[string, object, object]>([
    ['/openai/v1/chat/completions', CHAT, { error: { code: 'upstream_timeout' } }],
    [
      '/google/v1beta/models/gemini-2.5-flash:generateContent',
      { contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] },
      { error: { code: 504, status: 'DEADLINE_EXCEEDED' } },
    ],
  ])('set a deadline, which is told in the words of the vendor: %s', async (path, body, error) => {
    gateway.simulator.chaos([{ fault: 'delay=60000' }]);
    const response = await post(path, body, IN_A_MOMENT);

    expect({ status: response.status, body: await response.json() }).toMatchObject({
      status: 504,
      body: error,
    });
    await gateway.simulator.untilAborted(1);
    const record = await usageOf(gateway, response.headers.get('x-request-id'));
    expect(record).toMatchObject({
      endpoint: '/{vendor}/*',
      outcome: 'failed',
      status: 504,
      errorCode: 'upstream_timeout',
    });
  });

  it('cut an answer that goes on after the deadline', async () => {
    gateway.simulator.chaos([{ fault: 'stall=40' }]);
    const response = await post('/openai/v1/chat/completions', { ...CHAT, stream: true }, IN_A_MOMENT);

    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
    await gateway.simulator.untilAborted(1);
    const record = await usageOf(gateway, response.headers.get('x-request-id'));
    expect(record).toMatchObject({ outcome: 'cut', errorCode: 'upstream_timeout' });
  });

  it('leave in peace whoever is in time, and may label', async () => {
    const labels = { 'x-llmhub-tags': 'batch', 'x-llmhub-metadata': '{"tier":"free"}' };
    const headers = { ...labels, 'x-llmhub-timeout-ms': '60000' };
    const response = await post('/openai/v1/chat/completions', CHAT, headers);

    expect(response.status).toBe(200);
    await response.text();
    expect(Object.keys(gateway.simulator.requests()[0]?.headers ?? {}).join()).not.toContain('llmhub');
  });

  it.each([
    ['x-llmhub-models', 'openai/gpt-5'],
    ['x-llmhub-provider', '{"only":["openai"]}'],
    ['x-llmhub-max-attempts', '2'],
    ['x-llmhub-timeout-ms', 'soon'],
  ])('are refused by name where they mean nothing: %s', async (header, value) => {
    const response = await post('/openai/v1/chat/completions', CHAT, { [header]: value });

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: { param: header, message: expect.stringContaining(`'${header}'`) },
    });
    expect(gateway.simulator.requests()).toEqual([]);
  });

  it('may come along to an endpoint of ours that a vendor answers', async () => {
    const headers = { 'x-llmhub-max-attempts': '2', 'x-llmhub-timeout-ms': '60000' };
    const made = await post('/v1/responses', { model: 'openai/gpt-5-mini', input: 'Hello' }, headers);
    const { id } = (await made.json()) as { id: string };
    gateway.simulator.reset();
    await get(`/v1/responses/${id}`, headers);

    expect(gateway.simulator.requests()).toEqual([
      expect.objectContaining({ path: expect.stringContaining(`/responses/${id}`) }),
    ]);
  });
});

import Anthropic from '@anthropic-ai/sdk';
import { eventually } from './support/eventually.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { postJson } from './support/post-json.js';
import { usageOf } from './support/usage.js';

const MODEL = 'openai/gpt-4.1-mini';
const LIMIT = 1000;

let gateway: TestGateway;

beforeEach(async () => {
  gateway = await startGateway();
  await gateway.admin('PATCH', `/admin/projects/${gateway.projectId}`, { tokensPerMinute: LIMIT });
});
afterEach(() => gateway?.stop());

function ask(maxTokens: number, more: object = {}): Promise<Response> {
  const messages = [{ role: 'user', content: '[[sim:count 20]]' }];
  return gateway.chat({ model: MODEL, messages, max_tokens: maxTokens, ...more });
}

const BODY = { model: MODEL, max_tokens: 900, messages: [{ role: 'user', content: 'hi' }] };
async function askOpenly(): Promise<Response> {
  const response = await gateway.chat({ model: MODEL, messages: BODY.messages });
  await response.text();
  return response;
}

const left = (response: Response): number => Number(response.headers.get('x-ratelimit-remaining-tokens'));

describe('tokens a minute', () => {
  it.each([false, true])('are held for what a call may write, then corrected (stream: %s)', async stream => {
    const first = await ask(800, { stream });
    await first.text();
    expect(first.status).toBe(200);
    expect(first.headers.get('x-ratelimit-limit-tokens')).toBe(String(LIMIT));
    expect(left(first)).toBeLessThan(LIMIT - 800);
    const { inputTokens, outputTokens } = await usageOf(gateway, first.headers.get('x-request-id'));
    const second = await ask(800, { stream });
    await second.text();

    expect(second.status).toBe(200);
    expect(left(second)).toBe(left(first) - inputTokens - outputTokens);
  });

  it('refuses in the words of the caller what does not fit now, or never', async () => {
    gateway.simulator.chaos([{ vendor: 'openai', fault: 'delay=30000' }]);
    const leaving = new AbortController();
    const held = gateway.chat(BODY, { signal: leaving.signal }).catch(() => null);
    await eventually(() => expect(gateway.simulator.requests()).toHaveLength(1));
    const refused = await ask(900);
    leaving.abort();
    await held;
    gateway.simulator.chaos([]);
    expect(refused.status).toBe(429);
    expect(
      Number(refused.headers.get('retry-after-ms') ?? refused.headers.get('retry-after')),
    ).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({ error: { code: 'rate_limit_exceeded' } });

    const never = await ask(5000);
    expect(never.status).toBe(429);
    expect(await never.text()).toMatch(/5\d\d\d tokens|max_tokens/);
    const anthropic = new Anthropic({ apiKey: gateway.projectKey, baseURL: gateway.url, maxRetries: 0 });
    const asked = { model: MODEL, max_tokens: 5000, messages: [{ role: 'user' as const, content: 'hi' }] };
    await expect(anthropic.messages.create(asked)).rejects.toBeInstanceOf(Anthropic.RateLimitError);
  });

  it('are held for an answer without a limit as is usual there', async () => {
    const first = await askOpenly();
    const second = await askOpenly();

    expect([first.status, second.status]).toEqual([200, 200]);
    expect(left(first)).toBeLessThan(LIMIT - 500);
    expect(left(second)).toBeGreaterThan(LIMIT - 200);
  });

  it('are all held for such an answer where there are fewer than it may have', async () => {
    await gateway.admin('PATCH', `/admin/projects/${gateway.projectId}`, { tokensPerMinute: 200 });
    const first = await askOpenly();
    const second = await askOpenly();

    expect([first.status, left(first)]).toEqual([200, 0]);
    expect([second.status, left(second) > 0]).toEqual([200, true]);
  });

  it('count vectors, too, and failures cost none', async () => {
    const vectors = await postJson(gateway, '/v1/embeddings', {
      model: 'openai/text-embedding-3-small',
      input: 'tea '.repeat(100),
    });
    await vectors.text();
    expect([vectors.status, vectors.headers.get('x-ratelimit-limit-tokens')]).toEqual([200, String(LIMIT)]);
    gateway.simulator.chaos([{ vendor: 'openai', fault: 'status=500' }]);
    const failed = await ask(700);
    gateway.simulator.chaos([]);
    await failed.text();
    expect(failed.status).toBeGreaterThanOrEqual(400);
    const after = await ask(700);
    await after.text();
    expect(after.status).toBe(200);
  });

  it('count what a vendor’s own path used, once it is known', async () => {
    const own = (): Promise<Response> =>
      postJson(gateway, '/openai/chat/completions', { ...BODY, model: 'gpt-4.1-mini' });
    const first = await own();
    await first.text();
    const { inputTokens, outputTokens } = await usageOf(gateway, first.headers.get('x-request-id'));
    const second = await own();
    await second.text();

    expect([first.status, left(first)]).toEqual([200, LIMIT]);
    expect(left(second)).toBe(LIMIT - inputTokens - outputTokens);
  });
});

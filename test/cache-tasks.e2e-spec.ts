import { askTask, saidIn, type TaskAnswer, TASKS } from './support/cached-tasks.js';
import { Caching, type Owner } from './support/caching.js';
import { simulated } from './support/simulated.js';
import { usageOf } from './support/usage.js';

let caching: Caching;
let owner: Owner;

beforeAll(async () => {
  caching = await Caching.start(simulated);
  owner = await caching.project({ cache: 'deterministic' });
});
beforeEach(() => caching.gateway.simulator.reset());
afterAll(() => caching?.gateway.stop());

const ask = (path: string, body: object, headers: object = {}, who = owner): Promise<TaskAnswer> =>
  askTask(caching.gateway, { path, body, headers, key: who.apiKey });

describe.each(TASKS)('%s that were asked before', (_what, path, asked) => {
  it('come without the vendor, as they came, for nothing', async () => {
    const first = await ask(path, asked);
    const before = caching.calls;
    caching.pass(3500);
    const second = await ask(path, asked);

    expect([first.status, second.status]).toEqual([200, 200]);
    expect([first.cache, second.cache]).toEqual(['miss', 'hit; age=3']);
    expect(caching.calls).toBe(before);
    expect(saidIn(second.body)).toEqual(saidIn(first.body));
    if ('id' in first.body) {
      expect(second.body['id']).not.toBe(first.body['id']);
    }
    expect(second.headers.get('x-llmhub-cost-usd')).toBe('0.000000000');
    const paid = await usageOf(caching.gateway, first.id);
    expect(paid).toMatchObject({ cached: false, attempts: 1, savedNanoUsd: 0 });
    await expect(usageOf(caching.gateway, second.id)).resolves.toMatchObject({
      cached: true,
      attempts: 0,
      outcome: 'completed',
      inputTokens: 0,
      costNanoUsd: 0,
      savedNanoUsd: paid.costNanoUsd ?? 0,
      provider: paid.provider,
      modelAsked: paid.modelAsked,
    });
  });

  it('obey what is asked of the cache', async () => {
    const who = await caching.project({ cache: 'all' });
    const told = async (headers: object): Promise<unknown> => {
      const { status, cache } = await ask(path, asked, headers, who);
      return cache ?? status;
    };

    expect(await told({ 'x-llmhub-cache': 'only' })).toBe(504);
    expect(await told({ 'x-llmhub-cache': 'off' })).toBe(200);
    expect(await told({ 'x-llmhub-cache-namespace': 'a' })).toBe('miss');
    expect(await told({ 'x-llmhub-cache-ttl': '0' })).toBe('miss');
    expect(await told({})).toBe('miss');
    expect(await told({})).toBe('hit; age=0');
    expect(await told({ 'x-llmhub-cache': 'refresh' })).toBe('refresh');
    expect(await told({ 'x-llmhub-cache': 'only' })).toBe('hit; age=0');
  });

  it('are nobody else’s', async () => {
    const other = await caching.project({ cache: 'all' });
    const off = await caching.project({ cache: 'off' });
    const narrow = await caching.project({ cache: 'all' });
    await ask(path, asked, {}, narrow);
    await caching.change(`/admin/projects/${narrow.id}`, { allowedVendors: ['anthropic'] });

    expect((await ask(path, asked, {}, other)).cache).toBe('miss');
    expect((await ask(path, asked, {}, off)).cache).toBeNull();
    expect((await ask(path, asked, {}, narrow)).status).toBe(403);
  });

  it('are others with any other field', async () => {
    const names = Object.keys(asked).filter(name => name !== 'model');
    for (const changed of [...names.map(name => differing(asked, name)), { ...asked, user: 'u' }]) {
      const answers = [await ask(path, changed), await ask(path, asked)];
      expect(answers[0]?.cache).not.toBe('hit; age=0');
    }
  });
});

describe('a task that the cache is not for', () => {
  it('shows what stands at an address', async () => {
    const input = [{ type: 'image_url', image_url: { url: 'https://example.com/a.png' } }];
    const asked = { model: 'openai/omni-moderation-latest', input };

    expect((await ask('/v1/moderations', asked)).cache).toBe('bypass');
    expect((await ask('/v1/moderations', asked)).cache).toBe('bypass');
  });

  it('says two things under one name', async () => {
    const request = {
      method: 'POST',
      headers: { authorization: `Bearer ${owner.apiKey}`, 'content-type': 'application/json' },
      body: '{"model":"openai/text-embedding-3-small","input":"first","input":"last"}',
    };
    for (let round = 0; round < 2; round += 1) {
      const { status, headers } = await caching.gateway.call('/v1/embeddings', request);

      expect([status, headers.get('x-llmhub-cache')]).toEqual([200, 'bypass']);
    }
  });

  it('failed', async () => {
    const [[, path, asked]] = TASKS as [(typeof TASKS)[0]];
    const body = { ...asked, input: 'what fails first' };
    caching.gateway.simulator.chaos([{ vendor: 'openai', fault: 'status=500,times=9' }]);
    expect((await ask(path, body)).status).toBe(502);
    caching.gateway.simulator.chaos([]);

    expect((await ask(path, body)).cache).toBe('miss');
    expect((await ask(path, body)).cache).toBe('hit; age=0');
  });
});

function differing(asked: Record<string, unknown>, name: string): Record<string, unknown> {
  const value = asked[name];
  const another = Array.isArray(value)
    ? [...value, 'three']
    : typeof value === 'string'
      ? value === 'base64'
        ? 'float'
        : `${value}!`
      : typeof value === 'number'
        ? value + 1
        : { parts: [{ text: 'another' }] };
  return { ...asked, [name]: another };
}

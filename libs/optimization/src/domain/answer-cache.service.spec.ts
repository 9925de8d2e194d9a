import { createLogger, readConfig, RingKey, Secrets, type SqlDatabase } from '@app/shared';
import { openInMemory } from '../../../../test/support/databases.js';
import { TestClock } from '../../../../test/support/test-clock.js';
import { cachedAnswerRepository } from '../answer-storage.module.js';
import { AnswerCache } from './answer-cache.service.js';
import { AnswerStore } from './answer-store.js';
import type { CachedAnswer } from './cached-answer.entity.js';
import type { CachedAnswerRepository } from './cached-answer.repository.js';

const SECRETS = new Secrets([new RingKey(Buffer.alloc(32, 1))]);
const RECHECK_MS = 60_000;
const TTL_MS = 1_000_000;

type Answer = Omit<CachedAnswer, 'keptAt' | 'expiresAt'>;

let database: SqlDatabase;
let answers: CachedAnswerRepository;
let clock: TestClock;
/** What the store was asked. */
let asked: string[];

beforeEach(async () => {
  database = openInMemory();
  const port = await cachedAnswerRepository.useFactory(database);
  asked = [];
  answers = new Proxy(port, {
    get: (target, name: keyof CachedAnswerRepository) => {
      asked.push(name);
      return (target[name] as () => unknown).bind(target);
    },
  });
  clock = new TestClock();
});
afterEach(() => database.close());

/** Of a gateway of its own. */
function aCache(settings: Record<string, string> = { AI_GATEWAY_CACHE_STORE: 'database' }): {
  cache: AnswerCache;
  store: AnswerStore;
} {
  const store = new AnswerStore(answers, SECRETS, clock, createLogger('silent'));
  return { store, cache: new AnswerCache(clock, SECRETS, readConfig(settings), store) };
}

async function kept(some: Partial<Answer> = {}): Promise<AnswerCache> {
  const { cache, store } = aCache();
  cache.keep({ ...ANSWER, ...some }, TTL_MS, cache.begin());
  await store.settled();
  asked.length = 0;
  return cache;
}

describe('AnswerCache in memory alone', () => {
  it('asks no store', async () => {
    const { cache } = aCache({});
    cache.keep(ANSWER, TTL_MS, cache.begin());

    await expect(cache.find('project', 'key-1', Infinity)).resolves.toMatchObject(ANSWER);
    await expect(cache.find('project', 'key-2', Infinity)).resolves.toBeNull();
    await expect(cache.find('other', 'key-1', Infinity)).resolves.toBeNull();
    await expect(cache.purge('project')).resolves.toBe(1);
    await expect(cache.find('project', 'key-1', Infinity)).resolves.toBeNull();
    expect(asked).toEqual([]);
  });

  it('gives none that is too old, or over', async () => {
    const { cache } = aCache({});
    cache.keep(ANSWER, TTL_MS, cache.begin());
    clock.advance(1000);

    await expect(cache.find('project', 'key-1', 999)).resolves.toBeNull();
    await expect(cache.find('project', 'key-1', 1000)).resolves.toMatchObject(ANSWER);
    clock.advance(TTL_MS - 1000);
    await expect(cache.find('project', 'key-1', Infinity)).resolves.toBeNull();
  });
});

describe.each([
  ['in memory alone', {}],
  ['before a store', { AI_GATEWAY_CACHE_STORE: 'database' }],
] as const)('AnswerCache %s, and a call that takes its time', (_, settings) => {
  it('keeps nothing of it when its project was purged meanwhile, by whatever is meant', async () => {
    const { cache, store } = aCache(settings);
    const [slow, other] = [cache.begin(), cache.begin()];
    await cache.purge('project', { olderThanSeconds: 60 });

    expect(cache.isOutdated('project', 'key-1', slow)).toBe(true);
    expect(cache.keep(ANSWER, TTL_MS, slow)).toBe(false);
    expect(cache.keep({ ...ANSWER, projectId: 'other' }, TTL_MS, other)).toBe(true);
    await store.settled();
    await expect(cache.find('project', 'key-1', Infinity)).resolves.toBeNull();
    await expect(cache.find('other', 'key-1', Infinity)).resolves.not.toBeNull();
    expect(cache.keep({ ...ANSWER, callId: 'new' }, TTL_MS, cache.begin())).toBe(true);
  });

  it('keeps nothing of it in the place of what was asked for later, also when the store gave that again', async () => {
    const { cache, store } = aCache(settings);
    const slow = cache.begin();
    cache.keep({ ...ANSWER, callId: 'new' }, TTL_MS, cache.begin());
    await store.settled();
    clock.advance(RECHECK_MS);
    await cache.find('project', 'key-1', Infinity);

    expect(cache.isOutdated('project', 'key-1', slow)).toBe(true);
    expect(cache.isOutdated('project', 'key-2', slow)).toBe(false);
    expect(cache.keep(ANSWER, TTL_MS, slow)).toBe(false);
    await expect(cache.find('project', 'key-1', Infinity)).resolves.toMatchObject({ callId: 'new' });
    expect(cache.keep({ ...ANSWER, callId: 'newer' }, TTL_MS, cache.begin())).toBe(true);
  });
});

describe('AnswerCache before a store', () => {
  it('finds what another gateway kept, and asks the store once', async () => {
    await kept();
    const { cache } = aCache();

    await expect(cache.find('project', 'key-1', Infinity)).resolves.toMatchObject(ANSWER);
    await expect(cache.find('project', 'key-1', Infinity)).resolves.toMatchObject(ANSWER);
    expect(asked).toEqual(['find']);
    await expect(cache.find('other', 'key-1', Infinity)).resolves.toBeNull();
  });

  it('gives what it kept itself from memory', async () => {
    const cache = await kept();

    await expect(cache.find('project', 'key-1', Infinity)).resolves.toMatchObject(ANSWER);
    expect(asked).toEqual([]);
  });

  it('looks for a newer answer when its own is too old', async () => {
    const cache = await kept();
    clock.advance(1000);
    await expect(cache.find('project', 'key-1', 999)).resolves.toBeNull();
    await kept({ callId: 'newer' });

    await expect(cache.find('project', 'key-1', 999)).resolves.toMatchObject({ callId: 'newer' });
  });

  it('hears within a minute that another gateway purged it, and outlives an outage', async () => {
    const cache = await kept();
    const { cache: other } = aCache();
    await expect(other.find('project', 'key-1', Infinity)).resolves.toMatchObject(ANSWER);

    await expect(cache.purge('project', { model: 'openai/gpt-5', namespace: 'n' })).resolves.toBe(1);
    await expect(cache.find('project', 'key-1', Infinity)).resolves.toBeNull();
    await expect(other.find('project', 'key-1', Infinity)).resolves.toMatchObject(ANSWER);
    clock.advance(RECHECK_MS);
    await expect(other.find('project', 'key-1', Infinity)).resolves.toBeNull();

    await kept();
    await expect(other.find('project', 'key-1', Infinity)).resolves.toMatchObject(ANSWER);
    await database.close();
    clock.advance(RECHECK_MS);
    await expect(other.find('project', 'key-1', Infinity)).resolves.toMatchObject(ANSWER);
    await expect(other.find('project', 'key-2', Infinity)).resolves.toBeNull();
    await expect(other.purge('project')).rejects.toMatchObject({ status: 503 });
  });

  it('purges what is on its way to the store, too', async () => {
    const { cache, store } = aCache();
    cache.keep(ANSWER, TTL_MS, cache.begin());
    cache.keep({ ...ANSWER, key: 'key-2', namespace: 'm' }, TTL_MS, cache.begin());

    await expect(cache.purge('project', { namespace: 'n' })).resolves.toBe(1);
    await store.settled();
    await expect(aCache().cache.find('project', 'key-1', Infinity)).resolves.toBeNull();
    await expect(aCache().cache.find('project', 'key-2', Infinity)).resolves.not.toBeNull();
  });

  it.each([
    ['of another model', { model: 'openai/gpt-4' }, 0],
    ['that are younger', { olderThanSeconds: 1 }, 0],
    ['that are older', { olderThanSeconds: 0 }, 1],
  ])('purges of answers %s what is meant', async (_, meant, count) => {
    const cache = await kept();
    clock.advance(1000);

    await expect(cache.purge('project', meant)).resolves.toBe(count);
    await expect(cache.find('project', 'key-1', Infinity)).resolves.toEqual(
      count === 0 ? expect.objectContaining(ANSWER) : null,
    );
  });
});

const ANSWER: Answer = {
  key: 'key-1',
  projectId: 'project',
  namespace: 'n',
  vendor: 'openai',
  model: 'gpt-5',
  dialect: 'openai-chat',
  contentType: 'application/json',
  body: Buffer.from('{}'),
  pieces: [2],
  callId: 'call-1',
  inputTokens: 3,
  outputTokens: 5,
  costNanoUsd: 7,
  simulated: false,
};

import { createLogger, readConfig, RingKey, Secrets, type SqlDatabase } from '@app/shared';
import { openInMemory } from '../../../../test/support/databases.js';
import { TestClock } from '../../../../test/support/test-clock.js';
import { cachedAnswerRepository } from '../answer-storage.module.js';
import { AnswerCache } from './answer-cache.service.js';
import { AnswerStore } from './answer-store.js';
import type { CachedAnswer } from './cached-answer.entity.js';
import type { CachedAnswerRepository } from './cached-answer.repository.js';
import type { ForgottenAnswers } from './forgotten-answers.js';

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
    const { cache: other } = aCache(); // which is told nothing
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

describe('AnswerCaches of two gateways', () => {
  /** What the first one tells the other, and when. */
  let told: { forgotten: ForgottenAnswers; asked: string[] }[];

  function theTwo(): [ReturnType<typeof aCache>, ReturnType<typeof aCache>] {
    const [one, two] = [aCache(), aCache()];
    told = [];
    one.cache.onForget(async forgotten => {
      told.push({ forgotten, asked: [...asked] });
      two.cache.hear(structuredClone(forgotten));
    });
    return [one, two];
  }

  it('forget what is purged at once, and what was found in the store meanwhile', async () => {
    const [one, two] = theTwo();
    one.cache.keep(ANSWER, TTL_MS, one.cache.begin());
    await one.store.settled();
    await two.cache.find('project', 'key-1', Infinity);
    asked.length = 0;
    clock.advance(1001);
    const purged: string[] = [];
    two.cache.onPurge(projectId => purged.push(projectId));
    await one.cache.purge('project', { model: 'openai/gpt-5', olderThanSeconds: 1 });

    await expect(two.cache.find('project', 'key-1', Infinity)).resolves.toBeNull();
    const keptBefore = clock.now() - 1000;
    const meant = { projectId: 'project', purged: { model: 'openai/gpt-5', keptBefore } };
    expect(told).toEqual([
      { forgotten: meant, asked: [] },
      { forgotten: meant, asked: ['purge'] },
    ]);
    expect(purged).toEqual(['project', 'project']);
  });

  it('take out of the store what was on its way there, where that is meant', async () => {
    const [one, two] = theTwo();
    two.cache.keep(ANSWER, TTL_MS, two.cache.begin());
    two.cache.keep({ ...ANSWER, key: 'key-2', namespace: 'm' }, TTL_MS, two.cache.begin());
    await one.cache.purge('project', { namespace: 'n' });
    await two.store.settled();

    await expect(aCache().cache.find('project', 'key-1', Infinity)).resolves.toBeNull();
    await expect(aCache().cache.find('project', 'key-2', Infinity)).resolves.not.toBeNull();
  });

  it('do not remember what was looked up when it was purged', async () => {
    const [one, two] = theTwo();
    one.cache.keep(ANSWER, TTL_MS, one.cache.begin());
    await one.store.settled();
    const found = two.cache.find('project', 'key-1', Infinity);
    two.cache.hear({ projectId: 'project', purged: {} });

    await expect(found).resolves.toBeNull();
  });

  it.each([
    ['a refresh', true, Infinity],
    ['a newer answer', false, 0],
  ])(
    'look for %s as soon as it is in the store, and keep none that was asked for before',
    async (_, isUnseen, maxAgeMs) => {
      const [one, two] = theTwo();
      two.cache.keep(ANSWER, TTL_MS, two.cache.begin());
      await two.store.settled();
      clock.advance(1);
      const slow = two.cache.begin();
      if (!isUnseen) {
        await expect(one.cache.find('project', 'key-1', maxAgeMs)).resolves.toBeNull();
      }
      one.cache.keep({ ...ANSWER, callId: 'newer' }, TTL_MS, one.cache.begin(), isUnseen);
      await expect(two.cache.find('project', 'key-1', Infinity)).resolves.toMatchObject({ callId: 'call-1' });
      await one.store.settled();
      await expect(two.cache.find('project', 'key-1', Infinity)).resolves.toMatchObject({ callId: 'newer' });

      expect(told.map(({ forgotten }) => forgotten)).toEqual([{ projectId: 'project', replaced: 'key-1' }]);
      expect(two.cache.keep({ ...ANSWER, callId: 'slow' }, TTL_MS, slow)).toBe(false);
      expect(two.cache.keep({ ...ANSWER, callId: 'newest' }, TTL_MS, two.cache.begin())).toBe(true);
    },
  );

  it('tell nothing of a first answer, and nothing of one that the store did not take', async () => {
    const [one] = theTwo();
    one.cache.keep(ANSWER, TTL_MS, one.cache.begin());
    await one.store.settled();
    await database.close();
    one.cache.keep({ ...ANSWER, callId: 'newer' }, TTL_MS, one.cache.begin());
    await one.store.settled();

    expect(told).toEqual([]);
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

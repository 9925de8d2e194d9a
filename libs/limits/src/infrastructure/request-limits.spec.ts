import { randomUUID } from 'node:crypto';
import { limited, refusalOf as refusal } from '../../../../test/support/limited.js';
import { openInMemory } from '../../../../test/support/databases.js';
import { fc } from '../../../../test/support/properties.js';
import { connectTo } from '../../../../test/support/redis-client.js';
import { hasRedisServer, RedisServer } from '../../../../test/support/redis-server.js';
import { TestClock } from '../../../../test/support/test-clock.js';
import { askedAt, storeShares } from '../../../../test/support/store-shares.js';
import { timed } from '../../../../test/support/timed-redis.js';
import type { Limited } from '../domain/limited.js';
import { ConcurrencyLimitError, RequestLimitError } from '../domain/limits.errors.js';
import { MemoryRequestLimits } from '../domain/memory-request-limits.js';
import type { RequestLimits } from '../domain/request-limits.js';
import { StoreRequestLimits } from '../domain/store/store-request-limits.js';
import { limitRecordRepository } from '../limit-storage.module.js';
import { RedisRequestLimits } from './redis-request-limits.js';

/** Of this run; ids of the same name are of different projects. */
let run: string;

function project(
  requestsPerMinute: number | null,
  concurrentCalls: number | null = null,
  id = 'p',
): Limited[] {
  return [limited({ id: `${id}-${run}`, whose: `The ${id}`, requestsPerMinute, concurrentCalls })];
}

function refusalOf(work: () => unknown): Promise<RequestLimitError | null> {
  return refusal<RequestLimitError>(work);
}

interface Backing {
  /** Of a property, which asks often. */
  readonly numRuns?: number;
  /** How long a request counts that is let in as the clock starts, in ms. */
  readonly countedMs: number;
  limitsAt(clock: TestClock): RequestLimits | Promise<RequestLimits>;
  close(): Promise<void>;
}

async function redisBacking(): Promise<Backing> {
  const server = await RedisServer.start();
  const redis = await connectTo(server);
  return {
    numRuns: 30,
    countedMs: 60_250,
    limitsAt: clock => new RedisRequestLimits(timed(redis, clock), new MemoryRequestLimits(clock), 'closed'),
    close: async () => {
      await redis.close();
      await server.remove();
    },
  };
}

async function storeBacking(): Promise<Backing> {
  const database = openInMemory();
  const records = await limitRecordRepository.useFactory(database);
  return {
    numRuns: 30,
    countedMs: 60_500,
    limitsAt: async clock => {
      const { shares } = await storeShares({ records, clock, store: askedAt(clock) });
      return new StoreRequestLimits(shares, new MemoryRequestLimits(clock), 'closed');
    },
    close: () => database.close(),
  };
}

const memory: Backing = {
  countedMs: 60_250,
  limitsAt: clock => new MemoryRequestLimits(clock),
  close: async () => undefined,
};

const backings: [string, () => Promise<Backing>][] = [
  ['in memory', async () => memory],
  ['in the store', storeBacking],
  ...(hasRedisServer() ? ([['in Redis', redisBacking]] as [string, () => Promise<Backing>][]) : []),
];

describe.each(backings)('limits of requests and open calls, counted %s', (_, open) => {
  let backing: Backing;
  let clock: TestClock;
  let limits: RequestLimits;
  let calls = 0;
  let countedMs: number;

  beforeAll(async () => {
    backing = await open();
    ({ countedMs } = backing);
  });
  afterAll(() => backing.close());
  beforeEach(begin);

  async function begin(): Promise<void> {
    run = randomUUID();
    clock = new TestClock();
    limits = await backing.limitsAt(clock);
  }

  async function enter(all: readonly Limited[]): Promise<unknown> {
    return limits.enter(`call-${++calls}`, all);
  }

  it('give out the requests of a minute, each of which comes back after one', async () => {
    const three = project(3);
    expect(await enter(three)).toEqual({ limit: 3, remaining: 2, resetMs: countedMs });
    clock.advance(20_000);
    expect(await enter(three)).toEqual({ limit: 3, remaining: 1, resetMs: countedMs });
    expect(await enter(three)).toEqual({ limit: 3, remaining: 0, resetMs: countedMs });
    clock.advance(30_100);
    expect(await refusalOf(() => enter(three))).toMatchObject({
      status: 429,
      retryAfterMs: countedMs - 50_100,
      headers: {
        'x-ratelimit-limit-requests': '3',
        'x-ratelimit-remaining-requests': '0',
        'x-ratelimit-reset-requests': `${countedMs - 30_100}ms`,
      },
    });

    clock.advance(countedMs - 50_100);
    expect(await enter(three)).toMatchObject({ remaining: 0 });
    await expect(enter(three)).rejects.toThrow(RequestLimitError);
    clock.advance(600_000);
    expect(await enter(three)).toMatchObject({ limit: 3, remaining: 2 });
  });

  it('let in no more than that in any minute, and all of that in each', async () => {
    const pauses = fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 50, maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), pauses, async (limit, waits) => {
        await begin();
        const taken: number[] = [];
        for (const wait of waits) {
          clock.advance(wait);
          const now = clock.ticks();
          const within = (ms: number): number => taken.filter(at => at > now - ms).length;
          if (await refusalOf(() => enter(project(limit)))) {
            expect(within(countedMs)).toBeGreaterThanOrEqual(limit);
          } else {
            expect(within(60_000)).toBeLessThan(limit);
            taken.push(now);
          }
        }
      }),
      backing.numRuns === undefined ? {} : { numRuns: backing.numRuns },
    );
  });

  it.each([1, 7, 59, 600])('let in whoever waited as long as they said, at %i a minute', async limit => {
    clock.advance(123.456);
    for (let n = 0; n < limit; n += 1) {
      await enter(project(limit));
    }
    clock.advance(7000.5);
    const refused = await refusalOf(() => enter(project(limit)));
    clock.advance(refused?.retryAfterMs ?? 0);

    expect(await enter(project(limit))).toMatchObject({ remaining: limit - 1 });
  });

  it('count open calls, and refusals count for nothing', async () => {
    const two = project(2, 1);
    await limits.enter('first', two);
    await expect(enter(two)).rejects.toThrow(ConcurrencyLimitError);
    limits.leave('first', two);
    expect(await limits.enter('second', two)).toMatchObject({ remaining: 0 });
    limits.leave('second', two);
    await expect(enter(two)).rejects.toThrow(RequestLimitError);
    clock.advance(countedMs);
    expect(await enter(two)).toMatchObject({ remaining: 1 });
  });

  it('count what is asked within an open call, for which no other counts as open', async () => {
    const three = [...project(3, 1), ...project(9, 1, 'key')];
    await limits.enter('first', three);
    expect(await limits.count(three)).toMatchObject({ limit: 3, remaining: 1 });
    expect(await limits.count(three)).toMatchObject({ remaining: 0 });
    expect(await refusalOf(() => limits.count(three))).toMatchObject({ code: 'rate_limit_exceeded' });
    await expect(enter(three)).rejects.toThrow(ConcurrencyLimitError);
    limits.leave('first', three);

    clock.advance(countedMs);
    expect(await enter(three)).toMatchObject({ remaining: 2 });
    await expect(enter(three)).rejects.toThrow(ConcurrencyLimitError);
  });

  it('count for all, or for none, within a call, too', async () => {
    await limits.count(project(1, null, 'key'));
    const both = [...project(5), ...project(1, null, 'key')];
    expect((await refusalOf(() => limits.count(both)))?.message).toMatch(/^The key may make 1 requests/);
    expect(await limits.count(project(5))).toMatchObject({ remaining: 4 });
    expect(await limits.count(project(null, 2))).toBeNull();
  });

  it('keep projects apart', async () => {
    await enter(project(1, 1, 'a'));

    await expect(enter(project(1, 1, 'a'))).rejects.toThrow(ConcurrencyLimitError);
    expect(await enter(project(1, 1, 'b'))).toMatchObject({ remaining: 0 });
    expect(await enter(project(null, 1, 'c'))).toBeNull();
  });

  it('count for a key and its project, or for neither', async () => {
    const [key, other] = [project(2, null, 'key'), project(9, null, 'other')];
    const both = [...project(3, 3), ...key];
    expect(await limits.enter('first', both)).toMatchObject({ limit: 2, remaining: 1 });
    expect(await enter(both)).toMatchObject({ limit: 2, remaining: 0 });
    expect((await refusalOf(() => enter(both)))?.message).toMatch(/^The key may make 2 requests/);

    expect(await enter([...project(3, 3), ...other])).toMatchObject({ limit: 3, remaining: 0 });
    expect((await refusalOf(() => enter([...project(4, 3), ...other])))?.message).toMatch(
      /^The p may have 3 calls open/,
    );
    limits.leave('first', both);
    expect(await refusalOf(() => enter([...project(3, 3), ...other]))).toMatchObject({
      headers: { 'x-ratelimit-limit-requests': '3' },
    });
    expect(await enter(other)).toMatchObject({ remaining: 7 });
  });

  it('take a new limit at once', async () => {
    await enter(project(1));
    await expect(enter(project(1))).rejects.toThrow(RequestLimitError);
    clock.advance(1000);

    expect(await enter(project(3))).toMatchObject({ limit: 3, remaining: 1 });
    await enter(project(3));
    clock.advance(1000);
    expect(await refusalOf(() => enter(project(2)))).toMatchObject({ retryAfterMs: countedMs - 1000 });
  });
});

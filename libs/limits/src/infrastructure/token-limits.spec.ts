import { randomUUID } from 'node:crypto';
import type { Redis, SqlDatabase } from '@app/shared';
import { openInMemory } from '../../../../test/support/databases.js';
import { eventually } from '../../../../test/support/eventually.js';
import { limited, refusalOf } from '../../../../test/support/limited.js';
import { fc } from '../../../../test/support/properties.js';
import { connectTo } from '../../../../test/support/redis-client.js';
import { hasRedisServer, RedisServer } from '../../../../test/support/redis-server.js';
import { askedAt, storeShares } from '../../../../test/support/store-shares.js';
import { TestClock } from '../../../../test/support/test-clock.js';
import { timed } from '../../../../test/support/timed-redis.js';
import type { Limited } from '../domain/limited.js';
import { LimitsUnavailableError, TokenLimitError, TooManyTokensError } from '../domain/limits.errors.js';
import { MemoryTokenLimits } from '../domain/memory-token-limits.js';
import type { TokenLimits } from '../domain/token-limits.js';
import type { LimitRecordRepository } from '../domain/store/limit-record.repository.js';
import { StoreTokenLimits } from '../domain/store/store-token-limits.js';
import { limitRecordRepository } from '../limit-storage.module.js';
import { RedisTokenLimits } from './redis-token-limits.js';

let server: RedisServer | null = null;
let redis: Redis | null = null;
/** Of this run; ids of the same name are of different projects. */
let run: string;

async function startRedis(): Promise<void> {
  server = await RedisServer.start();
  redis = await connectTo(server);
}

async function stopRedis(): Promise<void> {
  server?.thaw();
  await redis?.close();
  await server?.remove();
  [server, redis] = [null, null];
}

function project(tokensPerMinute: number | null, id = 'p'): Limited[] {
  return [limited({ id: `${id}-${run}`, whose: `The ${id}`, tokensPerMinute })];
}

describe.each(hasRedisServer() ? ['memory', 'the store', 'Redis'] : ['memory', 'the store'])(
  'limits of tokens, counted in %s',
  where => {
    /** How long tokens count that are held as the clock starts, in ms. */
    const countedMs = where === 'the store' ? 60_500 : 60_250;
    let database: SqlDatabase | null = null;
    let records: LimitRecordRepository;
    let clock: TestClock;
    let limits: TokenLimits;

    beforeAll(async () => {
      if (where === 'Redis') {
        await startRedis();
      } else if (where === 'the store') {
        database = openInMemory();
        records = await limitRecordRepository.useFactory(database);
      }
    });
    afterAll(async () => {
      await stopRedis();
      await database?.close();
    });
    beforeEach(begin);

    async function begin(): Promise<void> {
      run = randomUUID();
      clock = new TestClock();
      const own = new MemoryTokenLimits(clock);
      limits = own;
      if (redis) {
        limits = new RedisTokenLimits(timed(redis, clock), own, 'closed');
      } else if (database) {
        const { shares } = await storeShares({ records, clock, store: askedAt(clock) });
        limits = new StoreTokenLimits(shares, own, 'closed');
      }
    }

    /** How many tokens a hold of one shows as left. */
    async function left(limit: number): Promise<number | undefined> {
      return (await limits.hold(project(limit), 0)).quota?.remaining;
    }

    it('hold what a call may use, and give back what it did not', async () => {
      const first = await limits.hold(project(1000), 600);
      expect(first.quota).toEqual({ limit: 1000, remaining: 400, resetMs: countedMs });
      expect(await refusalOf(() => limits.hold(project(1000), 401))).toBeInstanceOf(TokenLimitError);
      first.settle(250);

      expect(await left(1000)).toBe(750);
      first.settle(0);
      expect(await left(1000)).toBe(750);
    });

    it('say to the millisecond when enough comes back, and what is left', async () => {
      await limits.hold(project(1000), 300);
      clock.advance(10_000);
      await limits.hold(project(1000), 500);
      clock.advance(1234);
      const refused = await refusalOf<TokenLimitError>(() => limits.hold(project(1000), 500));

      expect(refused).toMatchObject({
        status: 429,
        code: 'rate_limit_exceeded',
        retryAfterMs: countedMs - 11_234,
        headers: {
          'x-ratelimit-limit-tokens': '1000',
          'x-ratelimit-remaining-tokens': '200',
          'x-ratelimit-reset-tokens': `${countedMs + 10_000 - 11_234}ms`,
        },
      });
      expect(refused?.message).toBe(
        'The p may use 1000 tokens a minute, of which 200 are left; this request may use 500. Try again in 50 s.',
      );
      clock.advance(refused?.retryAfterMs ?? 0);
      expect((await limits.hold(project(1000), 500)).quota).toMatchObject({ remaining: 0 });
    });

    it('count what was used beyond the hold from when it is known', async () => {
      const hold = await limits.hold(project(1000), 100);
      clock.advance(30_000);
      hold.settle(1100);
      expect(await refusalOf(() => limits.hold(project(1000), 1))).toMatchObject({
        headers: { 'x-ratelimit-remaining-tokens': '0' },
      });
      clock.advance(30_250);
      expect(await refusalOf(() => limits.hold(project(1000), 1))).toBeInstanceOf(TokenLimitError);
      clock.advance(30_000);

      expect(await left(1000)).toBe(1000);
    });

    it('keep a hold of which nobody knows what was used, and give nothing back after its minute', async () => {
      const unknown = await limits.hold(project(1000), 700);
      unknown.settle(null);
      unknown.settle(0);
      expect(await left(1000)).toBe(300);

      clock.advance(countedMs);
      await limits.hold(project(1000), 900);
      unknown.settle(0);
      (await limits.hold(project(1000), 50)).settle(50);
      expect(await left(1000)).toBe(50);
    });

    it('give nothing back of a later hold in the place of one that is over', async () => {
      const early = await limits.hold(project(1000), 700);
      clock.advance(countedMs);
      await limits.hold(project(1000), 900);
      early.settle(0);

      expect(await left(1000)).toBe(100);
    });

    it('hold for a key and its project, or for neither', async () => {
      const [whole, key] = [project(1000), project(500, 'key')];
      const hold = await limits.hold([...whole, ...key], 400);
      expect(hold.quota).toMatchObject({ limit: 500, remaining: 100 });
      expect((await refusalOf<Error>(() => limits.hold([...whole, ...key], 200)))?.message).toMatch(
        /^The key may use/,
      );

      expect(await left(1000)).toBe(600);
      hold.settle(100);
      expect((await limits.hold([...whole, ...key], 0)).quota).toMatchObject({ limit: 500, remaining: 400 });
      expect(await left(1000)).toBe(900);
    });

    it('refuse for good what is larger than a whole minute', async () => {
      const refused = await refusalOf<TooManyTokensError>(() => limits.hold(project(1000), 1001));

      expect(refused).toBeInstanceOf(TooManyTokensError);
      expect(refused).toMatchObject({ status: 429, code: 'rate_limit_exceeded', shouldRetry: false });
      expect(refused?.retryAfterMs).toBeUndefined();
      expect(refused?.message).toBe(
        'Request too large: it may use 1001 tokens, and the p may use 1000 a minute. ' +
          'Send a shorter prompt, or ask for fewer tokens of output.',
      );
      expect(await left(1000)).toBe(1000);
    });

    it('ask nobody when nothing is limited', () => {
      expect(limits.hold(project(null), 5)).toMatchObject({ quota: null });
    });

    it.each([
      [Number.NaN, 0],
      [-7, 0],
      [12.5, 13],
      [1e300, 1000],
      [Number.POSITIVE_INFINITY, 1000],
    ])('take %p tokens for a number, and go on', async (reported, counted) => {
      const hold = await limits.hold(project(1000), 10);
      hold.settle(reported);
      expect(await left(1000).catch(() => 0)).toBe(1000 - counted);
      clock.advance(countedMs);

      expect(await left(1000)).toBe(1000);
    });

    it('hold no more than that in any minute, whatever is used of it', async () => {
      const step = fc.record({
        wait: fc.integer({ min: 0, max: 9000 }),
        tokens: fc.integer({ min: 0, max: 300 }),
        unused: fc.integer({ min: 0, max: 100 }),
      });
      const property = fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 80 }), async steps => {
        await begin();
        const taken: { at: number; tokens: number }[] = [];
        for (const { wait, tokens, unused } of steps) {
          clock.advance(wait);
          const now = clock.ticks();
          const within = (ms: number): number =>
            taken.filter(({ at }) => at > now - ms).reduce((sum, each) => sum + each.tokens, 0);
          const hold = await Promise.resolve()
            .then(() => limits.hold(project(500), tokens))
            .catch(() => null);
          if (hold) {
            expect(within(60_000) + tokens).toBeLessThanOrEqual(500);
            const used = Math.max(0, tokens - unused);
            hold.settle(used);
            taken.push({ at: now, tokens: used });
          } else {
            expect(within(countedMs) + tokens).toBeGreaterThan(500);
          }
        }
      });
      await fc.assert(property, where === 'memory' ? {} : { numRuns: 30 });
    });
  },
);

(hasRedisServer() ? describe : describe.skip)('limits of tokens in Redis', () => {
  beforeEach(() => {
    run = randomUUID();
    return startRedis();
  });
  afterEach(stopRedis);

  it('hold for all gateways together', async () => {
    const others = await Promise.all([1, 2, 3].map(() => connectTo(server ?? { url: '' })));
    const gateways = others.map(other => gateway(other, 'closed'));

    expect(await held(gateways, 200)).toBe(33);
    await Promise.all(others.map(other => other.close()));
  });

  it('go on alone while it is frozen, or refuse, as the operator wants', async () => {
    const [own, other] = [await connectTo(server ?? { url: '' }), await connectTo(server ?? { url: '' })];
    const [open, closed] = [gateway(own, 'open'), gateway(other, 'closed')];
    expect(await held([open], 20)).toBe(20);
    server?.freeze();

    expect(await held([open], 100)).toBe(13);
    expect(await held([closed], 100)).toBe(0);
    expect(await refusalOf(() => closed.hold(project(1000), 1))).toBeInstanceOf(LimitsUnavailableError);
    server?.thaw();
    await eventually(() => expect([own.isUp, other.isUp]).toEqual([true, true]));
    await Promise.all([own.close(), other.close()]);
  });

  it('count what they held alone when it is back, and give back what they do not hold', async () => {
    const [own, other] = [await connectTo(server ?? { url: '' }), await connectTo(server ?? { url: '' })];
    const [one, two] = [gateway(own, 'open'), gateway(other, 'closed')];
    await server?.kill();
    await eventually(() => expect([own.isUp, other.isUp]).toEqual([false, false]));
    expect(await held([one], 100)).toBe(33);
    await server?.start();
    await eventually(() => expect([own.isUp, other.isUp]).toEqual([true, true]));

    expect(await held([one], 100)).toBe(0);
    await one.hold(project(1000, 'other'), 1); // what went back is back by then
    expect(await held([two], 100)).toBe(33);
    await Promise.all([own.close(), other.close()]);
  });

  it('lose nothing but the hold when they cannot settle', async () => {
    const own = await connectTo(server ?? { url: '' });
    const limits = gateway(own, 'open');
    const hold = await limits.hold(project(1000), 600);
    await server?.kill();
    hold.settle(100);

    expect((await limits.hold(project(1000), 900)).quota).toMatchObject({ remaining: 0 });
    await own.close();
  });
});

function gateway(own: Pick<Redis, 'isUp' | 'run'>, policy: 'open' | 'closed'): RedisTokenLimits {
  return new RedisTokenLimits(own, new MemoryTokenLimits(new TestClock()), policy);
}

async function held(gateways: RedisTokenLimits[], calls: number): Promise<number> {
  const holds = await Promise.allSettled(
    Array.from({ length: calls }, async (_, n) => gateways[n % gateways.length]?.hold(project(1000), 30)),
  );
  return holds.filter(({ status }) => status === 'fulfilled').length;
}

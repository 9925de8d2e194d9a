import { Clock, type Redis } from '@app/shared';
import { eventually } from '../../../../test/support/eventually.js';
import { limited, refusalOf } from '../../../../test/support/limited.js';
import { connectTo } from '../../../../test/support/redis-client.js';
import { hasRedisServer, RedisServer } from '../../../../test/support/redis-server.js';
import { TestClock } from '../../../../test/support/test-clock.js';
import { timed } from '../../../../test/support/timed-redis.js';
import type { Limited } from '../domain/limited.js';
import { ConcurrencyLimitError, LimitsUnavailableError, RequestLimitError } from '../domain/limits.errors.js';
import { MemoryRequestLimits } from '../domain/memory-request-limits.js';
import { RedisRequestLimits } from './redis-request-limits.js';

const GATEWAYS = 5;
const MINUTE = [limited({ requestsPerMinute: 50 })];
const OPEN = [limited({ concurrentCalls: 7 })];

(hasRedisServer() ? describe : describe.skip)('limits in Redis', () => {
  let server: RedisServer;
  let connections: Redis[];
  let clock: TestClock;

  beforeEach(async () => {
    server = await RedisServer.start();
    connections = [];
    clock = new TestClock();
  });
  afterEach(async () => {
    server.thaw();
    await Promise.all(connections.map(redis => redis.close()));
    await server.remove();
  });

  async function gateway(policy: 'open' | 'closed' = 'open'): Promise<RedisRequestLimits> {
    const redis = await connectTo(server);
    connections.push(redis);
    return new RedisRequestLimits(redis, new MemoryRequestLimits(new Clock()), policy);
  }

  /** Whose minutes pass when the test says so. */
  async function timedGateway(): Promise<RedisRequestLimits> {
    const redis = await connectTo(server);
    connections.push(redis);
    return new RedisRequestLimits(timed(redis, clock), new MemoryRequestLimits(clock), 'closed');
  }

  function gateways(): Promise<RedisRequestLimits[]> {
    return Promise.all(Array.from({ length: GATEWAYS }, () => gateway('closed')));
  }

  it('let in exactly so many requests at all gateways together', async () => {
    expect(await admitted(await gateways(), 400, MINUTE)).toBe(50);
  });

  it('let in exactly so many open calls, and another for each that ends', async () => {
    const all = await gateways();
    expect(await admitted(all, 100, OPEN)).toBe(7);

    Array.from({ length: 100 }, (_, n) => all[n % all.length]?.leave(`call-${n}`, OPEN));
    await eventually(async () => {
      expect(await admitted(all, 100, OPEN)).toBe(7);
    });
  });

  it('give back the open calls of a gateway that was killed, and of no other', async () => {
    const [killed, other] = [await timedGateway(), await timedGateway()];
    await killed.enter('of the killed', [limited({ concurrentCalls: 2 })]);
    await other.enter('long', [limited({ concurrentCalls: 2 })]);
    for (let n = 0; n < 3; n += 1) {
      expect(await refusalOf(() => other.enter('next', [limited({ concurrentCalls: 2 })]))).toBeInstanceOf(
        ConcurrencyLimitError,
      );
      clock.advance(5000);
      await other.renew();
    }

    await other.enter('next', [limited({ concurrentCalls: 2 })]);
    expect(await refusalOf(() => other.enter('last', [limited({ concurrentCalls: 2 })]))).toBeInstanceOf(
      ConcurrencyLimitError,
    );
  });

  it('know the open calls again when Redis has forgotten them', async () => {
    const one = await gateway('closed');
    await admitted([one], 5, OPEN);
    await server.kill();
    await eventually(() => expect(connections[0]?.isUp).toBe(false));
    await server.start();
    await eventually(() => expect(connections[0]?.isUp).toBe(true));
    await one.renew();

    expect(await admitted([await gateway('closed')], 100, OPEN, 'other')).toBe(2);
  });

  it('outlive a clock of the server that is set back', async () => {
    const one = await timedGateway();
    const two = [limited({ requestsPerMinute: 2 })];
    await one.enter('first', two);
    await one.enter('second', two);
    clock.advance(-10_000);
    expect(await refusalOf(() => one.enter('third', two))).toMatchObject({ retryAfterMs: 70_250 });
    clock.advance(70_250);
    await one.enter('fourth', two);

    clock.advance(-3_600_000);
    const other = await timedGateway(); // no process has a clock that is set back
    expect(await other.enter('fifth', two)).toEqual({ limit: 2, remaining: 1, resetMs: 60_250 });
  });

  it('are counted by each gateway alone when Redis is killed, from what it knows of its own calls', async () => {
    const [one, two] = [await gateway('open'), await gateway('open')];
    expect(await admitted([one], 30, MINUTE)).toBe(30);
    await server.kill();
    await eventually(() => expect(connections.map(({ isUp }) => isUp)).toEqual([false, false]));

    expect(await admitted([one], 100, MINUTE)).toBe(20);
    expect(await admitted([two], 100, MINUTE)).toBe(50);
    expect(one.leave('call-1', MINUTE)).toBeUndefined();
  });

  it('refuse all when Redis is frozen in the midst of it, if the operator wants that', async () => {
    const one = await gateway('closed');
    expect(await admitted([one], 30, MINUTE)).toBe(30);
    server.freeze();

    expect(await admitted([one], 40, MINUTE)).toBe(0);
    const refusal = await refusalOf<LimitsUnavailableError>(() => one.enter('next', MINUTE));
    expect(refusal).toBeInstanceOf(LimitsUnavailableError);
    expect(refusal).toMatchObject({ status: 503, code: 'limits_unavailable', retryAfterMs: 1000 });
  });

  it('go on alone when Redis is frozen in the midst of it, and together when it is back', async () => {
    const one = await gateway('open');
    expect(await admitted([one], 30, MINUTE)).toBe(30);
    server.freeze();

    expect(await admitted([one], 40, MINUTE)).toBe(20);
    expect(await refusalOf(() => one.enter('next', MINUTE))).toBeInstanceOf(RequestLimitError);
    server.thaw();
    await eventually(() => expect(connections[0]?.isUp).toBe(true));
    const other = [limited({ id: 'other', requestsPerMinute: 1 })];
    await one.enter('first', other);
    expect(await refusalOf(async () => (await gateway('closed')).enter('second', other))).toBeInstanceOf(
      RequestLimitError,
    );
  });

  it('count what they let in alone when Redis is back, and give back what they do not let in', async () => {
    const [one, two] = [await gateway('open'), await gateway('closed')];
    const whose = [limited({ requestsPerMinute: 50, concurrentCalls: 50 })];
    await server.kill();
    await eventually(() => expect(connections.map(({ isUp }) => isUp)).toEqual([false, false]));
    expect(await admitted([one], 60, whose)).toBe(50);
    Array.from({ length: 50 }, (_, n) => one.leave(`call-${n}`, whose));
    await server.start();
    await eventually(() => expect(connections.map(({ isUp }) => isUp)).toEqual([true, true]));

    expect(await admitted([one], 60, whose)).toBe(0);
    await one.enter('last', [limited({ id: 'other', requestsPerMinute: 1 })]); // what went back is back by then
    expect(await admitted([two], 60, whose, 'two')).toBe(50);
  });

  it('leave nothing behind in Redis that has no end', async () => {
    const one = await gateway('closed');
    await one.enter('call', [limited({ requestsPerMinute: 5, concurrentCalls: 5 })]);
    await one.enter('call', [limited({ requestsPerMinute: 5 })]);
    const { Redis: Client } = await import('ioredis');
    const client = new Client(server.url);
    const keys = await client.keys('*');
    const ends = await Promise.all(keys.map(key => client.pttl(key)));
    client.disconnect();

    expect(keys.filter(key => key.startsWith('llmhub:limits:')).toSorted()).toEqual([
      'llmhub:limits:calls:p',
      'llmhub:limits:requests:p',
    ]);
    expect(Math.min(...ends)).toBeGreaterThan(0);
  });
});

/** How many of the calls, which come at the same time, are let in. */
async function admitted(
  all: RedisRequestLimits[],
  calls: number,
  whose: Limited[],
  name = 'call',
): Promise<number> {
  const entered = await Promise.allSettled(
    Array.from({ length: calls }, async (_, n) => all[n % all.length]?.enter(`${name}-${n}`, whose)),
  );
  return entered.filter(({ status }) => status === 'fulfilled').length;
}

import { TestClock } from '../../../../../test/support/test-clock.js';
import { KeyCooldowns } from './key-cooldowns.js';
import { KeyPool } from './key-pool.js';

let clock: TestClock;
let cooldowns: KeyCooldowns;

beforeEach(() => {
  clock = new TestClock();
  clock.advance(1000);
  cooldowns = new KeyCooldowns(clock);
});

const waitOf = (model = 'gpt-5', keyId = 'k'): number => {
  const until = cooldowns.until(keyId, model);
  return until === 0 ? 0 : until - clock.ticks();
};

describe('KeyCooldowns', () => {
  it.each([401, 402])('leaves a key alone for five minutes after %d', status => {
    cooldowns.cool({ keyId: 'k', model: 'gpt-5', status });

    expect([waitOf(), waitOf('other'), waitOf('gpt-5', 'other key')]).toEqual([300_000, 300_000, 0]);
    clock.advance(300_000);
    expect(waitOf()).toBe(0);
  });

  it('lets nobody who asks for a forbidden model take the key from the others', () => {
    cooldowns.cool({ keyId: 'k', model: 'forbidden', status: 403 });

    expect([waitOf('forbidden'), waitOf()]).toEqual([300_000, 0]);
  });

  it('does what the vendor said, exactly', () => {
    cooldowns.cool({ keyId: 'k', model: 'gpt-5', status: 429, retryAfterMs: 1234.5 });
    expect([waitOf(), waitOf('other')]).toEqual([1234.5, 0]);
    clock.advance(1234);
    expect(waitOf()).toBeCloseTo(0.5);
    clock.advance(0.5);
    expect(waitOf()).toBe(0);
    cooldowns.cool({ keyId: 'k', model: 'gpt-5', status: 429, retryAfterMs: 36_000_000 });

    expect(waitOf()).toBe(36_000_000);
  });

  it('waits longer each time the vendor does not say for how long, up to a minute', () => {
    const waits = Array.from({ length: 8 }, () => {
      cooldowns.cool({ keyId: 'k', model: 'gpt-5', status: 429 });
      const wait = waitOf();
      clock.advance(wait);
      return wait;
    });
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
    cooldowns.succeeded('k', 'gpt-5');
    cooldowns.cool({ keyId: 'k', model: 'gpt-5', status: 429 });

    expect(waitOf()).toBe(1000);
  });

  it('counts refusals of calls that were under way together once', () => {
    for (let n = 0; n < 10; n += 1) {
      cooldowns.cool({ keyId: 'k', model: 'gpt-5', status: 429 });
    }

    expect(waitOf()).toBe(1000);
  });

  it('does not mind other statuses', () => {
    for (const status of [200, 400, 404, 500, 503, 529]) {
      cooldowns.cool({ keyId: 'k', model: 'gpt-5', status, retryAfterMs: 1000 });
    }

    expect(waitOf()).toBe(0);
    expect(cooldowns.all()).toEqual([]);
  });

  it('obeys limits before they bite', () => {
    const requests = { remaining: 0, resetMs: 2000, refillsTo: null };
    const limits = { requests, tokens: null, inputTokens: null, outputTokens: null };
    cooldowns.noteLimits('k', 'gpt-5', limits, { inputTokens: 1, outputTokens: 1 });
    expect([waitOf(), waitOf('other')]).toEqual([2000, 0]);
    cooldowns.noteLimits(
      'k',
      'other',
      { ...limits, requests: { ...requests, remaining: 1 } },
      { inputTokens: 1, outputTokens: 1 },
    );

    expect(waitOf('other')).toBe(0);
  });

  it('does not shorten a pause', () => {
    cooldowns.pause('k', 'gpt-5', 5000);
    cooldowns.cool({ keyId: 'k', model: 'gpt-5', status: 429, retryAfterMs: 1000 });

    expect(waitOf()).toBe(5000);
  });

  it('tells limits that were met from refusals', () => {
    cooldowns.cool({ keyId: 'told', model: 'gpt-5', status: 429, retryAfterMs: 500 });
    cooldowns.cool({ keyId: 'untold', model: 'gpt-5', status: 429 });
    cooldowns.cool({ keyId: 'refused', model: 'gpt-5', status: 403 });
    cooldowns.cool({ keyId: 'both', model: 'gpt-5', status: 429 });
    cooldowns.cool({ keyId: 'both', model: 'gpt-5', status: 401 });
    cooldowns.pauseAsOthers({ keyId: 'others', model: 'gpt-5', remainingMs: 100, limited: true });
    cooldowns.pauseAsOthers({ keyId: 'old', model: 'gpt-5', remainingMs: 100 });
    const keys = ['told', 'untold', 'refused', 'both', 'others', 'old', 'unknown'];
    const limited = (model: string): string[] => keys.filter(key => cooldowns.isLimited(key, model));

    expect(limited('gpt-5')).toEqual(['told', 'untold', 'others']);
    expect(limited('gpt-6')).toEqual([]);
    clock.advance(500);
    expect(limited('gpt-5')).toEqual(['untold']);
  });

  it('lists what lasts', () => {
    cooldowns.cool({ keyId: 'a', model: 'gpt-5', status: 429, retryAfterMs: 500 });
    cooldowns.cool({ keyId: 'a', model: 'gpt-6', status: 429 });
    cooldowns.cool({ keyId: 'b', model: 'gpt-5', status: 401 });
    clock.advance(600);

    expect(cooldowns.all()).toEqual([
      { keyId: 'a', model: 'gpt-6', remainingMs: 400, limited: true },
      { keyId: 'b', model: null, remainingMs: 299_400, limited: false },
    ]);
  });

  it('forgets keys and models when there are too many', () => {
    for (let n = 0; n < 1000; n += 1) {
      cooldowns.cool({ keyId: 'k', model: `invented-${n}`, status: 429 });
    }
    expect(cooldowns.all().length).toBeLessThanOrEqual(100);
    for (let n = 0; n < 30_000; n += 1) {
      cooldowns.cool({ keyId: `k-${n}`, model: null, status: 401 });
    }

    expect(cooldowns.all().length).toBeLessThanOrEqual(10_000);
  });
});

describe('KeyPool', () => {
  const keys = [
    { id: 'a', secret: 's-a', weight: 3 },
    { id: 'b', secret: 's-b', weight: 1 },
    { id: 'c', secret: 's-c', weight: 0 },
  ];
  let pool: KeyPool;

  beforeEach(() => {
    pool = new KeyPool(cooldowns, clock);
  });

  const drawn = (): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (let n = 0; n < 400; n += 1) {
      const id = pool.choose(keys, 'gpt-5', n / 400)?.id ?? 'none';
      counts[id] = (counts[id] ?? 0) + 1;
    }
    return counts;
  };

  it('shares calls by weight, among the keys that do not cool down', () => {
    expect(drawn()).toEqual({ a: 300, b: 100 });
    cooldowns.cool({ keyId: 'a', model: 'gpt-5', status: 429 });
    expect(drawn()).toEqual({ b: 400 });
    cooldowns.cool({ keyId: 'b', model: 'gpt-5', status: 401 });
    expect(drawn()).toEqual({ c: 400 });
    expect(pool.choose(keys, 'other', 0)?.id).toBe('a');
  });

  it('has no key while all cool down, and says when there will be one', () => {
    expect(pool.nextReady(keys, 'gpt-5')).toBe(0);
    cooldowns.pause('a', 'gpt-5', 3000);
    cooldowns.pause('b', 'gpt-5', 2000);
    expect(pool.nextReady(keys, 'gpt-5')).toBe(0);
    cooldowns.pause('c', null, 9000);
    expect(drawn()).toEqual({ none: 400 });
    expect(pool.nextReady(keys, 'gpt-5')).toBe(2000);
    clock.advance(2000);
    expect(drawn()).toEqual({ b: 400 });

    expect(pool.nextReady(keys, 'gpt-5')).toBe(0);
  });

  it('takes the only key whatever it weighs', () => {
    const only = [{ id: 'a', secret: 's', weight: 0 }];
    expect(pool.choose(only, 'gpt-5', 0.5)?.id).toBe('a');
    cooldowns.pause('a', null, 1000);
    expect(pool.choose(only, 'gpt-5', 0.5)).toBeNull();
    expect(pool.choose([], 'gpt-5', 0.5)).toBeNull();
    expect(pool.nextReady([], 'gpt-5')).toBe(Infinity);
  });
});

import { fc } from '../../../../test/support/properties.js';
import { TestClock } from '../../../../test/support/test-clock.js';
import { ConcurrencyLimitError, RequestLimitError } from './limits.errors.js';
import { type Limited, RequestLimits } from './request-limits.js';

const scope = (
  requestsPerMinute: number | null,
  concurrentCalls: number | null = null,
  id = 'p',
): Limited => ({
  id,
  whose: `The project ${id}`,
  requestsPerMinute,
  concurrentCalls,
});
const project = (...limits: Parameters<typeof scope>): Limited[] => [scope(...limits)];

describe('RequestLimits', () => {
  let clock: TestClock;
  let limits: RequestLimits;

  beforeEach(() => {
    clock = new TestClock();
    limits = new RequestLimits(clock);
  });

  it('gives out the requests of a minute, each of which comes back after one', () => {
    const three = project(3);
    expect(limits.enter(three)).toEqual({ limit: 3, remaining: 2, resetMs: 60_250 });
    clock.advance(20_000);
    expect(limits.enter(three)).toEqual({ limit: 3, remaining: 1, resetMs: 60_250 });
    expect(limits.enter(three)).toEqual({ limit: 3, remaining: 0, resetMs: 60_250 });
    clock.advance(30_100);
    expect(refusalOf(() => limits.enter(three))).toMatchObject({
      retryAfterMs: 10_150,
      headers: { 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '30150ms' },
    });

    clock.advance(10_150);
    expect(limits.enter(three)).toMatchObject({ remaining: 0 });
    expect(() => limits.enter(three)).toThrow(RequestLimitError);
    clock.advance(600_000);
    expect(limits.enter(three)).toMatchObject({ limit: 3, remaining: 2 });
  });

  it('lets in no more than that in any minute, and all of that in each', () => {
    const pauses = fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 50, maxLength: 300 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), pauses, (limit, waits) => {
        clock = new TestClock();
        limits = new RequestLimits(clock);
        const taken: number[] = [];
        for (const wait of waits) {
          clock.advance(wait);
          const now = clock.ticks();
          const within = (ms: number): number => taken.filter(at => at > now - ms).length;
          if (refusalOf(() => limits.enter(project(limit)))) {
            expect(within(60_250)).toBeGreaterThanOrEqual(limit);
          } else {
            expect(within(60_000)).toBeLessThan(limit);
            taken.push(now);
          }
        }
      }),
    );
  });

  it('forgets quiet projects, and none that has something to remember', () => {
    for (let n = 0; n < 10_000; n += 1) {
      limits.enter(project(1, null, `quiet-${n}`));
    }
    clock.advance(30_000);
    limits.enter(project(1, null, 'busy'));
    clock.advance(31_000);
    for (let n = 0; n < 30_000; n += 1) {
      limits.enter(project(1, null, `new-${n}`));
    }

    expect(() => limits.enter(project(1, null, 'busy'))).toThrow(RequestLimitError);
    expect(limits.enter(project(1, null, 'quiet-7'))).toMatchObject({ remaining: 0 });
  });

  it.each([1, 7, 59, 600, 99_983])('lets in whoever waited as long as it said, at %i a minute', limit => {
    clock.advance(123.456);
    for (let n = 0; n < limit; n += 1) {
      limits.enter(project(limit));
    }
    clock.advance(7000.5);
    const refused = refusalOf(() => limits.enter(project(limit)));
    expect(refused).toMatchObject({
      status: 429,
      headers: { 'x-ratelimit-limit-requests': String(limit), 'x-ratelimit-remaining-requests': '0' },
    });
    clock.advance(refused?.retryAfterMs ?? 0);

    expect(limits.enter(project(limit))).toMatchObject({ remaining: limit - 1 });
  });

  it('counts open calls, and refusals count for nothing', () => {
    const two = project(2, 1);
    limits.enter(two);
    expect(() => limits.enter(two)).toThrow(ConcurrencyLimitError);
    limits.leave(two);
    expect(limits.enter(two)).toMatchObject({ remaining: 0 });
    limits.leave(two);
    expect(() => limits.enter(two)).toThrow(RequestLimitError);
    clock.advance(60_250);
    expect(limits.enter(two)).toMatchObject({ remaining: 1 });
  });

  it('keeps projects apart', () => {
    limits.enter(project(1, 1, 'a'));

    expect(() => limits.enter(project(1, 1, 'a'))).toThrow(ConcurrencyLimitError);
    expect(limits.enter(project(1, 1, 'b'))).toMatchObject({ remaining: 0 });
    expect(limits.enter(project(null, 1, 'c'))).toBeNull();
  });

  it('counts for a key and its project, or for neither', () => {
    const key = scope(2, null, 'key');
    const both = [scope(3, 3), key];
    expect(limits.enter(both)).toMatchObject({ limit: 2, remaining: 1 });
    expect(limits.enter(both)).toMatchObject({ limit: 2, remaining: 0 });
    expect(refusalOf(() => limits.enter(both))?.message).toMatch(/^The project key may make 2 requests/);

    expect(limits.enter([scope(3, 3), scope(9, null, 'other')])).toMatchObject({ limit: 3, remaining: 0 });
    expect(refusalOf(() => limits.enter([scope(4, 3), scope(9, null, 'other')]))?.message).toMatch(
      /^The project p may have 3 calls open/,
    );
    limits.leave(both);
    expect(refusalOf(() => limits.enter([scope(3, 3), scope(9, null, 'other')]))).toMatchObject({
      headers: { 'x-ratelimit-limit-requests': '3' },
    });
    expect(limits.enter([scope(9, null, 'other')])).toMatchObject({ remaining: 7 });
  });

  it('takes a new limit at once', () => {
    limits.enter(project(1));
    expect(() => limits.enter(project(1))).toThrow(RequestLimitError);
    clock.advance(1000);

    expect(limits.enter(project(3))).toMatchObject({ limit: 3, remaining: 1 });
    limits.enter(project(3));
    clock.advance(1000);
    expect(refusalOf(() => limits.enter(project(2)))).toMatchObject({ retryAfterMs: 59_250 });
  });
});

function refusalOf(enter: () => unknown): RequestLimitError | null {
  try {
    enter();
    return null;
  } catch (error) {
    return error as RequestLimitError;
  }
}

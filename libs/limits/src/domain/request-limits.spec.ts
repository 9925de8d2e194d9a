import { TestClock } from '../../../../test/support/test-clock.js';
import { ConcurrencyLimitError, RequestLimitError } from './limits.errors.js';
import { RequestLimits } from './request-limits.js';

const project = (requestsPerMinute: number | null, concurrentCalls: number | null = null, id = 'p') => ({
  id,
  requestsPerMinute,
  concurrentCalls,
});

describe('RequestLimits', () => {
  let clock: TestClock;
  let limits: RequestLimits;

  beforeEach(() => {
    clock = new TestClock();
    limits = new RequestLimits(clock);
  });

  it('gives out the requests of a minute, and they come back steadily', () => {
    const three = project(3);
    expect(limits.enter(three)).toEqual({ limit: 3, remaining: 2, resetMs: 20_000 });
    expect(limits.enter(three)).toEqual({ limit: 3, remaining: 1, resetMs: 40_000 });
    expect(limits.enter(three)).toEqual({ limit: 3, remaining: 0, resetMs: 60_000 });
    clock.advance(5000);
    expect(() => limits.enter(three)).toThrow(RequestLimitError);

    clock.advance(15_000);
    expect(limits.enter(three)).toMatchObject({ remaining: 0 });
    expect(() => limits.enter(three)).toThrow(RequestLimitError);
    clock.advance(600_000);
    expect(limits.enter(three)).toEqual({ limit: 3, remaining: 2, resetMs: 20_000 });
  });

  it.each([1, 7, 59, 600, 999_983])('lets in whoever waited as long as it said, at %i a minute', limit => {
    for (let n = 0; n < limit; n += 1) {
      limits.enter(project(limit));
    }
    const refused = refusalOf(() => limits.enter(project(limit)));
    expect(refused).toMatchObject({
      status: 429,
      headers: { 'x-ratelimit-limit-requests': String(limit), 'x-ratelimit-remaining-requests': '0' },
    });
    clock.advance(refused?.retryAfterMs ?? 0);

    expect(limits.enter(project(limit))).toMatchObject({ remaining: 0 });
  });

  it('counts open calls, and refusals count for nothing', () => {
    const two = project(2, 1);
    limits.enter(two);
    expect(() => limits.enter(two)).toThrow(ConcurrencyLimitError);
    limits.leave('p');
    expect(limits.enter(two)).toMatchObject({ remaining: 0 });
    limits.leave('p');
    expect(() => limits.enter(two)).toThrow(RequestLimitError);
    clock.advance(60_000);
    expect(limits.enter(two)).toMatchObject({ remaining: 1 });
  });

  it('keeps projects apart', () => {
    limits.enter(project(1, 1, 'a'));

    expect(() => limits.enter(project(1, 1, 'a'))).toThrow(ConcurrencyLimitError);
    expect(limits.enter(project(1, 1, 'b'))).toMatchObject({ remaining: 0 });
    expect(limits.enter(project(null, 1, 'c'))).toBeNull();
  });

  it('takes a new limit at once', () => {
    limits.enter(project(1));
    expect(() => limits.enter(project(1))).toThrow(RequestLimitError);
    clock.advance(1000);

    expect(limits.enter(project(60))).toMatchObject({ limit: 60 });
    expect(() => limits.enter(project(60))).toThrow(RequestLimitError);
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

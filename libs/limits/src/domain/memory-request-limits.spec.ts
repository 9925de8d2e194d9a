import { TestClock } from '../../../../test/support/test-clock.js';
import { limited } from '../../../../test/support/limited.js';
import { RequestLimitError } from './limits.errors.js';
import { MemoryRequestLimits } from './memory-request-limits.js';

/** Beside the contract of all (`infrastructure/request-limits.spec.ts`). */
describe('MemoryRequestLimits', () => {
  let clock: TestClock;
  let limits: MemoryRequestLimits;

  beforeEach(() => {
    clock = new TestClock();
    limits = new MemoryRequestLimits(clock);
  });

  function enter(id: string): unknown {
    return limits.enter('call', [limited({ id, requestsPerMinute: 1 })]);
  }

  it('answers at once', () => {
    expect(limits.enter('call', [limited({ requestsPerMinute: 3 })])).toEqual({
      limit: 3,
      remaining: 2,
      resetMs: 60_250,
    });
  });

  it('forgets quiet projects, and none that has something to remember', () => {
    for (let n = 0; n < 10_000; n += 1) {
      enter(`quiet-${n}`);
    }
    clock.advance(30_000);
    enter('busy');
    clock.advance(31_000);
    for (let n = 0; n < 30_000; n += 1) {
      enter(`new-${n}`);
    }

    expect(() => enter('busy')).toThrow(RequestLimitError);
    expect(enter('quiet-7')).toMatchObject({ remaining: 0 });
  });
});

import { TestClock } from '../../../../test/support/test-clock.js';
import { WrongKeys } from './wrong-keys.js';

describe('WrongKeys', () => {
  let clock: TestClock;
  let wrongKeys: WrongKeys;

  beforeEach(() => {
    clock = new TestClock();
    wrongKeys = new WrongKeys(clock);
  });

  it('lets an address err 20 times a minute', () => {
    const waits = Array.from({ length: 20 }, () => wrongKeys.record('a'));
    clock.advance(15_000);

    expect(waits).toEqual(Array.from({ length: 20 }, () => 0));
    expect(wrongKeys.record('a')).toBe(45_000);
    expect(wrongKeys.record('b')).toBe(0);
  });

  it('begins anew after the minute', () => {
    Array.from({ length: 30 }, () => wrongKeys.record('a'));
    clock.advance(60_000);

    expect(wrongKeys.record('a')).toBe(0);
  });

  it('remembers a bounded number of addresses, the latest', () => {
    for (let n = 0; n < 10_100; n += 1) {
      wrongKeys.record(`address-${n}`);
    }
    Array.from({ length: 20 }, () => wrongKeys.record('address-10099'));

    expect(wrongKeys.size).toBe(10_000);
    expect(wrongKeys.record('address-10099')).toBe(60_000);
  });
});

import { fc } from '../../../../../test/support/properties.js';
import { TestClock } from '../../../../../test/support/test-clock.js';
import { CircuitBreaker, type Pass } from './circuit-breaker.js';
import { Random } from './random.js';

/** In the middle, so that no window is longer or shorter than it says. */
class Loaded extends Random {
  constructor(public value = 0.5) {
    super();
  }

  override next(): number {
    return this.value;
  }
}

describe('CircuitBreaker', () => {
  let clock: TestClock;
  let random: Loaded;
  let breaker: CircuitBreaker;
  const told: (number | null)[] = [];

  beforeEach(() => {
    told.length = 0;
    clock = new TestClock();
    random = new Loaded();
    breaker = new CircuitBreaker(clock, random, status => told.push(status));
  });

  const pass = (): Pass => {
    const given = breaker.tryPass();
    if (!given) {
      throw new Error(`The breaker is ${breaker.state()}.`);
    }
    return given;
  };
  const fail = (times: number): void => {
    for (let n = 0; n < times; n += 1) {
      pass().failed(500);
    }
  };
  const succeed = (times: number): void => {
    for (let n = 0; n < times; n += 1) {
      pass().succeeded();
    }
  };

  it('opens at five failures in a row, and says for how long', () => {
    fail(4);
    pass().succeeded();
    fail(4);
    expect(breaker.state()).toBe('closed');
    expect(breaker.opensFor()).toBe(0);
    fail(1);

    expect(breaker.state()).toBe('open');
    expect(breaker.opensFor()).toBe(2000);
    expect(breaker.tryPass()).toBeNull();
    clock.advance(500);
    expect(breaker.opensFor()).toBe(1500);
  });

  it('opens when half of the latest calls fail, not before there are ten', () => {
    for (let n = 0; n < 4; n += 1) {
      fail(1);
      succeed(1);
    }
    fail(1);
    expect(breaker.state()).toBe('closed');
    fail(1);
    expect(breaker.state()).toBe('open');
  });

  it('looks at the latest twenty only', () => {
    succeed(100);
    for (let n = 0; n < 9; n += 1) {
      fail(1);
      succeed(1);
    }
    expect(breaker.state()).toBe('closed');
    fail(1);
    expect(breaker.state()).toBe('open');
  });

  it('lets one probe through at a time, and closes after three good ones', () => {
    fail(5);
    clock.advance(2000);
    expect(breaker.state()).toBe('half-open');
    const first = pass();
    expect(breaker.tryPass()).toBeNull();
    first.succeeded();
    succeed(1);
    expect(breaker.state()).toBe('half-open');
    succeed(1);

    expect(breaker.state()).toBe('closed');
    fail(4);
    expect(breaker.state()).toBe('closed');
  });

  it('takes a probe back that says nothing of the target', () => {
    fail(5);
    clock.advance(2000);
    pass().neutral();

    expect(breaker.state()).toBe('half-open');
    expect(breaker.tryPass()).not.toBeNull();
  });

  it('hears one verdict of each pass', () => {
    fail(4);
    const once = pass();
    once.neutral();
    once.failed();
    once.failed();

    expect(breaker.state()).toBe('closed');
    expect(told).toHaveLength(4);
  });

  it('does not count late verdicts of calls that began before it opened', () => {
    const early = Array.from({ length: 20 }, pass);
    early.slice(0, 10).forEach(one => one.failed());
    expect(breaker.opensFor()).toBe(2000);
    clock.advance(2000);
    early[10]?.failed();
    early[11]?.succeeded();
    expect(breaker.state()).toBe('half-open');
    succeed(3);
    early.slice(12).forEach(one => one.failed());

    expect(breaker.state()).toBe('closed');
    expect(told).toHaveLength(19);
  });

  it('lets another probe through beside one that takes longer than ten seconds, and hears both', () => {
    fail(5);
    clock.advance(2000);
    const slow = pass();
    clock.advance(9999);
    expect(breaker.tryPass()).toBeNull();
    clock.advance(1);
    const next = pass();
    expect(breaker.tryPass()).toBeNull();
    next.succeeded();
    slow.succeeded();
    succeed(1);
    expect(breaker.state()).toBe('closed');
  });

  it('opens again when the slower of two probes fails', () => {
    fail(5);
    clock.advance(2000);
    const hanging = pass();
    clock.advance(10_000);
    succeed(1);
    hanging.failed();
    expect(breaker.state()).toBe('open');
  });

  it('wastes one attempt per window on a target that is dead, and waits longer and longer', () => {
    const attempts = attemptsOn(() => false, 600_000);

    expect(attempts.slice(0, 5)).toEqual([0, 10, 20, 30, 40]);
    expect(attempts.slice(5).map(at => at - 40)).toEqual([
      2000, 6000, 14_000, 30_000, 62_000, 122_000, 182_000, 242_000, 302_000, 362_000, 422_000, 482_000,
      542_000,
    ]);
  });

  it.each([
    [0, 1800],
    [1, 2200],
  ])('spreads the window: %d', (value, windowMs) => {
    random.value = value;
    fail(5);

    expect(breaker.opensFor()).toBeCloseTo(windowMs);
  });

  it('goes on with longer windows for a target that fails again within a minute', () => {
    fail(5);
    clock.advance(2000);
    succeed(3);
    clock.advance(59_999);
    fail(5);
    expect(breaker.opensFor()).toBe(4000);
    clock.advance(4000);
    succeed(3);
    clock.advance(60_000);
    fail(5);
    expect(breaker.opensFor()).toBe(2000);
  });

  it('does not oscillate with a target that flaps, however chance falls', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1000, max: 20_000 }),
        fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 7, maxLength: 7 }),
        (phaseMs, chances) => {
          clock = new TestClock();
          let drawn = 0;
          random = new Loaded();
          random.next = () => chances[drawn++ % chances.length] ?? 0;
          breaker = new CircuitBreaker(clock, random);
          const isUp = (ms: number): boolean => Math.floor(ms / phaseMs) % 2 === 1;
          const failures = attemptsOn(isUp, 600_000).filter(at => !isUp(at));

          // Windows reach a minute within the first five; from then on a minute sees one opening at most.
          expect(failures.filter(at => at > 300_000).length).toBeLessThanOrEqual(5 * 6);
        },
      ),
      { numRuns: 50 },
    );
  });

  describe('with other gateways', () => {
    it('leaves a target alone for the rest of their window, and tells nobody what it was told', () => {
      breaker.openAsOthers(1500, 4000);
      expect(breaker.opensFor()).toBe(1500);
      expect(breaker.ownOpening()).toBeNull();
      clock.advance(1500);
      pass().failed();

      expect(breaker.opensFor()).toBe(8000);
      expect(breaker.ownOpening()).toMatchObject({ windowMs: 8000, remainingMs: 8000 });
    });

    it('hears nobody while a probe of its own is under way', () => {
      fail(5);
      clock.advance(2000);
      const probe = pass();
      breaker.openAsOthers(5000, 8000);
      probe.succeeded();
      succeed(2);

      expect(breaker.state()).toBe('closed');
    });

    it('believes itself while it is answered', () => {
      succeed(1);
      clock.advance(9999);
      breaker.openAsOthers(5000, 8000);
      expect(breaker.state()).toBe('closed');
      fail(1);
      breaker.openAsOthers(5000, 8000);
      expect(breaker.state()).toBe('open');
    });

    it('believes the others when it was not answered lately', () => {
      succeed(1);
      clock.advance(10_000);
      breaker.openAsOthers(5000, 8000);

      expect(breaker.state()).toBe('open');
    });

    it('waits as long as whoever waits longest, and never for nonsense', () => {
      fail(5);
      breaker.openAsOthers(5000, 8000);
      expect(breaker.opensFor()).toBe(5000);
      breaker.openAsOthers(1000, 2000);
      expect(breaker.opensFor()).toBe(5000);
      breaker.openAsOthers(1e12, 1e12);
      expect(breaker.opensFor()).toBeLessThanOrEqual(66_000);
    });

    it('numbers its openings', () => {
      expect(breaker.ownOpening()).toBeNull();
      fail(5);
      const first = breaker.ownOpening();
      clock.advance(2000);
      fail(1);
      const second = breaker.ownOpening();
      clock.advance(4000);
      succeed(3);

      expect(new Set([first?.number, second?.number]).size).toBe(2);
      expect(breaker.ownOpening()).toBeNull();
    });
  });

  /** When a caller that tries every 10 ms was let through, in ms; whether it goes well depends on the time. */
  function attemptsOn(isUp: (ms: number) => boolean, forMs: number): number[] {
    const attempts: number[] = [];
    for (let ms = 0; ms < forMs; ms += 10) {
      const given = breaker.tryPass();
      if (given) {
        attempts.push(ms);
        if (isUp(ms)) {
          given.succeeded();
        } else {
          given.failed();
        }
      }
      clock.advance(10);
    }
    return attempts;
  }
});

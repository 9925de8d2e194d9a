import type { Clock } from '@app/shared';
import type { Random } from './random.js';

const FAILURES_IN_A_ROW = 5;
/** The latest verdicts, of which half may not be failures. */
const REMEMBERED = 20;
const ENOUGH = 10;
const FIRST_WINDOW_MS = 2000;
const LONGEST_WINDOW_MS = 60_000;
/** Gateways and targets that failed together shall not be tried together. */
const JITTER = 0.1;
/** So many in a row close a breaker. */
export const GOOD_PROBES = 3;
/** Who opens again so soon after closing was not well: its window goes on growing, in ms. */
const FLAPPING_MS = 60_000;
/** Who had an answer so lately, and no failure since, sees for itself that the target is well, in ms. */
const WELL_MS = 10_000;
/** After so long another probe is allowed beside one without a verdict: it may hang, or be a long answer. In ms. */
const PROBE_LEASE_MS = 10_000;

export type BreakerState = 'closed' | 'open' | 'half-open';

/** A time for which a target is left alone. */
export interface Opening {
  /** Another one for each opening of a breaker. */
  readonly number: number;
  readonly remainingMs: number;
  /** How long it was at first, but for chance: the next may be twice as long. */
  readonly windowMs: number;
}

/** Leave to try a target once. Say how it went, in one of three ways, as soon as it is known; the first one counts. */
export interface Pass {
  /** The target answered. */
  succeeded(): void;
  /** @param status what the target answered, or null when it never did */
  failed(status?: number | null): void;
  /** Nothing is known of the target: the caller left, or the vendor refused this very request. */
  neutral(): void;
}

/**
 * Keeps calls away from a target that fails: for a window of time nobody is let through, then one probe at a time (another
 * one for each ten seconds that it takes). A window doubles with each failed probe, so that one attempt at most is wasted per
 * window; verdicts of calls that began before the breaker last opened or closed are late, and count for nothing.
 */
export class CircuitBreaker {
  /** Grows with every opening and closing. */
  private era = 0;
  private closed = true;
  /** Verdicts as bits, the latest lowest: 1 is a failure. */
  private verdicts = 0;
  private counted = 0;
  private inARow = 0;
  private windowMs = 0;
  private opensUntil = 0;
  private closedAt = -Infinity;
  private succeededAt = -Infinity;
  private goodProbes = 0;
  private probe: BreakerPass | null = null;
  private nextProbeAt = 0;
  private toldByOthers = false;

  /** @param told what was heard last, of any call */
  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly told: (status: number | null) => void = () => undefined,
  ) {}

  state(): BreakerState {
    if (this.closed) {
      return 'closed';
    }
    return this.clock.ticks() < this.opensUntil ? 'open' : 'half-open';
  }

  /** In how many ms a probe is allowed; 0 when nothing but another probe can be in its way. */
  opensFor(): number {
    return this.closed ? 0 : Math.max(0, this.opensUntil - this.clock.ticks());
  }

  /** Null when the target may not be tried now. */
  tryPass(): Pass | null {
    if (this.closed) {
      return new BreakerPass(this, this.era);
    }
    const now = this.clock.ticks();
    if (now < this.opensUntil || (this.probe && now < this.nextProbeAt)) {
      return null;
    }
    this.probe = new BreakerPass(this, this.era);
    this.nextProbeAt = now + PROBE_LEASE_MS;
    return this.probe;
  }

  /** The opening that this gateway found out itself and that lasts, for the others; each has another number. */
  ownOpening(): Opening | null {
    const isOwn = !this.closed && !this.toldByOthers;
    return isOwn ? { number: this.era, remainingMs: this.opensFor(), windowMs: this.windowMs } : null;
  }

  /**
   * Another gateway found the target failing: it is left alone for the rest of that window, then probed as ever. What we
   * see ourselves goes before: a gateway that cannot reach a vendor must not take it from the others.
   */
  openAsOthers(remainingMs: number, windowMs: number): void {
    if (this.probe || (this.closed && this.isSeenWell())) {
      return;
    }
    const theirs = Math.min(windowMs, LONGEST_WINDOW_MS);
    if (this.closed) {
      this.era += 1;
      this.closed = false;
      this.toldByOthers = true;
      this.windowMs = theirs;
    }
    this.goodProbes = 0;
    this.windowMs = Math.max(this.windowMs, theirs);
    const until = this.clock.ticks() + Math.min(remainingMs, LONGEST_WINDOW_MS * (1 + JITTER));
    this.opensUntil = Math.max(this.opensUntil, until);
  }

  /** For passes only. */
  settle(pass: BreakerPass, failed: boolean | null, status: number | null): void {
    if (failed) {
      this.told(status);
    } else if (failed === false) {
      this.succeededAt = this.clock.ticks();
    }
    if (pass === this.probe) {
      this.probe = null;
    }
    if (pass.era !== this.era) {
      return;
    }
    if (!this.closed) {
      this.judgeProbe(failed);
    } else if (failed !== null) {
      this.judge(failed);
    }
  }

  private isSeenWell(): boolean {
    return this.inARow === 0 && this.clock.ticks() - this.succeededAt < WELL_MS;
  }

  private judge(failed: boolean): void {
    this.inARow = failed ? this.inARow + 1 : 0;
    this.verdicts = ((this.verdicts << 1) | Number(failed)) & ((1 << REMEMBERED) - 1);
    this.counted = Math.min(this.counted + 1, REMEMBERED);
    if (!failed) {
      return;
    }
    const mostFail = this.counted >= ENOUGH && 2 * bitsIn(this.verdicts) >= this.counted;
    if (mostFail || this.inARow >= FAILURES_IN_A_ROW) {
      const flaps = this.clock.ticks() - this.closedAt < FLAPPING_MS;
      this.open(flaps ? 2 * this.windowMs : FIRST_WINDOW_MS);
    }
  }

  private judgeProbe(failed: boolean | null): void {
    if (failed) {
      this.open(2 * this.windowMs);
    } else if (failed === false) {
      this.goodProbes += 1;
      if (this.goodProbes === GOOD_PROBES) {
        this.close();
      }
    }
  }

  private open(windowMs: number): void {
    this.era += 1;
    this.closed = false;
    this.toldByOthers = false;
    this.goodProbes = 0;
    this.windowMs = Math.min(windowMs, LONGEST_WINDOW_MS);
    const jittered = this.windowMs * (1 + JITTER * (2 * this.random.next() - 1));
    this.opensUntil = this.clock.ticks() + jittered;
  }

  private close(): void {
    this.era += 1;
    this.closed = true;
    this.closedAt = this.clock.ticks();
    this.verdicts = 0;
    this.counted = 0;
    this.inARow = 0;
  }
}

/** One object per attempt; a second verdict is no verdict. */
class BreakerPass implements Pass {
  private settled = false;

  constructor(
    private readonly breaker: CircuitBreaker,
    readonly era: number,
  ) {}

  succeeded(): void {
    this.settle(false, null);
  }

  failed(status: number | null = null): void {
    this.settle(true, status);
  }

  neutral(): void {
    this.settle(null, null);
  }

  private settle(failed: boolean | null, status: number | null): void {
    if (!this.settled) {
      this.settled = true;
      this.breaker.settle(this, failed, status);
    }
  }
}

function bitsIn(word: number): number {
  let bits = 0;
  for (let rest = word; rest !== 0; rest &= rest - 1) {
    bits += 1;
  }
  return bits;
}

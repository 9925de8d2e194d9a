import type { RelayFacts } from '../voice-facts.entity.js';

/** Of the calls of a second, to 2.5 %, in ms. */
export class Percentiles {
  /** @example 310 */
  readonly p50!: number;
  /** @example 840 */
  readonly p95!: number;
  /** @example 1290 */
  readonly p99!: number;
}

/** Sessions that ended: how long the gateway held their frames. */
export class FeedRelay implements Pick<RelayFacts, 'frames' | 'meanUs' | 'p99Us'> {
  /** @example 1480 */
  readonly frames!: number;
  /**
   * On average, in microseconds.
   *
   * @example 42
   */
  readonly meanUs!: number;
  /**
   * Of the session that waited longest: 99 of a hundred no longer than that, in microseconds.
   *
   * @example 310
   */
  readonly p99Us!: number;
}

/** What the calls that ended in one second add up to. */
export class FeedSecond {
  /**
   * Its end: ISO 8601, UTC.
   *
   * @example 2026-11-25T10:20:30.456Z
   */
  readonly at!: string;
  /**
   * Gateways whose calls these are.
   *
   * @example 2
   */
  readonly gateways!: number;
  /** @example 12 */
  readonly calls!: number;
  /**
   * Of these, calls that were sent as events.
   *
   * @example 12
   */
  readonly shownCalls!: number;
  /**
   * That the vendor failed, or the gateway refused.
   *
   * @example 0
   */
  readonly failedCalls!: number;
  /**
   * That their callers left.
   *
   * @example 0
   */
  readonly abortedCalls!: number;
  /** @example 3 */
  readonly cachedCalls!: number;
  /** @example 14400 */
  readonly inputTokens!: number;
  /** @example 2300 */
  readonly outputTokens!: number;
  /**
   * In billionths of a US dollar; what has no known price is not in it.
   *
   * @example 1512000
   */
  readonly costNanoUsd!: number;
  /** @example 126000 */
  readonly savedNanoUsd!: number;
  /** From the arrival of a call to its end; null where there is none, as of the next ones. Realtime sessions are not in it. */
  readonly latencyMs!: Percentiles | null;
  readonly firstTokenMs!: Percentiles | null;
  /** Of answers in realtime sessions: until the first sound. */
  readonly firstSoundMs!: Percentiles | null;
  /** Of those that their callers broke off: until they fell silent. */
  readonly bargeInMs!: Percentiles | null;
  /** Null when no session has ended. */
  readonly relay!: FeedRelay | null;
}

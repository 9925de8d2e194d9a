/** Time to the first token of a target's streams, in ms; where there were none, to its whole answers. */
export class FirstTokenTimes {
  /**
   * Moving average, of which later calls count more.
   * @example 412.5
   */
  readonly average!: number;
  /** @example 380.2 */
  readonly p50!: number;
  /** @example 1240.9 */
  readonly p95!: number;
}

/** An attempt at a target that failed. */
export class FailedAttempt {
  /**
   * What the vendor answered; null when it never did.
   * @example 503
   */
  readonly status!: number | null;
  /** @example 2026-11-26T10:00:00.000Z */
  readonly at!: string;
}

/** Whether a target gets calls. */
export class BreakerStatus {
  /**
   * `open`: it failed and gets no calls; `half-open`: one call at a time tries whether it is well again.
   * @example closed
   */
  readonly breaker!: 'closed' | 'open' | 'half-open';
  /**
   * In how many ms an open target is tried again; else 0.
   * @example 0
   */
  readonly opensForMs!: number;
}

/** A project whose calls with keys of its own failed at a target, and are kept from it. */
export class OwnKeysStatus extends BreakerStatus {
  /** @example 01936f5a-7c1e-7a1b-8f00-0123456789ab */
  readonly projectId!: string;
}

/**
 * What this gateway knows of a target now: from its own calls; how fast it is, without samples, from other gateways'.
 * `breaker` is about calls with the gateway's key.
 */
export class TargetStatus extends BreakerStatus {
  /**
   * Vendor and model.
   * @example openai/gpt-5
   */
  readonly id!: string;
  /** What a project meets with its own key is kept from that project alone. Those that get their calls are not listed. */
  readonly ownKeys!: OwnKeysStatus[];
  /**
   * Calls in flight.
   * @example 3
   */
  readonly openCalls!: number;
  /**
   * Calls on which `firstTokenMs` rests. What was not measured for five minutes is forgotten.
   * @example 1280
   */
  readonly samples!: number;
  /** Null when nothing is known. */
  readonly firstTokenMs!: FirstTokenTimes | null;
  /**
   * Moving average of the speed of answers once they flow; null when nothing is known.
   * @example 84.2
   */
  readonly tokensPerSecond!: number | null;
  /**
   * Moving average of the length of answers, in tokens; null when nothing is known.
   * @example 310.7
   */
  readonly outputTokens!: number | null;
  /**
   * Attempts that failed since this gateway first used it, whosever key it was.
   * @example 2
   */
  readonly failures!: number;
  readonly lastFailure!: FailedAttempt | null;
}

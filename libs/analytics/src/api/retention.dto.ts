import type { KeptKind } from '../domain/retention.js';

class Retained {
  /**
   * For how many days; null: for good; 0: none are kept.
   *
   * @example 90
   */
  readonly days!: number | null;

  /**
   * When the oldest one was received, ISO 8601, UTC; null: there is none.
   *
   * @example 2026-11-28T10:20:30.456Z
   */
  readonly since!: string | null;
}

export class RetainedOfProject extends Retained {
  /** @example 01936f5a-7c1e-7a1b-8f00-0123456789ab */
  readonly projectId!: string;
}

/** What is kept of one kind: `days` as the environment of this gateway says, where a project does not say otherwise. */
export class RetainedKind extends Retained {
  /**
   * `usage`: records of calls, with their corrections; `labels`: sums by end user and tag; `decisions`: how their vendors were chosen; `responses`: those that are kept for
   * callers, with conversations, whose days count from the last thing said; `transcriptions`: what was heard; `audit`: the audit trail.
   *
   * @example usage
   */
  readonly kind!: KeptKind['kind'];

  /** The projects that say otherwise. */
  readonly projects!: RetainedOfProject[];
}

export class RetentionView {
  readonly data!: RetainedKind[];
}

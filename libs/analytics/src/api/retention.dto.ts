import type { KeptKind } from '../domain/retention.js';

/** What is kept of one kind. */
export class RetainedKind {
  /**
   * `usage`: records of calls, with their corrections; `decisions`: how their vendors were chosen; `audit`: the audit trail.
   *
   * @example usage
   */
  readonly kind!: KeptKind['kind'];

  /**
   * For how many days, as the environment of this gateway says; null: for good.
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

export class RetentionView {
  readonly data!: RetainedKind[];
}

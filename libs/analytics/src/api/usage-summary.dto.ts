import { OmitType } from '@nestjs/swagger';
import { Distribution } from '../domain/rollups/distribution.entity.js';

class BucketOfView {
  /**
   * When the interval begins: ISO 8601, UTC.
   *
   * @example 2026-11-24T00:00:00.000Z
   */
  readonly start!: string;

  /**
   * Only when projects are told apart.
   *
   * @example 01936f5a-7c1e-7a1b-8f00-0123456789ab
   */
  readonly projectId?: string;

  /**
   * Only when keys are told apart.
   *
   * @example 01936f5a-7c1e-7a1b-8f00-0123456789ab
   */
  readonly keyId?: string;

  /**
   * Path that was called; only when endpoints are told apart.
   *
   * @example /v1/chat/completions
   */
  readonly endpoint?: string;

  /**
   * Vendor id, null for calls of which no vendor was found; only when vendors are told apart.
   *
   * @example openai
   */
  readonly provider?: string | null;

  /**
   * The vendor's own name of the model that was used, null when there was none; only when models are told apart.
   *
   * @example gpt-5-mini
   */
  readonly model?: string | null;

  /**
   * Whom calls were made for; only when end users are told apart.
   *
   * @example user-4711
   */
  readonly endUser?: string | null;

  /**
   * One of those in their `x-llmhub-tags`; only when tags are told apart.
   *
   * @example team:search
   */
  readonly tag?: string | null;

  /**
   * Only with `top`: all groups that are not told by themselves.
   *
   * @example true
   */
  readonly other?: true;
}

class BucketView extends BucketOfView {
  /**
   * Usage records: one for each call, one more for each attempt that was given up, and for work in the background.
   *
   * @example 120
   */
  readonly calls!: number;

  /**
   * Those that failed, before the first byte of the answer or behind it.
   *
   * @example 2
   */
  readonly failedCalls!: number;

  /**
   * Those in the middle of which a gateway was killed.
   *
   * @example 0
   */
  readonly unsettledCalls!: number;

  /**
   * Those that ended without a known cost: nobody knows a price, or they are unsettled. `correctedNanoUsd` has what was found out since.
   *
   * @example 1
   */
  readonly unpricedCalls!: number;

  /**
   * Those whose tokens are estimated, since the vendor told none.
   *
   * @example 0
   */
  readonly estimatedCalls!: number;

  /**
   * Tokens of prompts, those from and for caches included.
   *
   * @example 48000
   */
  readonly inputTokens!: number;

  /**
   * The part of `inputTokens` that a cache had.
   *
   * @example 12000
   */
  readonly cacheReadTokens!: number;

  /**
   * The part of `inputTokens` that was written to a cache.
   *
   * @example 0
   */
  readonly cacheWriteTokens!: number;

  /**
   * Tokens of answers, reasoning included.
   *
   * @example 9600
   */
  readonly outputTokens!: number;

  /**
   * The part of `outputTokens` that was reasoning.
   *
   * @example 3200
   */
  readonly reasoningTokens!: number;

  /**
   * Audio that was transcribed, in ms.
   *
   * @example 0
   */
  readonly audioMs!: number;

  /**
   * What all that costs by now, in billionths of a US dollar: a whole number as text, since it may be beyond 2⁵³.
   *
   * @example 31200000
   */
  readonly costNanoUsd!: string;

  /**
   * The part of `costNanoUsd` by which corrections changed it, likewise.
   *
   * @example -1200000
   */
  readonly correctedNanoUsd!: string;

  /**
   * `costNanoUsd` in US dollars, as near as a JSON number comes.
   *
   * @example 0.0312
   */
  readonly costUsd!: number;

  /**
   * What the cache and prompt passes saved: what these calls would have cost without them, less what they cost, as `costNanoUsd` is
   * told. Below zero where cache marks cost more than they saved.
   *
   * @example 5400000
   */
  readonly savedNanoUsd!: string;
}

/** Of an interval in which calls came. */
export class AdminUsageBucket extends BucketView {}

/** Of an interval in which calls came. */
export class UsageBucketView extends OmitType(BucketView, ['projectId']) {}

/** Of an interval in which calls were timed. */
export class AdminLatencyBucket extends OmitType(BucketOfView, ['other']) {
  /** From the arrival of a call to its end; null when none was timed. Realtime sessions and unsettled calls are not in it. */
  readonly latencyMs!: Distribution | null;
  /** To the first token; streams only. */
  readonly firstTokenMs!: Distribution | null;
}

/** Of an interval in which calls were timed. */
export class LatencyBucketView extends OmitType(AdminLatencyBucket, ['projectId']) {}

export class SummaryView {
  /**
   * From then on: ISO 8601, UTC, a whole hour.
   *
   * @example 2026-11-24T00:00:00.000Z
   */
  readonly from!: string;

  /**
   * Until then.
   *
   * @example 2026-12-01T00:00:00.000Z
   */
  readonly to!: string;
}

export class UsageSummaryView extends SummaryView {
  /** By time, at most 10 000. Intervals without any calls are left out. */
  readonly data!: UsageBucketView[];
}

export class AdminUsageSummary extends SummaryView {
  /** By time, at most 10 000. Intervals without any calls are left out. */
  readonly data!: AdminUsageBucket[];
}

export class LatencyView extends SummaryView {
  /** By time, at most 2000. */
  readonly data!: LatencyBucketView[];
}

export class AdminLatencies extends SummaryView {
  /** By time, at most 2000. */
  readonly data!: AdminLatencyBucket[];
}

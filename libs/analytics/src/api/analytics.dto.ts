import { OmitType, PickType } from '@nestjs/swagger';
import { AdminUsageBucket, SummaryView } from './usage-summary.dto.js';

const OF = [
  'start',
  'projectId',
  'keyId',
  'endpoint',
  'provider',
  'model',
  'endUser',
  'tag',
  'other',
] as const;
export const SPEND = [
  ...OF,
  'calls',
  'unpricedCalls',
  'costNanoUsd',
  'correctedNanoUsd',
  'costUsd',
] as const satisfies (keyof AdminUsageBucket)[];
export const SAVINGS = [
  ...OF,
  'calls',
  'inputTokens',
  'cacheReadTokens',
  'costNanoUsd',
  'savedNanoUsd',
] as const satisfies (keyof AdminUsageBucket)[];
export class SpendBucket extends PickType(AdminUsageBucket, SPEND) {}

export class ConsumptionBucket extends OmitType(AdminUsageBucket, [
  'costNanoUsd',
  'correctedNanoUsd',
  'costUsd',
  'savedNanoUsd',
]) {}

export class SavingsBucket extends PickType(AdminUsageBucket, SAVINGS) {
  /**
   * The part that was saved of what the calls would have cost without cache and prompt passes; null when that is nothing.
   *
   * @example 0.18
   */
  readonly savedShare!: number | null;

  /**
   * The part of the prompts' tokens that caches of vendors had; null without any.
   *
   * @example 0.25
   */
  readonly cacheReadShare!: number | null;
}

export class Spend extends SummaryView {
  /** By time, at most 10 000. Intervals without any calls are left out. */
  readonly data!: SpendBucket[];
}

export class Consumption extends SummaryView {
  /** By time, at most 10 000. Intervals without any calls are left out. */
  readonly data!: ConsumptionBucket[];
}

export class Savings extends SummaryView {
  /** By time, at most 10 000. Intervals without any calls are left out. */
  readonly data!: SavingsBucket[];
}

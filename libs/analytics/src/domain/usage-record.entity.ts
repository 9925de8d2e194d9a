import type { FinishReason } from '@app/dialects';
import { IsIn } from 'class-validator';

export const OUTCOMES = ['completed', 'failed', 'aborted', 'cut'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What one call consumed and cost. Every call leaves exactly one, whatever became of it; it is never changed. */
export class UsageRecord {
  /** The call's id (UUIDv7), which the caller got as `x-request-id`. */
  readonly id!: string;
  readonly projectId!: string;
  readonly keyId!: string;
  /** Path that was called, e.g. `/v1/chat/completions`. */
  readonly endpoint!: string;
  /** Vendor id; null when no vendor was found. */
  readonly provider!: string | null;
  /** Model name as the caller asked; null when the request was not readable. */
  readonly modelAsked!: string | null;
  /** The vendor's own name of the model. */
  readonly modelUsed!: string | null;
  /** The vendor's id of the answer. Vendors reuse theirs, so it is no key. */
  readonly upstreamId!: string | null;
  readonly stream!: boolean;
  /** `aborted`: the caller left. `cut`: the vendor failed after the first byte. `failed`: it failed before. */
  @IsIn(OUTCOMES)
  readonly outcome!: Outcome;
  /** HTTP status that was sent, or meant when the caller had left. */
  readonly status!: number;
  readonly finish!: FinishReason | null;
  readonly errorCode!: string | null;
  /** All prompt tokens, cached ones included. */
  readonly inputTokens!: number;
  readonly cacheReadTokens!: number;
  readonly cacheWriteTokens!: number;
  /** All produced tokens, reasoning included. */
  readonly outputTokens!: number;
  readonly reasoningTokens!: number;
  readonly audioInputTokens!: number;
  readonly audioOutputTokens!: number;
  /** Audio length where the vendor bills by time, in ms. */
  readonly audioMs!: number | null;
  /** True when the vendor told no usage and the gateway guessed it. */
  readonly estimated!: boolean;
  /** In billionths of a US dollar; null when the price is not known. */
  readonly costNanoUsd!: number | null;
  /** False when the price was taken from a similar model or service tier; null without a cost. */
  readonly priceExact!: boolean | null;
  /** From the arrival of the call to its end, in ms. */
  readonly latencyMs!: number;
  /** From the arrival of the call to the vendor's first byte, in ms; streams only. */
  readonly firstTokenMs!: number | null;
  /** Requests sent to vendors. */
  readonly attempts!: number;
  /** True when a cache of ours answered. */
  readonly cached!: boolean;
  /** Unix ms. */
  readonly receivedAt!: number;
}

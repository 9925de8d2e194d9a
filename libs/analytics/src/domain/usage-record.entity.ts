import type { FinishReason } from '@app/dialects';
import { IsIn } from 'class-validator';
import { BilledFacts } from './billed-facts.entity.js';
import { BudgetCharge } from './budget-charge.entity.js';
import { VoiceFacts } from './voice-facts.entity.js';

export const OUTCOMES = ['completed', 'failed', 'aborted', 'cut', 'unsettled'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/**
 * What one call consumed and cost. Every call leaves exactly one, whatever became of it; it is never changed. Work that a
 * vendor did in the background leaves one more when its usage is first told.
 */
export class UsageRecord {
  /**
   * The call's id (UUIDv7), which the caller got as `x-request-id`; of work in the background, and of attempts
   * that were given up, an id of its own (UUIDv8).
   *
   * @example 01936f5a-7c1e-7a1b-8f00-0123456789ab
   */
  readonly id!: string;
  /** @example 01936f5a-7c1e-7a1b-8f00-0123456789ab */
  readonly projectId!: string;
  /** @example 01936f5a-7c1e-7a1b-8f00-0123456789ab */
  readonly keyId!: string;
  /**
   * Whom the call was made for: `x-llmhub-user`, or `safety_identifier`, `user` or Anthropic's `metadata.user_id` in its body; null
   * when nobody said.
   *
   * @example user-4711
   */
  readonly endUser!: string | null;
  /**
   * What it was for: those of `x-llmhub-tags`.
   *
   * @example ["team:search"]
   */
  readonly tags!: string[];
  /**
   * Path that was called, e.g. `/v1/chat/completions`.
   *
   * @example /v1/chat/completions
   */
  readonly endpoint!: string;
  /**
   * Vendor id; null when no vendor was found.
   *
   * @example openai
   */
  readonly provider!: string | null;
  /**
   * Model name as the caller asked; null when the request was not readable.
   *
   * @example openai/gpt-5-mini
   */
  readonly modelAsked!: string | null;
  /**
   * The vendor's own name of the model; null where no vendor was asked.
   *
   * @example gpt-5-mini
   */
  readonly modelUsed!: string | null;
  /**
   * The name that the vendor was asked for, where it answered under another one; null where it did not.
   *
   * @example gpt-5
   */
  readonly modelSent!: string | null;
  /**
   * The vendor's id of the answer. Vendors reuse theirs, so it is no key.
   *
   * @example chatcmpl-9a2e
   */
  readonly upstreamId!: string | null;
  /** @example false */
  readonly stream!: boolean;
  /**
   * `aborted`: the caller left. `cut`: the vendor failed after the first byte. `failed`: it failed before. `unsettled`: the
   * gateway was killed while the vendor worked, and nobody knows what that cost.
   *
   * @example completed
   */
  @IsIn(OUTCOMES)
  readonly outcome!: Outcome;
  /**
   * HTTP status that was sent, or meant when the caller had left.
   *
   * @example 200
   */
  readonly status!: number;
  /** @example stop */
  readonly finish!: FinishReason | null;
  /** @example rate_limit_exceeded */
  readonly errorCode!: string | null;
  /**
   * All prompt tokens, cached ones included.
   *
   * @example 120
   */
  readonly inputTokens!: number;
  /** @example 100 */
  readonly cacheReadTokens!: number;
  /** @example 0 */
  readonly cacheWriteTokens!: number;
  /**
   * All produced tokens, reasoning included.
   *
   * @example 48
   */
  readonly outputTokens!: number;
  /** @example 16 */
  readonly reasoningTokens!: number;
  /** @example 0 */
  readonly audioInputTokens!: number;
  /** @example 0 */
  readonly audioOutputTokens!: number;
  /**
   * Audio length where the vendor bills by time, in ms.
   *
   * @example 1500
   */
  readonly audioMs!: number | null;
  /**
   * What decides the cost besides these; null when there is nothing of it.
   *
   * @example { "vendorCharged": false, "serviceTier": "flex", "cacheWrite1hTokens": 0, "imageInputTokens": 0, "imageOutputTokens": 0, "toolRequests": 0, "searchUnits": 0, "characters": 0, "otherModels": 0 }
   */
  readonly billed!: BilledFacts | null;
  /**
   * True when the vendor told no usage and the gateway guessed it.
   *
   * @example false
   */
  readonly estimated!: boolean;
  /**
   * In billionths of a US dollar; null when the price is not known.
   *
   * @example 126000
   */
  readonly costNanoUsd!: number | null;
  /**
   * What budgets paid for the call while nobody knows what it cost: a hard one all that was set aside, where the cost is an estimate.
   * A settlement corrects that. Null where they paid `costNanoUsd`, and where none counts.
   */
  readonly budgetCharges!: BudgetCharge[] | null;
  /**
   * False when the price was taken from a similar model or service tier; null without a cost.
   *
   * @example true
   */
  readonly priceExact!: boolean | null;
  /**
   * The prices that the cost was reckoned with, those in force when the call arrived: the release of the bundled list, and
   * the number of your own before it. Null when nothing was reckoned: no usage was told, or the vendor said what it charged.
   *
   * @example 0.1.8+3
   */
  readonly priceVersion!: string | null;
  /**
   * From the arrival of the call to its end, in ms.
   *
   * @example 840
   */
  readonly latencyMs!: number;
  /**
   * From the arrival of the call to the vendor's first byte, in ms; streams only. Of an answer in a realtime session: from the end of
   * the caller's speech, or its request, to the first word or sound; null where nobody told since when it was waited for.
   *
   * @example 310
   */
  readonly firstTokenMs!: number | null;
  /**
   * Of a realtime session, or an answer in it; null for all other calls, and for answers without a sound.
   *
   * @example { "firstSoundMs": 410, "bargeInMs": null, "relay": null }
   */
  readonly voice!: VoiceFacts | null;
  /**
   * Requests sent to vendors.
   *
   * @example 1
   */
  readonly attempts!: number;
  /**
   * True when the gateway had the answer already, and asked no vendor: a repeated `Idempotency-Key`, or the cache.
   *
   * @example false
   */
  readonly cached!: boolean;
  /**
   * What the call would have cost without the cache, or without prompt passes, less what it cost, in billionths of a US dollar: as
   * much as the one whose answer it got; for passes an estimate where something was left out, and below zero where cache marks
   * cost more than they saved.
   *
   * @example 0
   */
  readonly savedNanoUsd!: number;
  /**
   * Unix ms.
   *
   * @example 1764066030456
   */
  readonly receivedAt!: number;
}

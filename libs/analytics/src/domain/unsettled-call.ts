import { NOTHING_KNOWN } from './billed-facts.js';
import { budgetCharges } from './budget-charges.js';
import type { UsageRecord } from './usage-record.entity.js';
import type { BegunCall } from './usage-spool.js';

/**
 * The record of a call whose gateway was killed while a vendor worked on it: nobody knows what it cost. Where budgets count, all
 * that was set aside for it.
 */
export function unsettledRecord({ charge, ...call }: BegunCall): UsageRecord {
  return {
    ...NOTHING_KNOWN,
    ...call,
    upstreamId: null,
    outcome: 'unsettled',
    status: 500,
    finish: null,
    errorCode: 'gateway_killed',
    inputTokens: 0,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: 0,
    reasoningTokens: 0,
    audioInputTokens: 0,
    audioOutputTokens: 0,
    audioMs: null,
    estimated: charge !== undefined,
    costNanoUsd: charge?.nanoUsd ?? null,
    budgetCharges: budgetCharges(charge),
    priceExact: null,
    latencyMs: 0,
    firstTokenMs: null,
    attempts: 1,
    cached: false,
  };
}

import { cost, type PriceList } from '@app/providers';
import { usageIn } from '../billed-facts.js';
import type { UsageRecord } from '../usage-record.entity.js';
import { SETTLED } from './correction-chain.js';
import type { UsageCorrection } from './usage-correction.entity.js';

/**
 * Why a record cannot be reckoned anew: the vendor said what it charged; no price had been asked for (no usage was told, or an
 * earlier release wrote it); the usage of other models was not kept; an administrator said what it cost.
 */
export const SKIP_REASONS = ['vendorCharged', 'notPriced', 'otherModels', 'settled'] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

/** @param last the record's latest correction @returns null when the record tells all that decides its cost */
export function skipReason(
  { priceVersion, billed }: UsageRecord,
  last: UsageCorrection | undefined,
): SkipReason | null {
  if (last?.toVersion === SETTLED) {
    return 'settled';
  }
  if (billed?.vendorCharged) {
    return 'vendorCharged';
  }
  if (priceVersion === null) {
    return 'notPriced';
  }
  return billed && billed.otherModels > 0 ? 'otherModels' : null;
}

/** What the call of a record would have cost by these prices, at its time, in nano-USD; null when they do not tell. */
export function repriced(record: UsageRecord, prices: PriceList): number | null {
  const { provider, modelUsed, modelSent, receivedAt } = record;
  const priceOf = (model: string | null) =>
    provider && model ? prices.priceOf(provider, model, receivedAt) : null;
  return cost(priceOf(modelUsed) ?? priceOf(modelSent), usageIn(record));
}

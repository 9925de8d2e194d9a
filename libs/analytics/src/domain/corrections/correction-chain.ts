import type { Author } from '@app/shared';
import { correctionId } from '../record-id.js';
import type { UsageRecord } from '../usage-record.entity.js';
import type { UsageCorrection } from './usage-correction.entity.js';

/** In the place of a version of the prices: somebody said what the call cost. */
export const SETTLED = 'settled';

/** In nano-USD, null when nobody knows it. @param last the record's latest correction */
export function costNow(record: UsageRecord, last: UsageCorrection | undefined): number | null {
  return last ? last.costNanoUsd : record.costNanoUsd;
}

/** The next of its chain. */
export function correctionOf(
  record: UsageRecord,
  last: UsageCorrection | undefined,
  { cost, version }: { readonly cost: number; readonly version: string },
  by: Author,
): UsageCorrection {
  const number = (last?.number ?? 0) + 1;
  const before = costNow(record, last);
  return {
    id: correctionId(record.id, number),
    usageId: record.id,
    number,
    projectId: record.projectId,
    keyId: record.keyId,
    provider: record.provider,
    model: record.modelUsed,
    fromVersion: last ? last.toVersion : record.costNanoUsd === null ? null : record.priceVersion,
    toVersion: version,
    costNanoUsd: cost,
    differenceNanoUsd: cost - (before ?? 0),
    authorId: by.id,
    authorName: by.name,
    receivedAt: record.receivedAt,
    createdAt: by.at,
  };
}

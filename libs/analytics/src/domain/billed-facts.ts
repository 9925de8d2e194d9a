import type { Usage } from '@app/dialects';
import { isCharged } from '@app/providers';
import type { UsageRecord } from './usage-record.entity.js';
import { countOf, nameOf } from './stored-values.js';

/** What of a call decides its cost besides the usual tokens: rarely there, but without it nobody could reckon anew. */
export type BilledFacts = Pick<
  UsageRecord,
  | 'vendorCharged'
  | 'serviceTier'
  | 'cacheWrite1hTokens'
  | 'imageInputTokens'
  | 'imageOutputTokens'
  | 'toolRequests'
  | 'searchUnits'
  | 'otherModels'
>;

/** Of calls that told no usage. */
export const NOTHING_BILLED: BilledFacts = {
  vendorCharged: false,
  serviceTier: null,
  cacheWrite1hTokens: 0,
  imageInputTokens: 0,
  imageOutputTokens: 0,
  toolRequests: 0,
  searchUnits: 0,
  otherModels: 0,
};

/** What nobody knows of a call that was never settled, or in a record of an earlier release, in its spool or its documents. */
export const NOTHING_KNOWN = { ...NOTHING_BILLED, modelSent: null, priceVersion: null };

export function billedFacts(usage: Usage | null): BilledFacts {
  return usage === null
    ? NOTHING_BILLED
    : {
        vendorCharged: isCharged(usage),
        serviceTier: nameOf(usage.serviceTier),
        cacheWrite1hTokens: countOf(usage.cacheWrite1hTokens),
        imageInputTokens: countOf(usage.imageInputTokens),
        imageOutputTokens: countOf(usage.imageOutputTokens),
        toolRequests: countOf(usage.serverToolRequests),
        searchUnits: countOf(usage.searchUnits),
        otherModels: usage.extra?.length ?? 0,
      };
}

/** The usage that a record was made of, as far as it has a price in a list: not what other models used, nor a vendor's charge. */
export function usageIn(record: UsageRecord): Usage {
  const { audioMs, serviceTier } = record;
  return {
    inputTokens: record.inputTokens,
    cacheReadTokens: record.cacheReadTokens,
    cacheWriteTokens: record.cacheWriteTokens,
    cacheWrite1hTokens: record.cacheWrite1hTokens,
    outputTokens: record.outputTokens,
    reasoningTokens: record.reasoningTokens,
    audioInputTokens: record.audioInputTokens,
    audioOutputTokens: record.audioOutputTokens,
    imageInputTokens: record.imageInputTokens,
    imageOutputTokens: record.imageOutputTokens,
    serverToolRequests: record.toolRequests,
    searchUnits: record.searchUnits,
    ...(audioMs !== null && { audioSeconds: audioMs / 1000 }),
    ...(serviceTier !== null && { serviceTier }),
  };
}

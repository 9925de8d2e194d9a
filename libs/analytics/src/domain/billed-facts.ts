import { type Usage, wholeCount } from '@app/dialects';
import { isCharged, isStandardTier } from '@app/providers';
import { BilledFacts } from './billed-facts.entity.js';
import type { UsageRecord } from './usage-record.entity.js';
import { nameOf } from './stored-values.js';

const NOTHING: BilledFacts = {
  vendorCharged: false,
  serviceTier: null,
  cacheWrite1hTokens: 0,
  imageInputTokens: 0,
  imageOutputTokens: 0,
  toolRequests: 0,
  searchUnits: 0,
  characters: 0,
  otherModels: 0,
};

/** What nobody knows of a call that was never settled, or in a record of an earlier release, in its spool or its documents. */
export const NOTHING_KNOWN = {
  modelSent: null,
  priceVersion: null,
  billed: null,
  budgetCharges: null,
  savedNanoUsd: 0,
  voice: null,
  endUser: null,
  tags: [] as string[],
};

/** Null when the usage has nothing of it, as nearly always: nothing is written then. */
export function billedFacts(usage: Usage | null): BilledFacts | null {
  if (usage === null || !hasFacts(usage)) {
    return null;
  }
  const { serviceTier } = usage;
  return {
    vendorCharged: isCharged(usage),
    serviceTier: isStandardTier(serviceTier) ? null : nameOf(serviceTier),
    cacheWrite1hTokens: wholeCount(usage.cacheWrite1hTokens),
    imageInputTokens: wholeCount(usage.imageInputTokens),
    imageOutputTokens: wholeCount(usage.imageOutputTokens),
    toolRequests: wholeCount(usage.serverToolRequests),
    searchUnits: wholeCount(usage.searchUnits),
    characters: wholeCount(usage.characters),
    otherModels: usage.extra?.length ?? 0,
  };
}

function hasFacts(usage: Usage): boolean {
  return (
    isCharged(usage) ||
    !isStandardTier(usage.serviceTier) ||
    Boolean(
      usage.cacheWrite1hTokens ||
      usage.imageInputTokens ||
      usage.imageOutputTokens ||
      usage.serverToolRequests ||
      usage.searchUnits ||
      usage.characters ||
      usage.extra?.length,
    )
  );
}

/** Of a record. */
export function countsIn(usage: Usage | null) {
  return {
    inputTokens: wholeCount(usage?.inputTokens),
    cacheReadTokens: wholeCount(usage?.cacheReadTokens),
    cacheWriteTokens: wholeCount(usage?.cacheWriteTokens),
    outputTokens: wholeCount(usage?.outputTokens),
    reasoningTokens: wholeCount(usage?.reasoningTokens),
    audioInputTokens: wholeCount(usage?.audioInputTokens),
    audioOutputTokens: wholeCount(usage?.audioOutputTokens),
    audioMs: usage?.audioSeconds === undefined ? null : wholeCount(usage.audioSeconds * 1000),
  };
}

/** As the record has them. */
export function tokensOf({ inputTokens, outputTokens }: Usage): number {
  return wholeCount(inputTokens) + wholeCount(outputTokens);
}

/** The usage that a record was made of, as far as it has a price in a list: not what other models used, nor a vendor's charge. */
export function usageIn(record: UsageRecord): Usage {
  const { audioMs, billed } = record;
  const { serviceTier, toolRequests, ...facts } = billed ?? NOTHING;
  return {
    inputTokens: record.inputTokens,
    cacheReadTokens: record.cacheReadTokens,
    cacheWriteTokens: record.cacheWriteTokens,
    cacheWrite1hTokens: facts.cacheWrite1hTokens,
    outputTokens: record.outputTokens,
    reasoningTokens: record.reasoningTokens,
    audioInputTokens: record.audioInputTokens,
    audioOutputTokens: record.audioOutputTokens,
    imageInputTokens: facts.imageInputTokens,
    imageOutputTokens: facts.imageOutputTokens,
    serverToolRequests: toolRequests,
    searchUnits: facts.searchUnits,
    characters: facts.characters, // absent in records of earlier releases
    ...(audioMs !== null && { audioSeconds: audioMs / 1000 }),
    ...(serviceTier !== null && { serviceTier }),
  };
}

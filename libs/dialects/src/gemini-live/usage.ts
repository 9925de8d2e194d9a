import type { Usage } from '../domain/usage.js';
import type { Wire } from '../domain/wire.js';
import { writeUsage } from '../gemini/usage.js';

/** `usageMetadata` as sessions have it: what is said is called a response there, and thoughts are no part of the total. */
export function writeLiveUsage(usage: Usage): Wire {
  const { candidatesTokenCount, candidatesTokensDetails, ...rest } = writeUsage(usage, null);
  return {
    ...rest,
    responseTokenCount: candidatesTokenCount,
    ...(candidatesTokensDetails !== undefined && { responseTokensDetails: candidatesTokensDetails }),
    totalTokenCount: usage.inputTokens + usage.outputTokens - (usage.reasoningTokens ?? 0),
  };
}

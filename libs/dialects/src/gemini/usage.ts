import { costMember, type LlmHub } from '../domain/llmhub.js';
import { readCount, type Usage } from '../domain/usage.js';
import { numberOr, recordsOf, stringOr, type Wire, withoutUndefined } from '../domain/wire.js';
import { STANDARD_TIER } from './setting-fields.js';

/** What the answer showed beside its count. */
export interface SeenOutput {
  /** Text, a call or a medium came. */
  readonly any: boolean;
  /** The highest `candidatesTokenCount` that was reported before. */
  readonly tokens: number;
}

/**
 * `usageMetadata` (PROTOCOLS 1.8), meant or not: thoughts stand outside the output, tool results outside the prompt. Null when
 * nothing was counted.
 */
export function readUsage(meta: Wire, seen: SeenOutput): Usage | null {
  const prompt = readCount(meta['promptTokenCount']);
  const candidates = readCount(meta['candidatesTokenCount'] ?? meta['responseTokenCount']); // as the Live API calls it
  const thoughts = readCount(meta['thoughtsTokenCount']);
  if (prompt === undefined && candidates === undefined && thoughts === undefined) {
    return null;
  }
  const toolUse = readCount(meta['toolUsePromptTokenCount']);
  // Seen in streams and in whole answers with server tools: output, but no count of it.
  const estimated = candidates === undefined && seen.any;
  return withoutUndefined<Usage>({
    inputTokens: (prompt ?? 0) + (toolUse ?? 0),
    cacheReadTokens: numberOr(meta['cachedContentTokenCount'], undefined),
    outputTokens: (candidates ?? (estimated ? seen.tokens : 0)) + (thoughts ?? 0),
    reasoningTokens: thoughts,
    audioInputTokens: tokensOf('AUDIO', meta, 'promptTokensDetails', 'toolUsePromptTokensDetails'),
    audioOutputTokens: tokensOf('AUDIO', meta, 'candidatesTokensDetails', 'responseTokensDetails'),
    imageInputTokens: tokensOf('IMAGE', meta, 'promptTokensDetails', 'toolUsePromptTokensDetails'),
    imageOutputTokens: tokensOf('IMAGE', meta, 'candidatesTokensDetails', 'responseTokensDetails'),
    toolUsePromptTokens: toolUse,
    serviceTier: serviceTier(meta),
    estimated: estimated || undefined,
  });
}

/** The Gemini API names the tier, Vertex the kind of traffic. */
export function serviceTier(meta: Wire): string | undefined {
  const tier = stringOr(meta['serviceTier'], undefined);
  if (tier !== undefined) {
    return tier.toLowerCase();
  }
  const traffic = stringOr(meta['trafficType'], undefined);
  return traffic === 'ON_DEMAND' ? 'standard' : traffic?.replace(/^ON_DEMAND_/, '').toLowerCase();
}

function tokensOf(modality: string, meta: Wire, ...lists: string[]): number | undefined {
  let sum: number | undefined;
  for (const list of lists) {
    for (const entry of recordsOf(meta[list])) {
      if (entry['modality'] === modality) {
        sum = (sum ?? 0) + numberOr(entry['tokenCount'], 0);
      }
    }
  }
  return sum;
}

/** `usageMetadata`; cache writes have no place there. */
export function writeUsage(usage: Usage, llmhub: LlmHub | null): Wire {
  const { inputTokens, outputTokens, reasoningTokens, toolUsePromptTokens, serviceTier: tier } = usage;
  const prompt = inputTokens - (toolUsePromptTokens ?? 0);
  const candidates = outputTokens - (reasoningTokens ?? 0);
  return {
    promptTokenCount: prompt,
    ...(usage.cacheReadTokens !== undefined && { cachedContentTokenCount: usage.cacheReadTokens }),
    candidatesTokenCount: candidates,
    ...(reasoningTokens !== undefined && { thoughtsTokenCount: reasoningTokens }),
    ...(toolUsePromptTokens !== undefined && { toolUsePromptTokenCount: toolUsePromptTokens }),
    totalTokenCount: inputTokens + outputTokens,
    ...modalities('promptTokensDetails', prompt, {
      AUDIO: usage.audioInputTokens,
      IMAGE: usage.imageInputTokens,
    }),
    ...modalities('candidatesTokensDetails', candidates, {
      AUDIO: usage.audioOutputTokens,
      IMAGE: usage.imageOutputTokens,
    }),
    ...(tier !== undefined && { serviceTier: tier === 'default' ? STANDARD_TIER : tier }),
    ...costMember(usage, llmhub),
  };
}

/** What is none of the others is text. */
function modalities(list: string, total: number, counts: Readonly<Record<string, number | undefined>>): Wire {
  const known = Object.entries(counts).filter((entry): entry is [string, number] => entry[1] !== undefined);
  if (known.length === 0) {
    return {};
  }
  const text = known.reduce((rest, [, count]) => rest - count, total);
  const others = known.map(([modality, tokenCount]) => ({ modality, tokenCount }));
  return { [list]: [...(text > 0 ? [{ modality: 'TEXT', tokenCount: text }] : []), ...others] };
}

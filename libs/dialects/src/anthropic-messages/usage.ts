import { costMember, type LlmHub } from '../domain/llmhub.js';
import { readCount, type Usage } from '../domain/usage.js';
import { servedTier } from './service-tier.js';
import { isObject, listOr, numberOr, stringOr, type Wire, withoutUndefined } from '../domain/wire.js';

/**
 * Anthropic's `usage` (PROTOCOLS 1.8), meant or not: `input_tokens` leaves the cached ones out, and `iterations` that are no
 * `message` (an advisor, a compaction) are billed besides the totals.
 *
 * @param model that was asked; for iterations which name none
 */
export function readUsage(usage: Wire, model: string): Usage {
  const cacheReadTokens = numberOr(usage['cache_read_input_tokens'], undefined);
  const cacheWriteTokens = numberOr(usage['cache_creation_input_tokens'], undefined);
  const written = isObject(usage['cache_creation']) ? usage['cache_creation'] : {};
  const details = isObject(usage['output_tokens_details']) ? usage['output_tokens_details'] : {};
  const extra = listOr(usage['iterations']).flatMap(iteration => readExtra(iteration, model));
  return withoutUndefined<Usage>({
    inputTokens: promptTokens(usage),
    cacheReadTokens,
    cacheWriteTokens,
    cacheWrite1hTokens: numberOr(written['ephemeral_1h_input_tokens'], undefined),
    outputTokens: readCount(usage['output_tokens']) ?? 0,
    reasoningTokens: numberOr(details['thinking_tokens'], undefined),
    serverToolRequests: serverToolRequests(usage['server_tool_use']),
    serviceTier: serviceTier(usage),
    extra: extra.length > 0 ? extra : undefined,
  });
}

/** Fast mode has a price of its own, so it counts as a tier. */
export function serviceTier(usage: Wire): string | undefined {
  return usage['speed'] === 'fast' ? 'fast' : stringOr(usage['service_tier'], undefined);
}

/** Where the vendor told none: this API always has `usage`. */
export const NO_USAGE: Usage = { inputTokens: 0, outputTokens: 0 };

/** `usage` of a message, in streams of `message_delta` too. Anthropic leaves cached tokens out of `input_tokens`. */
export function writeUsage(usage: Usage, llmhub: LlmHub | null): Record<string, unknown> {
  const { cacheReadTokens: read = 0, cacheWriteTokens: written = 0, cacheWrite1hTokens: hour } = usage;
  const { reasoningTokens, serverToolRequests, extra } = usage;
  return {
    input_tokens: Math.max(0, usage.inputTokens - read - written),
    cache_creation_input_tokens: written,
    cache_read_input_tokens: read,
    ...(hour !== undefined && {
      cache_creation: { ephemeral_5m_input_tokens: written - hour, ephemeral_1h_input_tokens: hour },
    }),
    output_tokens: usage.outputTokens,
    ...(reasoningTokens !== undefined && { output_tokens_details: { thinking_tokens: reasoningTokens } }),
    ...(serverToolRequests !== undefined && { server_tool_use: { web_search_requests: serverToolRequests } }),
    ...(usage.serviceTier !== undefined && { service_tier: servedTier(usage.serviceTier) }),
    ...(extra && { iterations: extra.map(writeExtra) }),
    ...costMember(usage, llmhub),
  };
}

/** As Anthropic tells of an advisor: tokens of another model, which the totals leave out. */
function writeExtra({ model, inputTokens, outputTokens }: NonNullable<Usage['extra']>[number]): Wire {
  return { type: 'advisor_message', model, input_tokens: inputTokens, output_tokens: outputTokens };
}

function promptTokens(usage: Wire): number {
  return (
    (readCount(usage['input_tokens']) ?? 0) +
    (readCount(usage['cache_read_input_tokens']) ?? 0) +
    (readCount(usage['cache_creation_input_tokens']) ?? 0)
  );
}

function serverToolRequests(counts: unknown): number | undefined {
  if (!isObject(counts)) {
    return undefined;
  }
  let sum = 0;
  for (const count of Object.values(counts)) {
    sum += numberOr(count, 0);
  }
  return sum;
}

function readExtra(iteration: unknown, model: string): NonNullable<Usage['extra']> {
  if (!isObject(iteration) || iteration['type'] === 'message') {
    return [];
  }
  return [
    {
      model: stringOr(iteration['model'], model),
      inputTokens: promptTokens(iteration),
      outputTokens: numberOr(iteration['output_tokens'], 0),
    },
  ];
}

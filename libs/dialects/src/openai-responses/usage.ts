import type { Usage } from '../domain/usage.js';
import { numberOr } from '../domain/wire.js';
import { objectAt, textAt, type Wire, withoutUndefined } from '../openai-chat/wire.js';

/** Usage of a response object (PROTOCOLS 1.8); null while it is not known. The tier is that which served the call. */
export function readUsage(response: Wire): Usage | null {
  const usage = objectAt(response, 'usage');
  const input = usage && numberOr(usage['input_tokens'], undefined);
  if (!usage || input === undefined) {
    return null;
  }
  const inputDetails = objectAt(usage, 'input_tokens_details') ?? {};
  const outputDetails = objectAt(usage, 'output_tokens_details') ?? {};
  const search = objectAt(objectAt(response, 'tool_usage') ?? {}, 'web_search') ?? {};
  const tier = textAt(response, 'service_tier');
  return withoutUndefined({
    inputTokens: input,
    cacheReadTokens: numberOr(inputDetails['cached_tokens'], undefined),
    cacheWriteTokens: numberOr(inputDetails['cache_write_tokens'], undefined),
    outputTokens: numberOr(usage['output_tokens'], 0),
    reasoningTokens: numberOr(outputDetails['reasoning_tokens'], undefined),
    serverToolRequests: numberOr(search['num_requests'], undefined),
    providerCostUsd: numberOr(usage['cost'], undefined),
    serviceTier: tier === '' ? undefined : tier,
  });
}

/** `usage` as OpenAI writes it, its details always there. */
export function writeUsage(usage: Usage): Wire {
  return {
    input_tokens: usage.inputTokens,
    input_tokens_details: {
      cached_tokens: usage.cacheReadTokens ?? 0,
      cache_write_tokens: usage.cacheWriteTokens ?? 0,
    },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 },
    total_tokens: usage.inputTokens + usage.outputTokens,
    ...(usage.providerCostUsd !== undefined && { cost: usage.providerCostUsd }),
  };
}

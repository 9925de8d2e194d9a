import { costMember, type LlmHub } from '../domain/llmhub.js';
import { readCount, type Usage } from '../domain/usage.js';
import { numberOr, objectAt, textAt, type Wire, withoutUndefined } from '../domain/wire.js';

/** Usage of a response object (PROTOCOLS 1.8), meant or not; null while it is not known. The tier is that which served the call. */
export function readUsage(response: Wire): Usage | null {
  const usage = objectAt(response, 'usage') ?? {};
  const counts = readTokenUsage(usage);
  if (!counts) {
    return null;
  }
  const inputDetails = objectAt(usage, 'input_tokens_details') ?? {};
  const search = objectAt(objectAt(response, 'tool_usage') ?? {}, 'web_search') ?? {};
  const tier = textAt(response, 'service_tier');
  return withoutUndefined({
    ...counts,
    cacheWriteTokens: numberOr(inputDetails['cache_write_tokens'], undefined),
    serverToolRequests: numberOr(search['num_requests'], undefined),
    providerCostUsd: numberOr(usage['cost'], undefined),
    serviceTier: tier === '' ? undefined : tier,
  });
}

/**
 * `usage` as OpenAI's endpoints after chat completions write it (responses, images): all of the input and all of the
 * output, and beside them what is special in it; meant or not. Null when nothing was counted.
 */
export function readTokenUsage(usage: Wire): Usage | null {
  const inputTokens = readCount(usage['input_tokens']);
  const outputTokens = readCount(usage['output_tokens']);
  if (inputTokens === undefined && outputTokens === undefined) {
    return null;
  }
  const input = objectAt(usage, 'input_tokens_details') ?? objectAt(usage, 'input_token_details') ?? {};
  const output = objectAt(usage, 'output_tokens_details') ?? objectAt(usage, 'output_token_details') ?? {};
  return withoutUndefined({
    inputTokens: inputTokens ?? 0,
    outputTokens: outputTokens ?? 0,
    cacheReadTokens: numberOr(input['cached_tokens'], undefined),
    audioInputTokens: numberOr(input['audio_tokens'], undefined),
    imageInputTokens: numberOr(input['image_tokens'], undefined),
    reasoningTokens: numberOr(output['reasoning_tokens'], undefined),
    audioOutputTokens: numberOr(output['audio_tokens'], undefined),
    imageOutputTokens: numberOr(output['image_tokens'], undefined),
  });
}

/** `usage` as OpenAI writes it, its details always there. */
export function writeUsage(usage: Usage, llmhub: LlmHub | null): Wire {
  return {
    input_tokens: usage.inputTokens,
    input_tokens_details: {
      cached_tokens: usage.cacheReadTokens ?? 0,
      cache_write_tokens: usage.cacheWriteTokens ?? 0,
    },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 },
    total_tokens: usage.inputTokens + usage.outputTokens,
    ...costMember(usage, llmhub),
  };
}

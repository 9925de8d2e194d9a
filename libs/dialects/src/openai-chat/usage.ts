import { costMember, type LlmHub } from '../domain/llmhub.js';
import { readCount, type Usage } from '../domain/usage.js';
import { objectAt, type Wire, withoutUndefined } from '../domain/wire.js';

/**
 * Usage of any vendor of this dialect (PROTOCOLS 1.8), meant or not; null when it reported none. `outside`: reasoning tokens come
 * besides `completion_tokens`, which is also seen from a total that says so (xAI).
 */
export function readUsage(usage: unknown, outside = false): Usage | null {
  const wire = objectAt({ usage }, 'usage');
  const prompt = wire && readCount(wire['prompt_tokens']);
  if (!wire || prompt === undefined) {
    return null;
  }
  const input = objectAt(wire, 'prompt_tokens_details') ?? {};
  const output = objectAt(wire, 'completion_tokens_details') ?? {};
  const completion = readCount(wire['completion_tokens']) ?? 0;
  const reasoning = count(output['reasoning_tokens']);
  const total = count(wire['total_tokens']);
  return {
    inputTokens: prompt,
    cacheReadTokens:
      count(input['cached_tokens']) ??
      count(wire['prompt_cache_hit_tokens']) ??
      count(wire['num_cached_tokens']) ??
      count(wire['cached_tokens']),
    cacheWriteTokens: count(input['cache_write_tokens']),
    outputTokens: completion + reasoningBesides({ prompt, completion, reasoning, total }, outside),
    reasoningTokens: reasoning,
    audioInputTokens: count(input['audio_tokens']),
    audioOutputTokens: count(output['audio_tokens']),
    imageInputTokens: count(input['image_tokens']),
    imageOutputTokens: count(output['image_tokens']),
    acceptedPredictionTokens: count(output['accepted_prediction_tokens']),
    rejectedPredictionTokens: count(output['rejected_prediction_tokens']),
    audioSeconds: count(wire['prompt_audio_seconds']),
    serverToolRequests: serverToolRequests(wire),
    providerCostUsd: count(wire['cost']) ?? count(objectAt(wire, 'cost')?.['total_cost']), // Perplexity: of many
  };
}

interface Counts {
  readonly prompt: number;
  readonly completion: number;
  readonly reasoning: number | undefined;
  readonly total: number | undefined;
}

function reasoningBesides({ prompt, completion, reasoning = 0, total }: Counts, outside: boolean): number {
  const apart = total === undefined ? outside : total === prompt + completion + reasoning;
  return apart ? reasoning : 0;
}

function serverToolRequests(wire: Wire): number | undefined {
  const executed = objectAt(wire, 'server_tool_use_details');
  const searches = objectAt(wire, 'server_tool_use');
  return (
    (executed && count(executed['tool_calls_executed'])) ??
    (searches && count(searches['web_search_requests']))
  );
}

/** The member is read by whoever asks: one place that reads them all would be slow at each. */
function count(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** `usage` as OpenAI writes it, its details always there. */
export function writeUsage(usage: Usage, llmhub: LlmHub | null): Record<string, unknown> {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details: withoutUndefined({
      cached_tokens: usage.cacheReadTokens ?? 0,
      audio_tokens: usage.audioInputTokens ?? 0,
      cache_write_tokens: usage.cacheWriteTokens,
      image_tokens: usage.imageInputTokens,
    }),
    completion_tokens_details: withoutUndefined({
      reasoning_tokens: usage.reasoningTokens ?? 0,
      audio_tokens: usage.audioOutputTokens ?? 0,
      accepted_prediction_tokens: usage.acceptedPredictionTokens ?? 0,
      rejected_prediction_tokens: usage.rejectedPredictionTokens ?? 0,
      image_tokens: usage.imageOutputTokens,
    }),
    ...costMember(usage, llmhub),
  };
}

import type { Usage } from '../domain/usage.js';
import { numberOr, recordOr, stringOr, type Wire } from '../domain/wire.js';

/**
 * `usage` as OpenAI's endpoints after chat completions write it (images, responses): all of the input and all of the
 * output, and beside them what is special in it. Null when nothing was counted.
 */
export function readTokenUsage(usage: Wire): Usage | null {
  const inputTokens = numberOr(usage['input_tokens'], undefined);
  const outputTokens = numberOr(usage['output_tokens'], undefined);
  if (inputTokens === undefined && outputTokens === undefined) {
    return null;
  }
  const input = recordOr(usage['input_tokens_details'] ?? usage['input_token_details']);
  const output = recordOr(usage['output_tokens_details'] ?? usage['output_token_details']);
  return {
    inputTokens: inputTokens ?? 0,
    outputTokens: outputTokens ?? 0,
    ...optional('cacheReadTokens', input['cached_tokens']),
    ...optional('audioInputTokens', input['audio_tokens']),
    ...optional('imageInputTokens', input['image_tokens']),
    ...optional('reasoningTokens', output['reasoning_tokens']),
    ...optional('audioOutputTokens', output['audio_tokens']),
    ...optional('imageOutputTokens', output['image_tokens']),
  };
}

/**
 * The usage of an answer with pictures, or of the event that ends a stream of them. The output is pictures unless it says
 * otherwise. An SVG is drawn by another model, which is told apart.
 */
export function readImageUsage(answer: Wire): Usage | null {
  const read = readTokenUsage(recordOr(answer['usage']));
  const svg = recordOr(answer['svg_usage']);
  const drawn = readTokenUsage(svg);
  if (!read) {
    return null;
  }
  return {
    ...read,
    imageOutputTokens: read.imageOutputTokens ?? read.outputTokens,
    ...(drawn && {
      extra: [
        {
          model: stringOr(svg['model'], ''),
          inputTokens: drawn.inputTokens,
          outputTokens: drawn.outputTokens,
        },
      ],
    }),
  };
}

function optional<K extends keyof Usage>(field: K, value: unknown): Partial<Record<K, number>> {
  return typeof value === 'number' ? ({ [field]: value } as Record<K, number>) : {};
}

import type { Usage } from '../domain/usage.js';
import type { Wire } from '../domain/wire.js';

/** `usage` of a `response.done`, its details always there, as the recordings of OpenAI's have it. */
export function writeUsage(usage: Usage): Wire {
  const { inputTokens, outputTokens, cacheReadTokens = 0, reasoningTokens } = usage;
  const { audioInputTokens = 0, imageInputTokens = 0, audioOutputTokens = 0 } = usage;
  return {
    total_tokens: inputTokens + outputTokens,
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    input_token_details: {
      text_tokens: Math.max(inputTokens - audioInputTokens - imageInputTokens, 0),
      audio_tokens: audioInputTokens,
      image_tokens: imageInputTokens,
      cached_tokens: cacheReadTokens,
    },
    output_token_details: {
      text_tokens: Math.max(outputTokens - audioOutputTokens, 0),
      audio_tokens: audioOutputTokens,
      ...(reasoningTokens !== undefined && { reasoning_tokens: reasoningTokens }),
    },
  };
}

import type { Usage } from '../answering/usage.js';

/** As recordings/realtime/realtime-openai-* and realtime-parity-ws-history-seeding-parity-openai-current have it. */
export function usageBody(usage: Usage): unknown {
  const { input, cached, output, reasoning, audioInput = 0, audioOutput = 0, imageInput = 0 } = usage;
  return {
    total_tokens: input + output,
    input_tokens: input,
    output_tokens: output,
    input_token_details: {
      text_tokens: input - audioInput - imageInput,
      audio_tokens: audioInput,
      image_tokens: imageInput,
      cached_tokens: cached,
      cached_tokens_details: { text_tokens: cached, audio_tokens: 0, image_tokens: 0 },
    },
    output_token_details: {
      text_tokens: output - audioOutput,
      audio_tokens: audioOutput,
      ...(reasoning > 0 && { reasoning_tokens: reasoning }),
    },
  };
}

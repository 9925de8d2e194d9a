import type { Usage } from '../answering/usage.js';
import type { JsonObject } from '../json.js';

/** As recordings/realtime/realtime-google-ws-* have it: thoughts are told apart, and are no part of the total. */
export function usageMetadata(usage: Usage): JsonObject {
  const { input, cached, output, reasoning, audioInput = 0, audioOutput = 0 } = usage;
  const said = output - reasoning;
  return {
    promptTokenCount: input,
    ...(cached > 0 && { cachedContentTokenCount: cached }),
    responseTokenCount: said,
    totalTokenCount: input + said,
    promptTokensDetails: details(input - audioInput, audioInput),
    responseTokensDetails: details(said - audioOutput, audioOutput),
    ...(reasoning > 0 && { thoughtsTokenCount: reasoning }),
  };
}

function details(text: number, audio: number): readonly JsonObject[] {
  return [
    { modality: 'TEXT', tokenCount: text },
    { modality: 'AUDIO', tokenCount: audio },
  ].filter(({ tokenCount }) => tokenCount > 0);
}

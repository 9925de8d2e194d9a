import { estimateTokens, type Usage } from '@app/dialects';
import type { Recording } from './recording.js';

/** As OpenAI counts: https://platform.openai.com/docs/guides/realtime-costs */
const TOKENS_PER_SECOND = 10;
/** Of an unhurried speaker: 150 words a minute. */
const SPOKEN_TOKENS_PER_SECOND = 3.3;

/**
 * What turning that into text must have used when the vendor does not say: whoever bills by the second finds these, and by tokens those. Null
 * when nobody knows how long it is.
 *
 * @param text what came of it; absent: it was never told, and counts as if all were said
 */
export function usageOf({ seconds }: Pick<Recording, 'seconds'>, text?: string): Usage | null {
  if (seconds === null) {
    return null;
  }
  const audioTokens = Math.ceil(seconds * TOKENS_PER_SECOND);
  return {
    inputTokens: audioTokens,
    audioInputTokens: audioTokens,
    outputTokens:
      text === undefined ? Math.ceil(seconds * SPOKEN_TOKENS_PER_SECOND) : estimateTokens(text.length),
    audioSeconds: seconds,
    estimated: true,
  };
}

/** Whatever it is billed by, the ledger tells how much was heard. @param seconds null when nobody knows */
export function withSeconds(usage: Usage, seconds: number | null): Usage {
  return seconds === null || usage.audioSeconds !== undefined ? usage : { ...usage, audioSeconds: seconds };
}

/** Of what was paid when it was heard first, counted in the same way. */
export function nothingOf(usage: Usage): Usage {
  const isByTime = usage.audioSeconds !== undefined;
  return { inputTokens: 0, outputTokens: 0, ...(isByTime && { audioSeconds: 0 }) };
}

import { meantUsage, type Usage } from '../domain/usage.js';
import { recordOr, type Wire } from '../domain/wire.js';
import { readTokenUsage } from '../openai-responses/usage.js';

/** Of the event that ends the speech, `speech.audio.done`; all that is made is sound. Null when it tells none. */
export function readSpeechUsage(event: Wire): Usage | null {
  const read = meantUsage(readTokenUsage(recordOr(event['usage'])));
  return read && { ...read, audioOutputTokens: read.audioOutputTokens ?? read.outputTokens };
}

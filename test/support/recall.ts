import type { LiveClient } from '../../apps/simulator/test/support/live-client.js';
import { said } from '../../apps/simulator/test/support/realtime-events.js';

/** Has the model say what it knows of the conversation. */
export const RECALL_TEXT = '[[sim:recall]] go on';
export const RECALL = said(RECALL_TEXT);

const IN_WORDS: readonly unknown[] = [
  'response.output_text.delta',
  'response.output_audio_transcript.delta', // xAI says everything aloud
];

/** What each answer said, in words. */
export function textsOf(client: LiveClient): string[] {
  const texts = new Map<unknown, string>();
  for (const { type, response_id: id, delta } of client.events) {
    if (IN_WORDS.includes(type)) {
      texts.set(id, (texts.get(id) ?? '') + String(delta));
    }
  }
  return [...texts.values()];
}

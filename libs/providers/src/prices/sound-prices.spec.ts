import { PriceList } from './price-list.js';

/** As README names them. */
it.each([
  ['deepgram', 'nova-3'],
  ['elevenlabs', 'scribe_v1'],
  ['xai', 'grok-transcribe'],
  ['groq', 'playai-tts'],
  ['azure-openai', 'our-ears'],
  ['cohere', 'cohere-transcribe-03-2026'],
  ['together', 'openai/whisper-large-v3'],
])('no price is guessed of sound that no list has: %s/%s', (vendor, model) => {
  expect(new PriceList().priceOf(vendor, model)).toBeNull();
});

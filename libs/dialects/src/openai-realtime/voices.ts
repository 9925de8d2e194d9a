/** No other vendor knows these voices. https://platform.openai.com/docs/guides/realtime-conversations#voice-options */
const VOICES: ReadonlySet<string> = new Set([
  'alloy',
  'ash',
  'ballad',
  'cedar',
  'coral',
  'echo',
  'fable',
  'marin',
  'nova',
  'onyx',
  'sage',
  'shimmer',
  'verse',
]);

export function isOpenAiVoice(voice: string): boolean {
  return VOICES.has(voice.toLowerCase());
}

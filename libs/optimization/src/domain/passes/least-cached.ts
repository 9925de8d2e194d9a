/**
 * Shortest prefixes that are cached, in tokens, by the beginning of the model's name; newer models of Anthropic: the most of them,
 * since a mark on too short a prefix does nothing. https://platform.claude.com/docs/en/build-with-claude/prompt-caching,
 * https://ai.google.dev/gemini-api/docs/caching, https://developers.openai.com/api/docs/guides/prompt-caching
 */
const LEAST: readonly (readonly [RegExp, number])[] = [
  [/haiku-4|opus-4-[56]/, 4096],
  [/haiku|sonnet-4-6/, 2048],
  [/claude-3|sonnet-4|opus-4/, 1024],
  [/claude|gemini/, 4096],
];
const LEAST_OF_OTHERS = 1024;

/** Shorter beginnings of a prompt are not cached by the model's vendor, in tokens. */
export function leastCached(model: string): number {
  const name = model.toLowerCase().replaceAll('.', '-');
  return LEAST.find(([names]) => names.test(name))?.[1] ?? LEAST_OF_OTHERS;
}

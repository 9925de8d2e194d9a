/**
 * What may be done to prompts so that they cost less and say the same: marks of what the vendor is to cache, tools in a stable
 * order, no whitespace in JSON, a reference in the place of what a tool returned before, and a key for calls that are to reach
 * the same cache.
 */
export const PROMPT_PASSES = [
  'cache_marks',
  'tool_order',
  'json_whitespace',
  'duplicate_context',
  'prompt_cache_key',
] as const;

export type PromptPass = (typeof PROMPT_PASSES)[number];

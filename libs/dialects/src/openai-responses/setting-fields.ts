/**
 * Settings that are the same in Responses and in the canonical request but for the name. Reader and writer share the
 * table. Source: https://platform.openai.com/docs/api-reference/responses/create
 */
export const NUMBER_FIELDS = {
  max_output_tokens: 'maxOutputTokens',
  temperature: 'temperature',
  top_p: 'topP',
  top_logprobs: 'topLogprobs',
} as const;

export const TEXT_FIELDS = { service_tier: 'serviceTier', prompt_cache_key: 'promptCacheKey' } as const;

/** Every top-level field that has a canonical home; all others are `native`. */
export const KNOWN_FIELDS: ReadonlySet<string> = new Set([
  ...Object.keys(NUMBER_FIELDS),
  ...Object.keys(TEXT_FIELDS),
  'include',
  'input',
  'instructions',
  'metadata',
  'model',
  'parallel_tool_calls',
  'reasoning',
  'safety_identifier',
  'store',
  'stream',
  'text',
  'tool_choice',
  'tools',
  'user',
]);

/** Members of `include` that are settings of their own in the canonical request. */
export const INCLUDE_LOGPROBS = 'message.output_text.logprobs';
export const INCLUDE_ENCRYPTED = 'reasoning.encrypted_content';

/**
 * Settings that are the same in chat and in the canonical request but for the name. Reader and writer share the
 * table. Source: https://platform.openai.com/docs/api-reference/chat/create
 */
export const NUMBER_FIELDS = {
  temperature: 'temperature',
  top_p: 'topP',
  top_k: 'topK',
  frequency_penalty: 'frequencyPenalty',
  presence_penalty: 'presencePenalty',
  top_logprobs: 'topLogprobs',
  n: 'choices',
} as const;

export const TEXT_FIELDS = {
  verbosity: 'verbosity',
  service_tier: 'serviceTier',
  prompt_cache_key: 'promptCacheKey',
} as const;

export const FLAG_FIELDS = { logprobs: 'logprobs', store: 'store' } as const;

/** Every top-level field that has a canonical home; all others are `native`. */
export const KNOWN_FIELDS: ReadonlySet<string> = new Set([
  ...Object.keys(NUMBER_FIELDS),
  ...Object.keys(TEXT_FIELDS),
  ...Object.keys(FLAG_FIELDS),
  'function_call',
  'functions',
  'logit_bias',
  'max_completion_tokens',
  'max_tokens',
  'messages',
  'metadata',
  'modalities',
  'model',
  'parallel_tool_calls',
  'reasoning',
  'reasoning_effort',
  'response_format',
  'safety_identifier',
  'seed',
  'stop',
  'stream',
  'stream_options',
  'tool_choice',
  'tools',
  'user',
]);

/** Keys of `NativeFields.spelling` that this dialect uses. */
export interface Spelling {
  maxOutputTokens?: 'max_tokens';
  user?: 'safety_identifier';
  reasoning?: 'reasoning';
  tools?: 'functions';
  toolChoice?: 'any';
}

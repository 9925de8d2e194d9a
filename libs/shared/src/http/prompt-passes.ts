/**
 * What may be done to prompts so that they cost less and say the same: marks of what the vendor is to cache, and tools in a
 * stable order.
 */
export const PROMPT_PASSES = ['cache_marks', 'tool_order'] as const;

export type PromptPass = (typeof PROMPT_PASSES)[number];

/**
 * Members of `generationConfig` that are the same in the canonical request but for the name.
 * https://ai.google.dev/api/generate-content#generationconfig
 */
export const NUMBER_FIELDS = {
  temperature: 'temperature',
  topP: 'topP',
  topK: 'topK',
  maxOutputTokens: 'maxOutputTokens',
  candidateCount: 'choices',
  presencePenalty: 'presencePenalty',
  frequencyPenalty: 'frequencyPenalty',
  logprobs: 'topLogprobs',
} as const;

/** Members of `generationConfig` that have a canonical home; all others are kept for Google alone. */
export const KNOWN_SETTINGS: ReadonlySet<string> = new Set([
  ...Object.keys(NUMBER_FIELDS),
  'responseJsonSchema',
  'responseLogprobs',
  'responseMimeType',
  'responseModalities',
  'responseSchema',
  'seed',
  'stopSequences',
  'thinkingConfig',
]);

/** Members of the body that have one. */
export const KNOWN_FIELDS: ReadonlySet<string> = new Set([
  'contents',
  'generationConfig',
  'model',
  'serviceTier',
  'store',
  'systemInstruction',
  'toolConfig',
  'tools',
]);

/** Google's word for OpenAI's `default`. */
export const STANDARD_TIER = 'standard';

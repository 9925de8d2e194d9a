import { openAiCompatible } from '../open-ai-compatible.js';

/**
 * What its compatible endpoint does not know: https://docs.cohere.com/docs/compatibility-api. It lists no models.
 */
export const cohere = openAiCompatible({
  id: 'cohere',
  name: 'Cohere',
  baseUrl: 'https://api.cohere.ai/compatibility/v1',
  apiKeyEnv: 'COHERE_API_KEY',
  models: [/^(command-(a|r|r7b)|c4ai)(-|$)/],
  transcriptionPath: '/audio/transcriptions',
  unsupported: [
    'audio',
    'logit_bias',
    'metadata',
    'modalities',
    'n',
    'parallel_tool_calls',
    'prediction',
    'prompt_cache_breakpoint',
    'reasoning_content',
    'service_tier',
    'store',
    'top_logprobs',
    'user',
  ],
  maxTokensField: 'max_tokens',
  unlisted: true,
});

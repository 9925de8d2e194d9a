import { cohereAddress, cohereEmbeddings, CompatibleRerank } from '@app/dialects';
import { openAiCompatible } from '../open-ai-compatible.js';

/**
 * What its compatible endpoint does not know: https://docs.cohere.com/docs/compatibility-api. It lists no models.
 * Vectors and rankings come from its own API: https://docs.cohere.com/reference/rerank
 */
export const cohere = openAiCompatible({
  id: 'cohere',
  name: 'Cohere',
  baseUrl: 'https://api.cohere.ai/compatibility/v1',
  apiKeyEnv: 'COHERE_API_KEY',
  models: [
    /^(command-(a|r|r7b)|c4ai)(-|$)/,
    /^embed-(v\d|english|multilingual)/,
    /^rerank-(v\d|english|multilingual)/,
  ],
  audioTasks: ['transcriptions'],
  hearing: { bytes: 25 * 1024 * 1024, unsure: /./ }, // https://docs.cohere.com/docs/transcribe
  tasks: {
    embeddings: cohereEmbeddings,
    rerank: new CompatibleRerank({ path: '/v2/rerank', address: cohereAddress, textsOnly: true }),
  },
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

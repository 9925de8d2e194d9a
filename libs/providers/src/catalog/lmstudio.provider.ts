import { OpenAiEmbeddings } from '@app/dialects';
import { openAiCompatible } from '../open-ai-compatible.js';

/**
 * https://lmstudio.ai/docs/developer/openai-compat/chat-completions
 */
export const lmstudio = openAiCompatible({
  id: 'lmstudio',
  name: 'LM Studio',
  baseUrl: 'http://127.0.0.1:1234/v1',
  apiKeyEnv: ['LMSTUDIO_API_KEY', 'LM_API_TOKEN'],
  completions: /./,
  keyless: true,
  tasks: { embeddings: new OpenAiEmbeddings({ unsupported: ['dimensions', 'encoding_format'] }) },
  unsupported: ['prompt_cache_breakpoint'],
  maxTokensField: 'max_tokens',
});

import { OpenAiEmbeddings } from '@app/dialects';
import { openAiCompatible } from '../open-ai-compatible.js';

/**
 * https://docs.api.nvidia.com/nim/reference/llm-apis
 */
export const nvidia = openAiCompatible({
  id: 'nvidia',
  name: 'NVIDIA NIM',
  baseUrl: 'https://integrate.api.nvidia.com/v1',
  apiKeyEnv: 'NVIDIA_API_KEY',
  tasks: {
    embeddings: new OpenAiEmbeddings({
      unsupported: ['user'],
      purpose: { field: 'input_type', words: { query: 'query', document: 'passage' } },
    }),
  },
  listsToAnybody: true,
  unsupported: ['prompt_cache_breakpoint'],
  maxTokensField: 'max_tokens',
});

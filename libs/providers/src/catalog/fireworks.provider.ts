import { OpenAiEmbeddings } from '@app/dialects';
import { openAiCompatible } from '../open-ai-compatible.js';

/**
 * https://docs.fireworks.ai/tools-sdks/openai-compatibility. Embeddings refuse any field they do not know:
 * https://docs.fireworks.ai/api-reference/creates-an-embedding-vector-representing-the-input-text
 */
export const fireworks = openAiCompatible({
  id: 'fireworks',
  name: 'Fireworks AI',
  baseUrl: 'https://api.fireworks.ai/inference/v1',
  apiKeyEnv: 'FIREWORKS_API_KEY',
  completions: /./,
  tasks: { embeddings: new OpenAiEmbeddings({ unsupported: ['encoding_format', 'input_type', 'user'] }) },
  unsupported: ['prompt_cache_breakpoint'],
  maxTokensField: 'max_tokens',
});

import { OpenAiEmbeddings } from '@app/dialects';
import { openAiCompatible } from '../open-ai-compatible.js';

/**
 * Ignores what it does not know, so the caller is told here. https://docs.ollama.com/api/openai-compatibility
 */
export const ollama = openAiCompatible({
  id: 'ollama',
  name: 'Ollama',
  baseUrl: 'http://127.0.0.1:11434/v1',
  apiKeyEnv: 'OLLAMA_API_KEY',
  completions: /./,
  keyless: true,
  tasks: { embeddings: new OpenAiEmbeddings({ unsupported: ['user'] }) },
  unsupported: ['logit_bias', 'n', 'user', 'prompt_cache_breakpoint'],
  maxTokensField: 'max_tokens',
  reasoningIn: 'reasoning',
  reasoningOutsideCompletion: true,
});

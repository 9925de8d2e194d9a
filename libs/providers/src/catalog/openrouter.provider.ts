import { OpenAiEmbeddings } from '@app/dialects';
import { openAiCompatible } from '../open-ai-compatible.js';

/**
 * Takes OpenAI's fields and hands them on to vendors of its own; `usage.cost` is what it charges. Cache marks go by
 * Anthropic's name: https://openrouter.ai/docs/features/prompt-caching
 */
export const openrouter = openAiCompatible({
  id: 'openrouter',
  name: 'OpenRouter',
  baseUrl: 'https://openrouter.ai/api/v1',
  apiKeyEnv: 'OPENROUTER_API_KEY',
  completions: /./,
  tasks: { embeddings: new OpenAiEmbeddings() },
  listsToAnybody: true,
  routesItself: true,
  cacheControl: true,
});

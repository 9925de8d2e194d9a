import { CompatibleRerank, OpenAiEmbeddings } from '@app/dialects';
import { openAiCompatible } from '../open-ai-compatible.js';

/**
 * https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html
 */
export const vllm = openAiCompatible({
  id: 'vllm',
  name: 'vLLM',
  baseUrl: 'http://127.0.0.1:8000/v1',
  apiKeyEnv: 'VLLM_API_KEY',
  completions: /./,
  keyless: true,
  tasks: { embeddings: new OpenAiEmbeddings({ tokens: true }), rerank: new CompatibleRerank() },
  audioTasks: ['transcriptions', 'translations'],
  unsupported: ['prompt_cache_breakpoint'],
});

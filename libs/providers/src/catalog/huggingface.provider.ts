import { openAiCompatible } from '../open-ai-compatible.js';

/**
 * A router to other vendors: `huggingface/openai/gpt-oss-120b:groq` chooses one. Some of them leave reasoning in the text.
 * https://huggingface.co/docs/inference-providers/tasks/chat-completion
 */
export const huggingface = openAiCompatible({
  id: 'huggingface',
  name: 'Hugging Face',
  baseUrl: 'https://router.huggingface.co/v1',
  apiKeyEnv: ['HF_TOKEN', 'HUGGINGFACE_API_KEY'],
  listsToAnybody: true,
  unsupported: ['prompt_cache_breakpoint'],
  maxTokensField: 'max_tokens',
  thinkTags: true,
});

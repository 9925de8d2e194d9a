import { openAiCompatible } from '../open-ai-compatible.js';
import { AUDIO_TASKS } from '../vendor.js';

/**
 * What it refuses with 400: https://console.groq.com/docs/openai. Strict about the fields of messages too: reasoning comes
 * back as `reasoning`, and qwen3 leaves it in the text unless asked. https://console.groq.com/docs/reasoning
 */
export const groq = openAiCompatible({
  id: 'groq',
  name: 'Groq',
  baseUrl: 'https://api.groq.com/openai/v1',
  apiKeyEnv: 'GROQ_API_KEY',
  audioTasks: AUDIO_TASKS,
  // 25 MB in the free tier, 100 MB in the paid one: https://console.groq.com/docs/speech-to-text
  hearing: { bytes: 100 * 1024 * 1024, speakerless: /./, unsure: /./ },
  unsupported: [
    'logprobs',
    'logit_bias',
    'top_logprobs',
    'n',
    'messages.annotations',
    'messages.name',
    'messages.refusal',
    'store',
    'verbosity',
    'prompt_cache_breakpoint',
  ],
  prefill: 'plain', // https://console.groq.com/docs/prefilling
  reasoningIn: 'reasoning',
  thinkTags: true,
});

import { openAiCompatible } from '../open-ai-compatible.js';

/**
 * What it refuses with 400, and why `developer` is `system`: https://inference-docs.cerebras.ai/resources/openai. Reasoning
 * comes back as `reasoning`: https://inference-docs.cerebras.ai/capabilities/reasoning
 */
export const cerebras = openAiCompatible({
  id: 'cerebras',
  name: 'Cerebras',
  baseUrl: 'https://api.cerebras.ai/v1',
  apiKeyEnv: 'CEREBRAS_API_KEY',
  completions: /./,
  unsupported: [
    'frequency_penalty',
    'logit_bias',
    'presence_penalty',
    'service_tier',
    'developer',
    'prompt_cache_breakpoint',
  ],
  reasoningIn: 'reasoning',
});

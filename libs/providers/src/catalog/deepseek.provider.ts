import { openAiCompatible } from '../open-ai-compatible.js';

/**
 * Paths without /v1; JSON mode without a schema. https://api-docs.deepseek.com/api/create-chat-completion and, on reasoning
 * that comes back, https://api-docs.deepseek.com/guides/thinking_mode
 */
export const deepseek = openAiCompatible({
  id: 'deepseek',
  name: 'DeepSeek',
  baseUrl: 'https://api.deepseek.com',
  apiKeyEnv: 'DEEPSEEK_API_KEY',
  models: [/^deepseek-(chat|reasoner|flash|pro|v4-)/],
  unsupported: [
    'n',
    'seed',
    'logit_bias',
    'parallel_tool_calls',
    'json_schema',
    'developer',
    'prompt_cache_breakpoint',
  ],
  maxTokensField: 'max_tokens',
});

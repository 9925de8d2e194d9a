import { openAiCompatible } from '../open-ai-compatible.js';

/**
 * Sonar, whose chat completions Perplexity says it supports until 2026-09-27; what replaces them speaks OpenAI's Responses
 * alone. https://docs.perplexity.ai/docs/agent-api/migrate-from-sonar/overview
 * No tools, no list of models, no path with /v1. https://docs.perplexity.ai/guides/chat-completions-guide
 */
export const perplexity = openAiCompatible({
  id: 'perplexity',
  name: 'Perplexity',
  baseUrl: 'https://api.perplexity.ai',
  apiKeyEnv: 'PERPLEXITY_API_KEY',
  models: [/^sonar(-|$)/],
  unsupported: [
    'developer',
    'logit_bias',
    'logprobs',
    'n',
    'parallel_tool_calls',
    'prompt_cache_breakpoint',
    'reasoning_content',
    'seed',
    'service_tier',
    'store',
    'tool_choice',
    'tools',
    'top_logprobs',
    'user',
  ],
  maxTokensField: 'max_tokens',
  unlisted: true,
});

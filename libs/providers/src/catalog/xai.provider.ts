import { openAiRealtime } from '@app/dialects';
import { openAiCompatible } from '../open-ai-compatible.js';

/**
 * Its reasoning models refuse `stop` and penalties, and count reasoning beside `completion_tokens`.
 * https://docs.x.ai/docs/guides/reasoning
 * Edits take JSON, no forms. https://docs.x.ai/developers/model-capabilities/images
 */
export const xai = openAiCompatible({
  id: 'xai',
  name: 'xAI',
  baseUrl: 'https://api.x.ai/v1',
  apiKeyEnv: 'XAI_API_KEY',
  models: [/^grok-/],
  imageTasks: ['generations', 'edits'],
  live: openAiRealtime,
  sessions: { transcriber: 'grok-transcribe', detectionBesideAudio: true },
  unsupported: ['stop', 'presence_penalty', 'frequency_penalty', 'logit_bias', 'prompt_cache_breakpoint'],
  reasoningOutsideCompletion: true,
});

import { openAiChatVendor, openAiResponsesVendor } from '@app/dialects';
import { openAiCompatible } from '../open-ai-compatible.js';

export const openai = openAiCompatible({
  id: 'openai',
  name: 'OpenAI',
  baseUrl: 'https://api.openai.com/v1',
  apiKeyEnv: 'OPENAI_API_KEY',
  models: [/^(gpt-|chatgpt-|o\d|whisper-|tts-|text-embedding-|dall-e-|codex-|computer-use-|omni-moderation)/],
  // What chat says, chat hears: Responses has no `stop`, `seed`, `n` or `logit_bias`.
  dialectFor: (_model, spoken) => (spoken === 'openai-responses' ? openAiResponsesVendor : openAiChatVendor),
  secondDialect: openAiResponsesVendor,
  transcriptionPath: '/audio/transcriptions',
});

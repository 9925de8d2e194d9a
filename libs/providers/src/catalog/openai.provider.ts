import { IMAGE_TASKS } from '@app/dialects';
import { openAiCompatible } from '../open-ai-compatible.js';

export const openai = openAiCompatible({
  id: 'openai',
  name: 'OpenAI',
  baseUrl: 'https://api.openai.com/v1',
  apiKeyEnv: 'OPENAI_API_KEY',
  models: [/^(gpt-|chatgpt-|o\d|whisper-|tts-|text-embedding-|dall-e-|codex-|computer-use-|omni-moderation)/],
  transcriptionPath: '/audio/transcriptions',
  imageTasks: IMAGE_TASKS,
});

import {
  IMAGE_TASKS,
  OpenAiEmbeddings,
  openAiModeration,
  openAiRealtime,
  openAiResponsesVendor,
} from '@app/dialects';
import { openAiCompatible } from '../open-ai-compatible.js';
import { AUDIO_TASKS } from '../vendor.js';
import { openAiTranscripts } from './openai-transcripts.js';

export const openai = openAiCompatible({
  id: 'openai',
  name: 'OpenAI',
  baseUrl: 'https://api.openai.com/v1',
  apiKeyEnv: 'OPENAI_API_KEY',
  customTools: true,
  promptCacheKey: true,
  completions: /instruct|davinci|babbage/,
  models: [/^(gpt-|chatgpt-|o\d|whisper-|tts-|text-embedding-|dall-e-|codex-|computer-use-|omni-moderation)/],
  secondDialect: openAiResponsesVendor,
  audioTasks: AUDIO_TASKS,
  // https://platform.openai.com/docs/guides/speech-to-text, and what models after whisper-1 refuse
  hearing: {
    bytes: 25 * 1024 * 1024,
    seconds: [{ models: /^gpt-4o-.*transcribe/, most: 1500 }],
    ...openAiTranscripts,
  },
  speechInEvents: /^gpt-.*-tts/, // not tts-1: https://platform.openai.com/docs/api-reference/audio/createSpeech
  tasks: { embeddings: new OpenAiEmbeddings({ tokens: true }), moderation: openAiModeration },
  imageTasks: IMAGE_TASKS,
  live: openAiRealtime,
});

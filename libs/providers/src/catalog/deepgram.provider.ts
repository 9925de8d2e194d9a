import { deepgramSpeech, deepgramTranscription } from '@app/dialects';
import { openAiCompatible } from '../open-ai-compatible.js';

/** Speech, no chat. Its keys are tokens, and shown as such. https://developers.deepgram.com/reference/deepgram-api-overview */
export const deepgram = openAiCompatible({
  id: 'deepgram',
  name: 'Deepgram',
  baseUrl: 'https://api.deepgram.com/v1',
  apiKeyEnv: 'DEEPGRAM_API_KEY',
  credentials: apiKey => ({ authorization: `Token ${apiKey}` }),
  models: [/^nova-\d(?!-(lite|pro|premier|sonic))/, /^aura-/], // not Amazon's Nova,
  tasks: { transcription: deepgramTranscription, speech: deepgramSpeech },
  hearing: { bytes: 2 * 1024 ** 3 }, // https://developers.deepgram.com/docs/pre-recorded-audio
  tasksOnly: true,
  unlisted: true,
});

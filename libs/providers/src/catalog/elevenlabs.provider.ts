import { elevenLabsSpeech, elevenLabsTranscription } from '@app/dialects';
import { openAiCompatible } from '../open-ai-compatible.js';

/** Speech, no chat. https://elevenlabs.io/docs/api-reference/authentication */
export const elevenlabs = openAiCompatible({
  id: 'elevenlabs',
  name: 'ElevenLabs',
  baseUrl: 'https://api.elevenlabs.io/v1',
  apiKeyEnv: 'ELEVENLABS_API_KEY',
  credentials: apiKey => ({ 'xi-api-key': apiKey }),
  models: [/^scribe_v\d/, /^eleven_/],
  tasks: { transcription: elevenLabsTranscription, speech: elevenLabsSpeech },
  // https://elevenlabs.io/docs/overview/capabilities/speech-to-text
  hearing: { bytes: 3 * 1024 ** 3, seconds: [{ models: /./, most: 10 * 3600 }] },
  tasksOnly: true,
  unlisted: true,
});

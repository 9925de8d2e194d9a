import { geminiEmbeddings, geminiLive, geminiSpeech, geminiTranscription, geminiVendor } from '@app/dialects';
import type { Vendor } from '../vendor.js';

export const google: Vendor = {
  id: 'google',
  name: 'Google Gemini',
  baseUrl: 'https://generativelanguage.googleapis.com',
  dialect: geminiVendor,
  credentials: apiKey => ({ 'x-goog-api-key': apiKey }),
  apiKeyEnv: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
  models: [/^(models\/)?(gemini-|gemma-|learnlm-)/],
  quirks: {},
  hearing: { bytes: 14 * 1024 * 1024 }, // 20 MB with all around it, in base64: https://ai.google.dev/gemini-api/docs/audio
  tasks: { embeddings: geminiEmbeddings, transcription: geminiTranscription, speech: geminiSpeech },
  live: geminiLive,
};

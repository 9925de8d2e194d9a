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
  // 20 MB with all around it, in base64, and 9.5 hours: https://ai.google.dev/gemini-api/docs/audio
  hearing: { bytes: 14 * 1024 * 1024, seconds: [{ models: /./, most: 9.5 * 3600 }] },
  tasks: { embeddings: geminiEmbeddings, transcription: geminiTranscription, speech: geminiSpeech },
  live: geminiLive,
};

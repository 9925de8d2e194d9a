import type { Hearing } from '../vendor.js';

/** Of OpenAI's models, wherever they are: https://platform.openai.com/docs/guides/speech-to-text */
export const openAiTranscripts = {
  untimed: /^gpt-(?!.*diarize).*transcribe/,
  speakerless: /^(whisper|gpt-(?!.*diarize).*transcribe)/,
  unsure: /^whisper|diarize/,
} as const satisfies Hearing;

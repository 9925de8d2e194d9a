import { modelPath } from '../gemini/model-path.js';
import { GeminiSpeechReader } from './gemini.reader.js';
import type { SpeechVendor } from './vendor.js';

/**
 * Models of Google's that speak: how, they are told in words before the text. Billed by tokens.
 * https://ai.google.dev/gemini-api/docs/speech-generation
 */
export const geminiSpeech: SpeechVendor = {
  writeRequest({ input, voice, instructions, format, speed, others }, { model }, losses) {
    if (format !== 'wav' && format !== 'pcm') {
      losses.refused('response_format', `Gemini makes no ${format}. Ask for wav or pcm.`);
    }
    if (speed !== 1) {
      losses.dropped('speed', 'Gemini has no speed. Say it in the instructions.');
    }
    for (const name of Object.keys(others)) {
      losses.dropped(name, 'Gemini has no such field.');
    }
    return {
      path: `/v1beta/${modelPath(model)}:streamGenerateContent?alt=sse`,
      body: {
        contents: [
          { role: 'user', parts: [{ text: instructions === '' ? input : `${instructions}\n\n${input}` }] },
        ],
        generationConfig: {
          responseModalities: ['AUDIO'],
          speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: voice } } },
        },
      },
      isBare: format === 'wav',
    };
  },

  streamReader: target => new GeminiSpeechReader(target),
};

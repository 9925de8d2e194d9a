import { UpstreamError } from '@app/shared';
import { readAnswer } from '../gemini/answer.reader.js';
import { modelPath } from '../gemini/model-path.js';
import type { SpeechVendor } from './vendor.js';

/** What the samples are, which alone the gateway can put into a WAV. */
const SAMPLES = /^audio\/(?:L16|pcm)\b(?!.*rate=(?!24000\b))/i;

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
      path: `/v1beta/${modelPath(model)}:generateContent`,
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

  readAnswer(body, target) {
    const { choices, usage } = readAnswer(body, target);
    const [choice] = choices;
    const sounds = (choice?.parts ?? []).flatMap(part =>
      part.kind === 'media' && part.source.kind === 'base64' && SAMPLES.test(part.mime ?? '')
        ? [Buffer.from(part.source.data, 'base64')]
        : [],
    );
    if (sounds.length === 0 || choice?.finish.reason !== 'stop') {
      throw new UpstreamError({
        vendor: target.vendor,
        upstreamStatus: null,
        code: 'no_sound',
        message: `The vendor '${target.vendor}' did not speak all of it (${choice?.finish.native ?? 'without saying why'}). Send the text in parts, or choose another model.`,
      });
    }
    return { sound: Buffer.concat(sounds), usage };
  },
};

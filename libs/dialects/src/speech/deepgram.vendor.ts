import { refuseInstructions, speedWithin, type SpeechFormat, type SpeechVendor } from './vendor.js';

/** https://developers.deepgram.com/docs/tts-media-output-settings */
const ENCODINGS: Readonly<Record<SpeechFormat, Readonly<Record<string, string>>>> = {
  mp3: { encoding: 'mp3' },
  opus: { encoding: 'opus', container: 'ogg' },
  aac: { encoding: 'aac' },
  flac: { encoding: 'flac', sample_rate: '24000' },
  wav: { encoding: 'linear16', container: 'wav', sample_rate: '24000' },
  pcm: { encoding: 'linear16', container: 'none', sample_rate: '24000' },
};
/** `aura-2` speaks with many voices; `aura-2-thalia-en` is one of them. */
const FAMILY = /^aura(-\d+)?$/;
/** https://developers.deepgram.com/docs/tts-speed */
const SPEEDS = [0.7, 1.5] as const;

/** https://developers.deepgram.com/reference/text-to-speech/speak-request */
export const deepgramSpeech: SpeechVendor = {
  writeRequest(request, { model }, losses) {
    const { input, voice, format, speed, others } = request;
    refuseInstructions(request, losses);
    const isFamily = FAMILY.test(model);
    if (!isFamily && !model.includes(voice)) {
      losses.dropped('voice', `The model '${model}' has one voice. Ask for aura-2 to choose.`);
    }
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(others)) {
      query.set(name, String(value));
    }
    query.set('model', isFamily ? `${model}-${withLanguage(voice)}` : model);
    for (const [name, value] of Object.entries(ENCODINGS[format])) {
      query.set(name, value);
    }
    if (speed !== 1) {
      query.set('speed', String(speedWithin(SPEEDS, request, losses)));
    }
    return { path: `/speak?${query.toString()}`, body: { text: input } };
  },
};

function withLanguage(voice: string): string {
  return /-[a-z]{2}$/.test(voice) ? voice : `${voice}-en`;
}

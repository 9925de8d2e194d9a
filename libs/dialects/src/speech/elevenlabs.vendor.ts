import { recordOr } from '../domain/wire.js';
import { refuseInstructions, speedWithin, type SpeechFormat, type SpeechVendor } from './vendor.js';

/** https://elevenlabs.io/docs/api-reference/text-to-speech/stream; what it makes no WAV of is bare there. */
const FORMATS: Partial<Record<SpeechFormat, string>> = {
  mp3: 'mp3_44100_128',
  opus: 'opus_48000_64',
  wav: 'pcm_24000',
  pcm: 'pcm_24000',
};
const SPEEDS = [0.7, 1.2] as const;
const VOICE_ID = /^[\w-]+$/;

export const elevenLabsSpeech: SpeechVendor = {
  writeRequest(request, { model }, losses) {
    const { input, voice, format, speed, others } = request;
    refuseInstructions(request, losses);
    if (!VOICE_ID.test(voice)) {
      losses.refused('voice', 'ElevenLabs knows voices by their ids, of letters and digits.');
    }
    const outputFormat = FORMATS[format];
    if (outputFormat === undefined) {
      losses.refused('response_format', `ElevenLabs makes no ${format}. Ask for mp3, opus, wav or pcm.`);
    }
    const settings = {
      ...recordOr(others['voice_settings']),
      ...(speed !== 1 && { speed: speedWithin(SPEEDS, request, losses) }),
    };
    return {
      path: `/text-to-speech/${encodeURIComponent(voice)}/stream?output_format=${outputFormat}`,
      body: {
        ...others,
        text: input,
        model_id: model,
        ...(Object.keys(settings).length > 0 && { voice_settings: settings }),
      },
      isBare: format === 'wav',
    };
  },
};

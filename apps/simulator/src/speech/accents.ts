import { checkDeepgramKey, deepgram as deepgramEars } from '../transcription/deepgram.js';
import { checkElevenLabsKey, elevenLabs as elevenLabsEars } from '../transcription/elevenlabs.js';
import type { Exchange } from '../http/exchange.js';
import type { JsonObject } from '../json.js';
import { asNumber, asObject, asText } from '../json.js';
import { type Refusal, require400 } from '../refusal.js';
import { checkModel } from '../tasks/checks.js';
import type { SoundFormat, SpeechRequest } from './check.js';

/** A vendor whose endpoint for speech is not OpenAI's. */
export interface SpeechAccent {
  readonly vendor: string;
  /** @throws Refusal for a request that the vendor would refuse */
  read(exchange: Exchange, body: JsonObject): SpeechRequest;
  errorBody(refusal: Refusal): unknown;
}

const PLAIN = { instructions: '', asEvents: false };

/** By encoding and container. https://developers.deepgram.com/docs/tts-media-output-settings */
const DEEPGRAM_FORMATS: Readonly<Record<string, SoundFormat>> = {
  mp3: 'mp3',
  'opus ogg': 'opus',
  aac: 'aac',
  flac: 'flac',
  'linear16 wav': 'wav',
  'linear16 none': 'pcm',
};

export const deepgramVoice: SpeechAccent = {
  vendor: 'deepgram',
  errorBody: deepgramEars.errorBody,
  read({ received: { headers }, url: { searchParams } }, body) {
    checkDeepgramKey(headers);
    const query = Object.fromEntries(searchParams);
    const model = checkModel(query);
    require400(/^aura(-\d)?-\w+-\w\w$/.test(model), `No such model: ${model}`);
    const format = DEEPGRAM_FORMATS[[query['encoding'], query['container']].filter(Boolean).join(' ')];
    require400(format !== undefined, 'Unsupported audio format requested.');
    const speed = Number(query['speed'] ?? 1);
    require400(speed >= 0.7 && speed <= 1.5, 'speed must be between 0.7 and 1.5.');
    const input = asText(body.text);
    require400(input !== '', 'Payload must contain text.');
    return { ...PLAIN, model, input, format, speed };
  },
};

/** https://elevenlabs.io/docs/api-reference/text-to-speech/stream */
export const elevenLabsVoice: SpeechAccent = {
  vendor: 'elevenlabs',
  errorBody: elevenLabsEars.errorBody,
  read({ received: { headers }, url: { searchParams } }, body) {
    checkElevenLabsKey(headers);
    const model = checkModel({ model: body.model_id });
    const [codec] = (searchParams.get('output_format') ?? 'mp3_44100_128').split('_');
    const format = (['mp3', 'opus', 'pcm'] as const).find(known => known === codec);
    require400(format !== undefined, 'Invalid output format.', { code: 'invalid_output_format' });
    const speed = asNumber(asObject(body.voice_settings).speed) ?? 1;
    require400(speed >= 0.7 && speed <= 1.2, 'Invalid speed.', { code: 'invalid_voice_settings' });
    const input = asText(body.text);
    require400(input !== '', 'text is required.', { code: 'invalid_parameters' });
    return { ...PLAIN, model, input, format, speed };
  },
};

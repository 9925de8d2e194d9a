import type { GatewayError } from '@app/shared';
import { beginsLike, type LiveDialect } from '../domain/live.js';
import { decodedBytes } from '../sound/base64.js';
import { admitCallerEvent, asksForAnswer } from './caller-events.js';
import { OpenAiCallerSide } from './caller-side.js';
import { failureIn } from './failures.js';
import { newId } from './ids.js';
import { OpenAiMemory } from './memory.js';
import { OpenAiVendorSide } from './vendor-side.js';
import { readVendorEvent } from './vendor-events.js';

/** Its type stands at its very beginning: further on callers may have chosen what stands there. */
const SOUND =
  /^\{\s*(?:"event_id"\s*:\s*"[^"\\]*"\s*,\s*)?"type"\s*:\s*"(?:response\.(?:output_)?audio\.delta|input_audio_buffer\.append)"/;
/** Any of them can be written with backslashes, too. */
const WORTH_READING = ['"session"', 'response.create', 'response.cancel', '_buffer.commit', '\\'];

/** `{"type":"input_audio_buffer.append","audio":""}` */
const AROUND_SOUND_BYTES = 48;

/** OpenAI's Realtime API since its general availability; Azure and xAI speak it, too. */
export const openAiRealtime: LiveDialect = {
  id: 'openai-realtime',
  isBinary: false,
  isGreeted: true,
  path: model =>
    `/realtime?${model === null ? 'intent=transcription' : `model=${encodeURIComponent(model)}`}`,
  isOnlySound: frame => beginsLike(frame, SOUND),
  tokensPerSecond: { heard: 10, spoken: 20 }, // https://platform.openai.com/docs/guides/realtime-costs
  heardSeconds: ({ length }, bytesPerSecond) => decodedBytes(length - AROUND_SOUND_BYTES) / bytesPerSecond,
  isWorthReading: frame => WORTH_READING.some(words => frame.includes(words)),
  readVendor: readVendorEvent,
  failureIn,
  admit: admitCallerEvent,
  show: event => event,
  asksForAnswer,
  endsSpeech: event => event['type'] === 'input_audio_buffer.commit',
  speaksUp: event => event['type'] === 'response.cancel',
  cancel: '{"type":"response.cancel"}',
  callerSide: parts => new OpenAiCallerSide(parts),
  vendorSide: parts => new OpenAiVendorSide(parts),
  memory: () => new OpenAiMemory(),
  writeResumed: resumed => ({ type: 'x_llmhub.resumed', event_id: newId('event'), ...resumed }),
  writeError,
  writeEnd: writeError,
};

function writeError({ message, type, code, param }: GatewayError): string {
  return JSON.stringify({
    type: 'error',
    event_id: `event_${Date.now()}`,
    error: { type, code, message, param },
  });
}

import { bytesOfBase64, type MediaPart, type Sound, type TextPart } from '@app/dialects';
import { InvalidRequestError } from '@app/shared';
import { assertRate } from './listener.js';

const PCM = /^audio\/(?:pcm|l16)\b/i;
const RATE = /\brate=(\d+)/i;
const USUAL_RATE = 24_000;

export function isSound(part: TextPart | MediaPart): part is MediaPart {
  return part.kind === 'media' && part.media === 'audio';
}

/** What somebody said in a message; null: that is no PCM. @throws NoSuchSoundError, InvalidRequestError (400) */
export function soundIn({ mime = 'audio/pcm', source }: MediaPart): Sound | null {
  if (source.kind !== 'base64' || !PCM.test(mime)) {
    return null;
  }
  const rate = Number(RATE.exec(mime)?.[1] ?? USUAL_RATE);
  assertRate(rate);
  const bytes = bytesOfBase64(source.data);
  if (!bytes) {
    throw new InvalidRequestError('Send the sound of a message as base64.', 'data', 'unsupported_sound');
  }
  return { pcm: bytes.subarray(0, bytes.length & ~1), rate };
}

import type { Sound } from '../domain/live-crossing.js';
import { textAt, type Wire } from '../domain/wire.js';

const MIME = /^audio\/(?:pcm|l16)(?:\s*;.*?\brate=(\d+).*)?$/i;
/** Of what comes from Google when it does not say it, as recorded of Vertex. */
const SPOKEN_RATE = 24_000;

/** A blob of PCM; null when it is something else. @param rate when it does not say it, in samples of a second */
export function soundOf(blob: Wire, rate = SPOKEN_RATE): Sound | null {
  const found = MIME.exec(textAt(blob, 'mimeType'));
  return found && { pcm: Buffer.from(textAt(blob, 'data'), 'base64'), rate: Number(found[1] ?? rate) };
}

export function soundMessage({ pcm, rate }: Sound): Wire {
  return { realtimeInput: { audio: { mimeType: `audio/pcm;rate=${rate}`, data: pcm.toString('base64') } } };
}

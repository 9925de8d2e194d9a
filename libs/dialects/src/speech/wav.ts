import { BYTES_PER_SAMPLE } from '../sound/pcm.js';

/** Samples a second, of 16 bits, in one channel: what OpenAI's `pcm` is, and what other vendors are asked for. */
const USUAL_RATE = 24_000;
const HEADER_BYTES = 44;
/** Nobody knows yet. */
const OPEN = 0xffffffff;

/** @param bytes of its samples; absent: it is sent while it is made */
export function wavHeader(bytes?: number, rate = USUAL_RATE): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('RIFF', 0);
  header.writeUInt32LE(bytes === undefined ? OPEN : HEADER_BYTES - 8 + bytes, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16); // of this chunk
  header.writeUInt16LE(1, 20); // PCM
  header.writeUInt16LE(1, 22); // channel
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * BYTES_PER_SAMPLE, 28);
  header.writeUInt16LE(BYTES_PER_SAMPLE, 32);
  header.writeUInt16LE(8 * BYTES_PER_SAMPLE, 34);
  header.write('data', 36);
  header.writeUInt32LE(bytes ?? OPEN, 40);
  return header;
}

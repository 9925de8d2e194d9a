import type { FileHandle } from 'node:fs/promises';
import { readAt } from './read-at.js';
import { wrongFile } from './wrong-file.js';

/** Of all chunks: recorders write three or four. */
const MOST_CHUNKS = 100;
/** `RIFF`, a length, `WAVE`. */
const FIRST_CHUNK_AT = 12;
/** Its name, and how long it is. */
const HEAD_BYTES = 8;
const FORMAT_BYTES = 16;
const NAME = /^[\x20-\x7e]{4}$/;
/** Samples as they are, as integers, as floats, of telephones, or told by more than these 16 bytes. */
const PLAIN: ReadonlySet<number> = new Set([1, 3, 6, 7, 0xfffe]);

interface Chunk {
  readonly name: string;
  /** As it says. */
  readonly bytes: number;
  /** Where its content begins. */
  readonly from: number;
  /** The beginning of that. */
  readonly content: Buffer;
}

/**
 * Seconds of sound in a WAV, by the bytes that there are: whoever writes one while it is made leaves its length open (0, 2^32 - 1), and a
 * stranger may have it say anything. Null for one that ends before its sound begins, or does not tell what that is.
 *
 * @throws InvalidRequestError (400) for sound of no channel, no rate, or no bits
 */
export async function wavSeconds(handle: FileHandle, size: number): Promise<number | null> {
  let bytesPerSecond = 0;
  let sound: number | null = null;
  let at = FIRST_CHUNK_AT;
  for (let count = 0; count < MOST_CHUNKS; count += 1) {
    const chunk = await chunkAt(handle, at);
    if (!chunk) {
      break;
    }
    const end = chunk.from + chunk.bytes;
    at = end + (chunk.bytes % 2);
    if (chunk.name === 'fmt ') {
      bytesPerSecond = readBytesPerSecond(chunk.content);
    } else if (chunk.name === 'data') {
      const isTrue = end < size && (size - end < HEAD_BYTES || (await chunkAt(handle, at)) !== null);
      sound = (sound ?? 0) + (isTrue ? end : size) - chunk.from; // decoders go on with a second such chunk
      at = isTrue ? at : size;
    }
  }
  return sound === null || bytesPerSecond === 0 ? null : sound / bytesPerSecond;
}

/** Null where none begins. */
async function chunkAt(handle: FileHandle, at: number): Promise<Chunk | null> {
  const head = await readAt(handle, at, HEAD_BYTES + FORMAT_BYTES);
  const name = head.toString('latin1', 0, 4);
  return head.length >= HEAD_BYTES && NAME.test(name)
    ? { name, bytes: head.readUInt32LE(4), from: at + HEAD_BYTES, content: head.subarray(HEAD_BYTES) }
    : null;
}

/**
 * 0 when it cannot be told. https://learn.microsoft.com/windows/win32/api/mmeapi/ns-mmeapi-waveformatex
 *
 * @throws InvalidRequestError (400) for sound of no channel, no rate, or no bits
 */
function readBytesPerSecond(format: Buffer): number {
  if (format.length < FORMAT_BYTES) {
    return 0;
  }
  const isPlain = PLAIN.has(format.readUInt16LE(0));
  const [channels, rate, bits] = [format.readUInt16LE(2), format.readUInt32LE(4), format.readUInt16LE(14)];
  if (channels === 0 || rate === 0 || (isPlain && bits === 0)) {
    throw wrongFile(
      `The file (audio/wav) says that there is no sound in it (channels: ${channels}, bits: ${bits}, Hz: ${rate})`,
    );
  }
  return isPlain ? Math.ceil(bits / 8) * channels * rate : format.readUInt32LE(8);
}

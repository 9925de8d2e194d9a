import { BYTES_PER_SAMPLE, MS_PER_CHARACTER, SPOKEN_RATE } from '../pcm.js';
import type { SoundFormat } from './check.js';

const HERTZ = 440;
const LOUDNESS = 8000;
/** How much is sent at once, in samples: a tenth of a second. */
const PIECE = SPOKEN_RATE / 10;
/** Compressed formats are smaller so many times, and sound like nothing. */
const COMPRESSION = 10;
const WAV_HEADER_BYTES = 44;

/** The first bytes of what is no real sound, but looks like it. */
const MAGIC: Readonly<Record<Exclude<SoundFormat, 'pcm' | 'wav'>, Buffer>> = {
  mp3: Buffer.from('ID3\x04\0\0\0\0\0\0\xff\xf3\xa4\xc4', 'latin1'),
  opus: Buffer.from('OggS\0\x02', 'latin1'),
  aac: Buffer.from('\xff\xf1\x50\x80', 'latin1'),
  flac: Buffer.from('fLaC', 'latin1'),
};

export const SOUND_TYPES: Readonly<Record<SoundFormat, string>> = {
  mp3: 'audio/mpeg',
  opus: 'audio/opus',
  aac: 'audio/aac',
  flac: 'audio/flac',
  wav: 'audio/wav',
  pcm: 'audio/pcm',
};

/** How long a text is spoken. */
export function secondsOf(text: string, speed: number): number {
  return ([...text].length * MS_PER_CHARACTER) / 1000 / speed;
}

/** A sine of that length, piece by piece. */
export function* soundOf(format: SoundFormat, seconds: number): Generator<Buffer> {
  const samples = Math.round(seconds * SPOKEN_RATE);
  if (format === 'wav') {
    yield wavHeader(samples * BYTES_PER_SAMPLE);
  } else if (format !== 'pcm') {
    yield MAGIC[format];
  }
  const isPlain = format === 'wav' || format === 'pcm';
  const all = isPlain ? samples : Math.ceil(samples / COMPRESSION);
  for (let from = 0; from < all; from += PIECE) {
    yield sine(from, Math.min(from + PIECE, all));
  }
}

function sine(from: number, to: number): Buffer {
  const bytes = Buffer.alloc((to - from) * BYTES_PER_SAMPLE);
  for (let sample = from; sample < to; sample++) {
    const value = LOUDNESS * Math.sin((2 * Math.PI * HERTZ * sample) / SPOKEN_RATE);
    bytes.writeInt16LE(Math.round(value), (sample - from) * BYTES_PER_SAMPLE);
  }
  return bytes;
}

function wavHeader(dataBytes: number): Buffer {
  const header = Buffer.alloc(WAV_HEADER_BYTES);
  header.write('RIFF', 0);
  header.writeUInt32LE(WAV_HEADER_BYTES - 8 + dataBytes, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(SPOKEN_RATE, 24);
  header.writeUInt32LE(SPOKEN_RATE * BYTES_PER_SAMPLE, 28);
  header.writeUInt16LE(BYTES_PER_SAMPLE, 32);
  header.writeUInt16LE(8 * BYTES_PER_SAMPLE, 34);
  header.write('data', 36);
  header.writeUInt32LE(dataBytes, 40);
  return header;
}

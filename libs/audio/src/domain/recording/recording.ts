import { type FileHandle, open } from 'node:fs/promises';
import { fileTypeFromBuffer } from 'file-type';
import {
  CouldNotDetermineFileTypeError,
  type IFormat,
  parseFromTokenizer,
  UnsupportedFileTypeError,
} from 'music-metadata';
import { BufferSizeError } from 'strtok3';
import type { InvalidRequestError } from '@app/shared';
import { BoundedFile, EndlessFileError } from './bounded-file.js';
import { lastOggSecond, lastWebmSecond, TAIL_BYTES } from './last-timestamp.js';
import { readAt } from './read-at.js';
import { wavSeconds } from './wav-seconds.js';
import { wrongFile } from './wrong-file.js';

/** How long a recording is, as far as its file tells. */
export interface Recording {
  /** Null when nobody can tell. */
  readonly seconds: number | null;
  /** By its samples or time stamps, and not by how much its beginning takes. */
  readonly isExact: boolean;
  /** As its bytes tell it, such as `audio/mpeg`; null for samples without a container. */
  readonly mime: string | null;
}

type Length = Omit<Recording, 'mime'>;

const UNKNOWN: Length = { seconds: null, isExact: false };
const HEAD_BYTES = 4100;
const WAV = 'audio/wav';
/** Every page of it tells a time: one without any ends before its sound begins. */
const OGG = 'audio/ogg';
/** What is no sound and no film, but notes; some of these are, whatever their name. */
const OTHER_MEDIA =
  /^(?!application\/(?:ogg|mxf|vnd\.ms-asf))(?:application|image|text|font|model)\/|^audio\/(?:midi|x-(?:xm|s3m|it))$/;
/** What `file-type` does not know. */
const MORE_TYPES: readonly (readonly [start: RegExp, mime: string])[] = [
  [/^(?:RF64|BW64).{4}WAVE/s, WAV],
  [/^\.snd/, 'audio/basic'],
];
/** So many bytes of what nobody knows are shown. */
const SHOWN_BYTES = 8;
/** Sound as such has 1.5 MB a second at most, film more: what claims to be shorter says nothing of its length. */
const MOST_BYTES_PER_SECOND = 16 * 1024 * 1024;
/** No syllable is shorter: a header and no more. */
const SHORTEST_SECONDS = 0.01;
/** Opus counts so, whatever it was made of. https://www.rfc-editor.org/rfc/rfc7845#section-4 */
const OPUS_RATE = 48_000;

/** Samples as they are: nobody but the vendor can tell what they are. */
export const RAW: Recording = { ...UNKNOWN, mime: null };

/**
 * Looks at an uploaded recording: at its beginning, its index and its end, however long it is.
 *
 * @throws InvalidRequestError (400) for a file that is empty, broken, something else, or of no kind known, saying what was found
 */
export async function inspectRecording(file: {
  readonly path: string;
  readonly bytes: number;
}): Promise<Recording> {
  assertNotEmpty(file);
  const handle = await open(file.path);
  try {
    const mime = await readType(handle, file.bytes);
    const length =
      mime === WAV ? await wavLength(handle, file.bytes) : await parsedLength(handle, file.bytes, mime);
    if (length.seconds !== null && length.seconds < SHORTEST_SECONDS) {
      throw wrongFile(`The file (${mime}) has no sound in it, not a moment`, 'empty_file');
    }
    return { ...length, mime };
  } finally {
    await handle.close();
  }
}

/** @throws InvalidRequestError (400) */
export function assertNotEmpty({ bytes }: { readonly bytes: number }): void {
  if (bytes === 0) {
    throw wrongFile('The file is empty', 'empty_file');
  }
}

/** @throws InvalidRequestError (400) */
async function readType(handle: FileHandle, size: number): Promise<string> {
  const head = await readAt(handle, 0, Math.min(HEAD_BYTES, size));
  const type = await fileTypeFromBuffer(head).catch(() => undefined); // what breaks it off is nothing that it knows
  const mime = type?.mime ?? MORE_TYPES.find(([start]) => start.test(head.toString('latin1', 0, 12)))?.[1];
  if (mime === undefined) {
    throw wrongFile(head.some(isControl) ? `The file starts with ${shown(head)}` : 'The file is text');
  }
  if (OTHER_MEDIA.test(mime)) {
    throw wrongFile(`The file is ${mime}`);
  }
  return mime.replace(/;.*$/, ''); // without codecs
}

/** Such as `4f 67 67 53 ("OggS")`. */
function shown(head: Buffer): string {
  const start = head.subarray(0, SHOWN_BYTES);
  const [word] = /^[\x21-\x7e]{3,}/.exec(start.toString('latin1')) ?? [];
  const hex = [...start].map(byte => byte.toString(16).padStart(2, '0')).join(' ');
  return `${hex}${word === undefined ? '' : ` (${JSON.stringify(word)})`}, as no sound of a kind known does`;
}

/** Text has lines and tabs, and no other byte below the blank but the one that ends colours. */
function isControl(byte: number): boolean {
  return byte < 9 || (byte > 13 && byte < 32 && byte !== 27);
}

/** @throws InvalidRequestError (400) */
async function wavLength(handle: FileHandle, size: number): Promise<Length> {
  const seconds = await wavSeconds(handle, size);
  if (seconds === null) {
    throw broken(WAV);
  }
  return believed(seconds, size);
}

/** @throws InvalidRequestError (400) */
async function parsedLength(handle: FileHandle, size: number, mime: string): Promise<Length> {
  const { format, isWhole } = await formatOf(handle, size);
  if (format.hasAudio === false) {
    throw wrongFile(`The file (${format.container ?? mime}) has no sound`);
  }
  const length = await lengthOf(handle, size, format);
  const isTold = format.codec !== undefined || format.sampleRate !== undefined;
  if (isWhole && (!isTold || (mime === OGG && !length.isExact))) {
    throw broken(mime);
  }
  return length;
}

interface Parsed {
  /** As much of it as could be read. */
  readonly format: Partial<IFormat>;
  /** All was tried: it is not that the parser does not know its kind, or would have to read too much. */
  readonly isWhole: boolean;
}

async function formatOf(handle: FileHandle, size: number): Promise<Parsed> {
  let format: Partial<IFormat> = {};
  try {
    const options = { skipCovers: true, observer: ({ metadata }: Seen) => void (format = metadata.format) };
    const parsed = await parseFromTokenizer(new BoundedFile(handle, size), options);
    return { format: parsed.format, isWhole: true };
  } catch (error) {
    return { format, isWhole: !GIVEN_UP.some(kind => error instanceof kind) };
  }
}

const GIVEN_UP = [
  BufferSizeError,
  CouldNotDetermineFileTypeError,
  EndlessFileError,
  UnsupportedFileTypeError,
] as const;

type Seen = { readonly metadata: { readonly format: IFormat } };

async function lengthOf(handle: FileHandle, bytes: number, format: Partial<IFormat>): Promise<Length> {
  const told = format.duration ?? (await lastSecondOf(handle, bytes, format));
  if (told !== null && told >= 0 && Number.isFinite(told)) {
    return believed(told, bytes);
  }
  const { bitrate = 0 } = format;
  return bitrate > 0 ? { seconds: (bytes * 8) / bitrate, isExact: false } : UNKNOWN;
}

function believed(seconds: number, bytes: number): Length {
  return bytes / Math.max(seconds, SHORTEST_SECONDS) > MOST_BYTES_PER_SECOND
    ? UNKNOWN
    : { seconds, isExact: true };
}

/** Of containers that tell their length by where they end. */
async function lastSecondOf(
  handle: FileHandle,
  size: number,
  { container = '', codec, sampleRate = 0 }: Partial<IFormat>,
): Promise<number | null> {
  const isOgg = container === 'Ogg' && sampleRate > 0;
  if (!isOgg && !container.startsWith('EBML')) {
    return null;
  }
  const tail = await readAt(handle, Math.max(0, size - TAIL_BYTES), Math.min(TAIL_BYTES, size));
  return isOgg ? lastOggSecond(tail, codec === 'Opus' ? OPUS_RATE : sampleRate) : lastWebmSecond(tail);
}

function broken(mime: string): InvalidRequestError {
  return wrongFile(`The file (${mime}) breaks off, or is damaged, before it tells what sound it has`);
}

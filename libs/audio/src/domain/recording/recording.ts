import { type FileHandle, open } from 'node:fs/promises';
import { fileTypeFromBuffer } from 'file-type';
import { type IFormat, parseFromTokenizer } from 'music-metadata';
import { InvalidRequestError } from '@app/shared';
import { BoundedFile } from './bounded-file.js';
import { lastOggSecond, lastWebmSecond, TAIL_BYTES } from './last-timestamp.js';

/** How long a recording is, as far as its file tells. */
export interface Recording {
  /** Null when nobody can tell. */
  readonly seconds: number | null;
  /** By its samples or time stamps, and not by how much its beginning takes. */
  readonly isExact: boolean;
  /** As its bytes tell it, such as `audio/mpeg`; null when they do not. */
  readonly mime: string | null;
}

type Length = Omit<Recording, 'mime'>;

const UNKNOWN: Length = { seconds: null, isExact: false };
const HEAD_BYTES = 4100;
/** What is no sound and no film; some of these are, whatever their name. */
const OTHER_MEDIA = /^(?!application\/(?:ogg|mxf|vnd\.ms-asf))(?:application|image|text|font|model)\//;
/** Sound as such has 1.5 MB a second at most, film more: what claims to be shorter says nothing of its length. */
const MOST_BYTES_PER_SECOND = 16 * 1024 * 1024;
/** No syllable is shorter: a header and no more. */
const SHORTEST_SECONDS = 0.01;
/** Opus counts so, whatever it was made of. https://www.rfc-editor.org/rfc/rfc7845#section-4 */
const OPUS_RATE = 48_000;

/**
 * Looks at an uploaded recording: at its beginning, its index and its end, however long it is. What no container is known of is
 * for the vendor to judge.
 *
 * @throws InvalidRequestError (400) for a file that is empty, or something else, saying what was found
 */
export async function inspectRecording(file: {
  readonly path: string;
  readonly bytes: number;
}): Promise<Recording> {
  if (file.bytes === 0) {
    throw wrongFile('The file is empty', 'empty_file');
  }
  const handle = await open(file.path);
  try {
    const mime = await readType(handle, file.bytes);
    const format = await formatOf(handle, file.bytes);
    const kind = format.container ?? mime ?? 'of an unknown kind';
    if (format.hasAudio === false) {
      throw wrongFile(`The file (${kind}) has no sound`);
    }
    const length = await lengthOf(handle, file.bytes, format);
    if (length.seconds !== null && length.seconds < SHORTEST_SECONDS) {
      throw wrongFile(`The file (${kind}) has no sound in it, not a moment`, 'empty_file');
    }
    return { ...length, mime };
  } finally {
    await handle.close();
  }
}

/** @throws InvalidRequestError (400) */
async function readType(handle: FileHandle, size: number): Promise<string | null> {
  const head = await read(handle, 0, Math.min(HEAD_BYTES, size));
  const type = await fileTypeFromBuffer(head).catch(() => undefined); // what breaks it off is nothing that it knows
  if (type && OTHER_MEDIA.test(type.mime)) {
    throw wrongFile(`The file is ${type.mime}`);
  }
  if (!type && !head.some(isControl)) {
    throw wrongFile('The file is text');
  }
  return type?.mime.replace(/;.*$/, '') ?? null; // without codecs
}

/** Text has lines and tabs, and no other byte below the blank but the one that ends colours. */
function isControl(byte: number): boolean {
  return byte < 9 || (byte > 13 && byte < 32 && byte !== 27);
}

/** As much of it as could be read: a broken one is for the vendor to judge. */
async function formatOf(handle: FileHandle, size: number): Promise<Partial<IFormat>> {
  let format: Partial<IFormat> = {};
  try {
    const options = { skipCovers: true, observer: ({ metadata }: Seen) => void (format = metadata.format) };
    return (await parseFromTokenizer(new BoundedFile(handle, size), options)).format;
  } catch {
    return format;
  }
}

type Seen = { readonly metadata: { readonly format: IFormat } };

async function lengthOf(handle: FileHandle, bytes: number, format: Partial<IFormat>): Promise<Length> {
  const told = format.duration ?? (await lastSecondOf(handle, bytes, format));
  if (told !== null && told >= 0 && Number.isFinite(told)) {
    return bytes / Math.max(told, SHORTEST_SECONDS) > MOST_BYTES_PER_SECOND
      ? UNKNOWN
      : { seconds: told, isExact: true };
  }
  const { bitrate = 0 } = format;
  return bitrate > 0 ? { seconds: (bytes * 8) / bitrate, isExact: false } : UNKNOWN;
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
  const tail = await read(handle, Math.max(0, size - TAIL_BYTES), Math.min(TAIL_BYTES, size));
  return isOgg ? lastOggSecond(tail, codec === 'Opus' ? OPUS_RATE : sampleRate) : lastWebmSecond(tail);
}

async function read(handle: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await handle.read(bytes, 0, length, at);
  return bytes.subarray(0, bytesRead);
}

function wrongFile(what: string, code = 'invalid_audio'): InvalidRequestError {
  return new InvalidRequestError(
    `${what}. Send a recording, such as flac, mp3, m4a, ogg, wav or webm.`,
    'file',
    code,
  );
}

import { openAsBlob } from 'node:fs';
import { Readable } from 'node:stream';
import { Losses, type TranscriptionVendor } from '@app/dialects';
import type { Route } from '@app/routing';
import { formWith } from './recording/form.js';
import type { AudioFile, Question, TranscriptionInput } from './transcription.request.js';

/** Types that a caller may name: any other would have the vendor read the recording as something else. */
const SOUND = /^(audio|video)\/[\w.+-]+$/;

/** Three bytes become four letters, so that pieces may be joined. */
const PIECE_BYTES = 3 * 64 * 1024;

/**
 * What the caller asks, as a vendor takes it that has an endpoint of its own.
 *
 * @throws UnsupportedFieldsError (400) in strict mode, naming what the vendor cannot do
 */
export async function askInItsWords(
  { call, task, fields, file, recording }: Omit<TranscriptionInput, 'meter' | 'reply' | 'visit'>,
  { target }: Route,
  vendor: TranscriptionVendor,
): Promise<Question> {
  const request = {
    format: fields.format,
    fields: fields.others,
    mime: recording.mime ?? typeOf(file),
    seconds: recording.isExact ? recording.seconds : null,
    stream: fields.stream,
    isTranslation: task === 'translations',
  };
  const losses = new Losses();
  const { path, form, around } = vendor.writeRequest(request, target, losses);
  losses.assertAcceptable(target.vendor, call.strict);
  return {
    path,
    ...(form
      ? { headers: {}, body: await formWith(file, form) }
      : await (around ? within(file, around) : alone(file))),
    losses: losses.list,
    passes: false,
    read: json => vendor.readAnswer(json, request, target),
    reader: () => vendor.streamReader?.(target) ?? null,
  };
}

type Sent = Pick<Question, 'headers' | 'body'>;

async function alone(file: AudioFile): Promise<Sent> {
  const { path, bytes } = file;
  const sound = await openAsBlob(path); // no file is open until somebody reads, who may never come
  return {
    headers: {
      'content-type': typeOf(file),
      'content-length': String(bytes),
    },
    body: Readable.from(sound.stream()),
  };
}

/** JSON with the recording in base64, of which no more than a piece is in memory. */
async function within({ path, bytes }: AudioFile, [before, after]: readonly [string, string]): Promise<Sent> {
  const sound = await openAsBlob(path);
  const length = Buffer.byteLength(before) + Math.ceil(bytes / 3) * 4 + Buffer.byteLength(after);
  return {
    headers: { 'content-type': 'application/json', 'content-length': String(length) },
    body: Readable.from(
      (async function* () {
        yield Buffer.from(before);
        for (let at = 0; at < bytes; at += PIECE_BYTES) {
          const piece = await sound.slice(at, at + PIECE_BYTES).arrayBuffer();
          yield Buffer.from(Buffer.from(piece).toString('base64'));
        }
        yield Buffer.from(after);
      })(),
    ),
  };
}

function typeOf({ mime }: AudioFile): string {
  return SOUND.test(mime) ? mime : 'application/octet-stream';
}

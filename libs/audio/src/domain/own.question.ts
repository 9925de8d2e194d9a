import { openAsBlob } from 'node:fs';
import { Readable } from 'node:stream';
import { Losses, type TranscriptionVendor } from '@app/dialects';
import type { Route } from '@app/routing';
import { FormData } from 'undici';
import type { AudioFile, Question, TranscriptionInput } from './transcription.request.js';

/** Types that a caller may name: any other would have the vendor read the recording as something else. */
const SOUND = /^(audio|video)\/[\w.+-]+$/;

/**
 * What the caller asks, as a vendor takes it that has an endpoint of its own.
 *
 * @throws UnsupportedFieldsError (400) in strict mode, naming what the vendor cannot do
 */
export async function askInItsWords(
  { call, fields, file }: Pick<TranscriptionInput, 'call' | 'fields' | 'file'>,
  { target }: Route,
  vendor: TranscriptionVendor,
): Promise<Question> {
  const request = { format: fields.format, fields: fields.others };
  const losses = new Losses();
  const { path, form } = vendor.writeRequest(request, target, losses);
  losses.assertAcceptable(target.vendor, call.strict);
  return {
    path,
    ...(await (form ? inForm(file, form) : alone(file))),
    losses: losses.list,
    passes: false,
    read: json => vendor.readAnswer(json, request, target),
  };
}

type Sent = Pick<Question, 'headers' | 'body'>;

/** Read from disk as it is sent, so memory stays flat whatever the size. */
async function inForm(file: AudioFile, fields: readonly (readonly [string, string])[]): Promise<Sent> {
  const form = new FormData();
  for (const [name, value] of fields) {
    form.append(name, value);
  }
  form.append('file', await openAsBlob(file.path, { type: file.mime }), file.name);
  return { headers: {}, body: form };
}

async function alone({ path, mime, bytes }: AudioFile): Promise<Sent> {
  const sound = await openAsBlob(path); // no file is open until somebody reads, who may never come
  return {
    headers: {
      'content-type': SOUND.test(mime) ? mime : 'application/octet-stream',
      'content-length': String(bytes),
    },
    body: Readable.from(sound.stream()),
  };
}

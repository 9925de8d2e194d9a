import { openAsBlob } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { ImageBytes } from '@app/dialects';
import { type Call, InvalidRequestError, removeMembers } from '@app/shared';
import { FormData } from 'undici';
import { flattenField } from '../form-field.js';
import { assertModelName, firstOfModels, parseBody } from '../parse-body.js';

/** An uploaded file on disk. */
export interface UploadedFile {
  readonly field: string;
  readonly path: string;
  readonly name: string;
  readonly mime: string;
}

/** What a caller sent to an image endpoint. */
export interface ImageBody {
  readonly model: string;
  readonly stream: boolean;
  readonly fields: Readonly<Record<string, unknown>>;
  /** The JSON as it came; null for a form. */
  readonly bytes: Buffer | null;
  readonly files: readonly UploadedFile[];
}

/** The first bytes of the formats that models take. */
const MAGIC: readonly (readonly [mime: string, begin: string])[] = [
  ['image/png', '\x89PNG'],
  ['image/jpeg', '\xff\xd8\xff'],
  ['image/gif', 'GIF8'],
  ['image/webp', 'RIFF'],
];

/** @throws InvalidRequestError (400) naming the field or header */
export function imageBodyOfJson(sent: Buffer, caller: Pick<Call, 'routing'>): ImageBody {
  const { model, stream, json, bytes } = parseBody(sent, caller);
  return { model, stream, fields: json, bytes, files: [] };
}

/** @throws InvalidRequestError (400) naming the field or header */
export function imageBodyOfForm(
  fields: Readonly<Record<string, unknown>>,
  files: readonly UploadedFile[],
  { routing }: Pick<Call, 'routing'>,
): ImageBody {
  const { model: named, stream } = fields;
  const model = named || firstOfModels(routing);
  assertModelName(model);
  if (stream !== undefined && stream !== 'true' && stream !== 'false') {
    throw new InvalidRequestError("'stream' must be true or false.", 'stream');
  }
  return { model, stream: stream === 'true', fields: { ...fields, model }, bytes: null, files };
}

/** Without fields that were for the gateway. */
export function withoutFields(body: ImageBody, names: readonly string[]): ImageBody {
  if (names.length === 0) {
    return body;
  }
  const fields = Object.entries(body.fields).filter(([name]) => !names.includes(name));
  return {
    ...body,
    fields: Object.fromEntries(fields),
    bytes: body.bytes && removeMembers(body.bytes, names),
  };
}

/** The form for a vendor that takes it as it is. Its files are read from disk as they are sent, so memory stays flat. */
export async function vendorForm({ fields, files }: ImageBody, model: string): Promise<FormData> {
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...fields, model })) {
    for (const [wireName, text] of flattenField(name, value)) {
      form.append(wireName, text);
    }
  }
  for (const { field, path, name, mime } of files) {
    form.append(field, await openAsBlob(path, { type: mime }), name);
  }
  return form;
}

/** The pictures of a form, and its fields; a file that is no picture to start from (`mask`) counts as a field. */
export async function readForm({ fields, files }: ImageBody): Promise<{
  readonly fields: Readonly<Record<string, unknown>>;
  readonly images: readonly ImageBytes[];
}> {
  const others = files.filter(file => !isImage(file)).map(({ field, name }) => [field, name]);
  const images = await Promise.all(files.filter(isImage).map(readImage));
  return { fields: { ...fields, ...Object.fromEntries(others) }, images };
}

function isImage({ field }: UploadedFile): boolean {
  return field === 'image' || field === 'image[]';
}

async function readImage({ path, mime }: UploadedFile): Promise<ImageBytes> {
  const bytes = await readFile(path);
  const begin = bytes.toString('latin1', 0, 4);
  const known = MAGIC.find(([, magic]) => begin.startsWith(magic))?.[0];
  return { mime: known ?? mime, base64: bytes.toString('base64') };
}

import { openAsBlob } from 'node:fs';
import { FormData } from 'undici';
import type { AudioFile } from '../transcription.request.js';

/** The blob reads from disk as it is sent, so memory stays flat whatever the size. */
export async function formWith(
  file: AudioFile,
  fields: readonly (readonly [name: string, value: string])[],
): Promise<FormData> {
  const form = new FormData();
  for (const [name, value] of fields) {
    form.append(name, value);
  }
  form.append('file', await openAsBlob(file.path, { type: file.mime }), file.name);
  return form;
}

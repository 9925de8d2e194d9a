import { openAsBlob } from 'node:fs';
import { readTranscription, type TranscriptFormat } from '@app/dialects';
import type { Route } from '@app/routing';
import { FormData } from 'undici';
import type { ListeningTask } from './transcription.fields.js';
import type { Question, TranscriptionInput } from './transcription.request.js';

type Asked = Pick<TranscriptionInput, 'task' | 'file' | 'fields'>;

/** OpenAI's: https://platform.openai.com/docs/guides/speech-to-text#speaker-diarization */
const TELLS_SPEAKERS = /-diarize\b/;

/** The form of the caller, as vendors take it who have OpenAI's endpoint. @param path of that */
export async function askCompatible(
  asked: Asked,
  { vendor, target }: Route,
  path: string,
): Promise<Question> {
  const { task, fields } = asked;
  const format = vendorFormat(task, fields.format, target.model);
  return {
    path,
    headers: {},
    body: await vendorForm(asked, target.model, format),
    losses: [],
    passes: format === fields.format,
    read: json => readTranscription(json, vendor.id),
  };
}

/** The blob reads from disk as it is sent, so memory stays flat whatever the size. */
async function vendorForm(
  { fields, file }: Asked,
  model: string,
  format: TranscriptFormat,
): Promise<FormData> {
  const form = new FormData();
  form.append('model', model);
  form.append('response_format', format);
  if (fields.stream) {
    form.append('stream', 'true');
  }
  for (const [name, value] of fields.others) {
    if (format === 'verbose_json' || !name.startsWith('timestamp_granularities')) {
      form.append(name, value);
    }
  }
  form.append('file', await openAsBlob(file.path, { type: file.mime }), file.name);
  return form;
}

/**
 * Plain text and subtitles carry no usage: the gateway asks for JSON and writes them itself, so every call is metered. Of a translation
 * only the verbose JSON tells how long the speech is; of a model that tells speakers apart, only theirs has times.
 */
function vendorFormat(task: ListeningTask, format: TranscriptFormat, model: string): TranscriptFormat {
  if (task === 'translations') {
    return 'verbose_json';
  }
  if (format === 'text') {
    return 'json';
  }
  const isPlain = format === 'json' || format === 'diarized_json';
  if (TELLS_SPEAKERS.test(model)) {
    return isPlain ? format : 'diarized_json';
  }
  return isPlain ? format : 'verbose_json';
}

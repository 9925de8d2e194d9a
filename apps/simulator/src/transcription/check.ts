import { asList, asText } from '../json.js';
import { require400 } from '../refusal.js';
import { checkModel } from '../tasks/checks.js';
import type { Form } from './read-form.js';
import type { Recording } from './recording.js';

const EXTENSIONS = ['flac', 'm4a', 'mp3', 'mp4', 'mpeg', 'mpga', 'oga', 'ogg', 'wav', 'webm'];
const FORMATS = ['json', 'text', 'srt', 'verbose_json', 'vtt', 'diarized_json'];
/** Which formats a family of models writes. */
const WRITTEN: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^gpt-.*diarize/, ['json', 'text', 'diarized_json']],
  [/^gpt-/, ['json', 'text']],
  [/^/, ['json', 'text', 'srt', 'verbose_json', 'vtt']],
];

/** What becomes of speech: its text, or that in English. */
export type Task = 'transcribe' | 'translate';

export interface CheckedForm {
  readonly task: Task;
  readonly recording: Recording;
  readonly model: string;
  readonly format: string;
}

export function checkForm({ fields, recording }: Form, task: Task): CheckedForm {
  const model = checkModel(fields);
  require400(
    task === 'transcribe' || !model.startsWith('gpt-'),
    `The model '${model}' does not support translations.`,
    { param: 'model' },
  );
  require400(recording !== undefined, "Missing required parameter: 'file'.", { param: 'file' });
  const extension = recording.name.split('.').at(-1)?.toLowerCase() ?? '';
  require400(
    EXTENSIONS.includes(extension),
    `Unrecognized file format. Supported formats: ['${EXTENSIONS.join("', '")}']`,
  );
  require400(recording.bytes > 0, 'Audio file is too short. Minimum audio length is 0.1 seconds.', {
    param: 'file',
    code: 'audio_too_short',
  });
  const format = asText(fields.response_format) || 'json';
  require400(FORMATS.includes(format), `Invalid value: '${format}'.`, { param: 'response_format' });
  const written = WRITTEN.find(([family]) => family.test(model))?.[1] ?? [];
  require400(
    written.includes(format),
    `response_format '${format}' is not compatible with model '${model}'. Use '${written.join("' or '")}' instead.`,
    { param: 'response_format', code: 'unsupported_value' },
  );
  require400(
    asList(fields.timestamp_granularities).length === 0 || format === 'verbose_json',
    "'timestamp_granularities' needs 'response_format' to be 'verbose_json'.",
    { param: 'timestamp_granularities' },
  );
  return { task, recording, model, format };
}

import { Losses, readTranscription, type TranscriptFormat } from '@app/dialects';
import type { Route } from '@app/routing';
import { formWith } from './recording/form.js';
import type { ListeningTask } from './transcription.fields.js';
import type { Question, TranscriptionInput } from './transcription.request.js';

type Asked = Pick<TranscriptionInput, 'call' | 'task' | 'file' | 'fields'>;

/** OpenAI's: https://platform.openai.com/docs/guides/speech-to-text#speaker-diarization */
const TELLS_SPEAKERS = /-diarize\b/;

/**
 * The form of the caller, as vendors take it who have OpenAI's endpoint.
 *
 * @param path of that @throws UnsupportedFieldsError (400) in strict mode, naming what the model does not tell
 */
export async function askCompatible(
  { call, task, file, fields }: Asked,
  { vendor, target }: Route,
  path: string,
): Promise<Question> {
  const losses = new Losses();
  const others = fields.others.filter(([name]) => !isUntold(name, { vendor, target }, losses));
  losses.assertAcceptable(vendor.id, call.strict);
  const format = vendorFormat(task, fields.format, target.model);
  return {
    path,
    headers: {},
    body: await formWith(file, vendorFields({ ...fields, others }, target.model, format)),
    losses: losses.list,
    passes: format === fields.format,
    read: json => readTranscription(json, vendor.id),
    reader: () => null,
  };
}

/** `include` has one thing to ask for, the probabilities of words: a model that has none may take no notice of it. */
function isUntold(
  name: string,
  { vendor, target }: Pick<Route, 'vendor' | 'target'>,
  losses: Losses,
): boolean {
  const isLost = /^include(\[|$)/.test(name) && vendor.hearing?.unsure?.test(target.model) === true;
  if (isLost) {
    losses.dropped('include', `'${vendor.id}/${target.model}' tells no probabilities.`);
  }
  return isLost;
}

function vendorFields(
  { stream, others }: Asked['fields'],
  model: string,
  format: TranscriptFormat,
): (readonly [string, string])[] {
  const isTimed = format === 'verbose_json';
  return [
    ['model', model],
    ['response_format', format],
    ...(stream ? [['stream', 'true'] as const] : []),
    ...others.filter(([name]) => isTimed || !name.startsWith('timestamp_granularities')),
  ];
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

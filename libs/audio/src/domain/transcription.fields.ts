import { TRANSCRIPT_FORMATS, type TranscriptFormat, type TranscriptShape } from '@app/dialects';
import { flattenField } from '@app/inference';
import type { AudioTask } from '@app/providers';
import { InvalidRequestError } from '@app/shared';

const GRANULARITIES = ['word', 'segment'] as const;

/** What speech is turned into: its text, or that in English. */
export type ListeningTask = Extract<AudioTask, 'transcriptions' | 'translations'>;

const FORMATS_OF: Readonly<Record<ListeningTask, readonly TranscriptFormat[]>> = {
  transcriptions: TRANSCRIPT_FORMATS,
  translations: TRANSCRIPT_FORMATS.filter(format => format !== 'diarized_json'),
};

/** The form of a transcription request, or of a translation, apart from its file. */
export interface TranscriptionFields {
  readonly model: string;
  readonly format: TranscriptFormat;
  /** Of `verbose_json`; empty: as the vendor likes. */
  readonly granularities: TranscriptShape['granularities'];
  readonly stream: boolean;
  /** One of the project's provider keys to use. */
  readonly keyId: string | null;
  /** All other fields for the vendor, by wire name, repeated ones one by one. */
  readonly others: readonly (readonly [name: string, value: string])[];
  /** All of the form, as it came. */
  readonly form: Readonly<Record<string, unknown>>;
}

/**
 * Reads the text fields of the form; those the gateway does not know go to the vendor as they are.
 *
 * @param defaultModel of a form that names none
 * @throws InvalidRequestError (400) naming the field
 */
export function readFields(
  task: ListeningTask,
  form: Readonly<Record<string, unknown>>,
  defaultModel: string | null,
): TranscriptionFields {
  assertOnce(form);
  const { model: named, response_format, stream, llm_api_key_id, ...others } = form;
  const model = named === undefined || named === '' ? defaultModel : named;
  if (typeof model !== 'string' || model === '') {
    throw new InvalidRequestError("Send 'model', such as 'whisper-1'.", 'model', 'missing_model');
  }
  checkTemperature(others['temperature']);
  return {
    model,
    format: readFormat(response_format, FORMATS_OF[task]),
    granularities: readGranularities(others['timestamp_granularities'], response_format),
    stream: readStream(stream, task),
    keyId: typeof llm_api_key_id === 'string' && llm_api_key_id !== '' ? llm_api_key_id : null,
    others: Object.entries(others).flatMap(([name, value]) => flattenField(name, value)),
    form,
  };
}

const SINGLE = ['model', 'response_format', 'stream', 'llm_api_key_id', 'language', 'prompt', 'temperature'];

/** A form may say a thing twice, of which nobody knows which is meant. */
function assertOnce(form: Readonly<Record<string, unknown>>): void {
  const name = SINGLE.find(each => Array.isArray(form[each]));
  if (name !== undefined) {
    throw new InvalidRequestError(`'${name}' was sent more than once. Send it once.`, name);
  }
}

function readFormat(value: unknown, formats: readonly TranscriptFormat[]): TranscriptFormat {
  const format = formats.find(known => known === (value ?? 'json'));
  if (!format) {
    throw new InvalidRequestError(
      `'response_format' must be one of ${formats.join(', ')}.`,
      'response_format',
    );
  }
  return format;
}

function readStream(value: unknown, task: ListeningTask): boolean {
  if (value !== undefined && value !== 'true' && value !== 'false') {
    throw new InvalidRequestError("'stream' must be true or false.", 'stream');
  }
  if (value === 'true' && task === 'translations') {
    throw new InvalidRequestError("Translations are not streamed. Leave 'stream' out.", 'stream');
  }
  return value === 'true';
}

/** What a form nests (`temperature[a]`) has no prototype, and cannot be made a number or a text. */
function checkTemperature(value: unknown = '0'): void {
  const temperature = typeof value === 'string' ? Number(value) : Number.NaN;
  if (Number.isNaN(temperature) || temperature < 0 || temperature > 1) {
    throw new InvalidRequestError("'temperature' must be a number from 0 to 1.", 'temperature');
  }
}

function readGranularities(value: unknown, format: unknown): TranscriptShape['granularities'] {
  const wanted: unknown[] = value === undefined ? [] : [value].flat();
  const known = GRANULARITIES.filter(granularity => wanted.includes(granularity));
  const param = 'timestamp_granularities';
  if (wanted.some(granularity => !known.some(each => each === granularity))) {
    throw new InvalidRequestError(`'${param}[]' must be 'word' or 'segment'.`, param);
  }
  if (wanted.length > 0 && format !== 'verbose_json') {
    throw new InvalidRequestError(`'${param}[]' needs 'response_format' to be verbose_json.`, param);
  }
  return known;
}

import { SPEECH_TYPES, type SpeechFormat, type SpeechRequest as OwnSpeechRequest } from '@app/dialects';
import { InvalidRequestError, isObject } from '@app/shared';

const STREAM_FORMATS: readonly unknown[] = ['audio', 'sse'];
/** https://platform.openai.com/docs/api-reference/audio/createSpeech */
const MOST_CHARACTERS = 4096;
const SLOWEST = 0.25;
const FASTEST = 4;

type Fields = Readonly<Record<string, unknown>>;

/** What the gateway has to know of a request for speech; all else is between caller and vendor. */
export interface SpeechRequest {
  /** Of the text: what vendors bill by. */
  readonly characters: number;
  /** All that the model reads. */
  readonly text: string;
  /** Of the sound, unless the vendor tells another. */
  readonly contentType: string;
  /** The caller wants the sound in events, and not as it is. */
  readonly asEvents: boolean;
  /** The same for vendors whose endpoint is not OpenAI's, but for what is theirs alone. */
  readonly plain: Omit<OwnSpeechRequest, 'others'>;
}

/** @throws InvalidRequestError (400) naming the field */
export function readSpeechRequest(fields: Fields): SpeechRequest {
  const { input, instructions } = fields;
  if (typeof input !== 'string' || input === '') {
    throw new InvalidRequestError("Send 'input', the text to speak.", 'input');
  }
  const characters = charactersIn(input);
  if (characters > MOST_CHARACTERS) {
    throw new InvalidRequestError(
      `'input' may have ${MOST_CHARACTERS} characters, and has ${characters}. Send it in parts.`,
      'input',
      'string_above_max_length',
    );
  }
  const voice = readVoice(fields['voice']);
  const speed = readSpeed(fields['speed'] ?? 1);
  const format = readFormat(fields['response_format'] ?? 'mp3');
  if (isSaid(instructions) && typeof instructions !== 'string') {
    throw new InvalidRequestError("'instructions' must be a text.", 'instructions');
  }
  return {
    characters,
    text: `${input}${instructions ?? ''}`,
    contentType: SPEECH_TYPES[format],
    asEvents: readStreamFormat(fields['stream_format'] ?? 'audio') === 'sse',
    plain: {
      input,
      voice,
      format,
      speed,
      instructions: typeof instructions === 'string' ? instructions : '',
    },
  };
}

/** As people count them, in no more than one step each: a pair of surrogates is one. */
function charactersIn(text: string): number {
  let count = 0;
  for (const _ of text) {
    count += 1;
  }
  return count;
}

function readVoice(voice: unknown): string {
  const name = isObject(voice) ? voice['id'] : voice;
  if (typeof name !== 'string' || name === '') {
    throw new InvalidRequestError(
      `Send 'voice', a name such as "alloy", or {"id": "…"} for one of your own.`,
      'voice',
    );
  }
  return name;
}

function readSpeed(speed: unknown): number {
  if (typeof speed !== 'number' || speed < SLOWEST || speed > FASTEST) {
    throw new InvalidRequestError(`'speed' must be a number from ${SLOWEST} to ${FASTEST}.`, 'speed');
  }
  return speed;
}

function readFormat(value: unknown): SpeechFormat {
  const format = (Object.keys(SPEECH_TYPES) as SpeechFormat[]).find(known => known === value);
  if (!format) {
    throw new InvalidRequestError(
      `'response_format' must be one of ${Object.keys(SPEECH_TYPES).join(', ')}.`,
      'response_format',
    );
  }
  return format;
}

function readStreamFormat(value: unknown): unknown {
  if (!STREAM_FORMATS.includes(value)) {
    throw new InvalidRequestError("'stream_format' must be audio or sse.", 'stream_format');
  }
  return value;
}

function isSaid(value: unknown): boolean {
  return value !== undefined && value !== null;
}

import { InvalidRequestError, isObject } from '@app/shared';

/** What each format of sound is sent as. */
const TYPES = {
  mp3: 'audio/mpeg',
  opus: 'audio/opus',
  aac: 'audio/aac',
  flac: 'audio/flac',
  wav: 'audio/wav',
  pcm: 'audio/pcm',
} as const;
const STREAM_FORMATS: readonly unknown[] = ['audio', 'sse'];
/** https://platform.openai.com/docs/api-reference/audio/createSpeech */
const MOST_CHARACTERS = 4096;
const SLOWEST = 0.25;
const FASTEST = 4;

type Format = keyof typeof TYPES;
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
  assertVoice(fields['voice']);
  assertSpeed(fields['speed'] ?? 1);
  if (isSaid(instructions) && typeof instructions !== 'string') {
    throw new InvalidRequestError("'instructions' must be a text.", 'instructions');
  }
  return {
    characters,
    text: `${input}${instructions ?? ''}`,
    contentType: TYPES[readFormat(fields['response_format'] ?? 'mp3')],
    asEvents: readStreamFormat(fields['stream_format'] ?? 'audio') === 'sse',
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

function assertVoice(voice: unknown): void {
  const name = isObject(voice) ? voice['id'] : voice;
  if (typeof name !== 'string' || name === '') {
    throw new InvalidRequestError(
      `Send 'voice', a name such as "alloy", or {"id": "…"} for one of your own.`,
      'voice',
    );
  }
}

function assertSpeed(speed: unknown): void {
  if (typeof speed !== 'number' || speed < SLOWEST || speed > FASTEST) {
    throw new InvalidRequestError(`'speed' must be a number from ${SLOWEST} to ${FASTEST}.`, 'speed');
  }
}

function readFormat(value: unknown): Format {
  const format = (Object.keys(TYPES) as Format[]).find(known => known === value);
  if (!format) {
    throw new InvalidRequestError(
      `'response_format' must be one of ${Object.keys(TYPES).join(', ')}.`,
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

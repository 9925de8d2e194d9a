import { InvalidRequestError, isObject, type LiveConfig } from '@app/shared';
import { OlderFieldError } from './realtime.errors.js';

type Places = Readonly<Record<string, readonly string[]>>;

const INPUT: Places = {
  input_audio_format: ['audio', 'input', 'format'],
  input_audio_noise_reduction: ['audio', 'input', 'noise_reduction'],
  input_audio_transcription: ['audio', 'input', 'transcription'],
  turn_detection: ['audio', 'input', 'turn_detection'],
};
/** Where a session has today what it had in OpenAI's beta, whose members `resources/beta/realtime` of its SDK names. */
const PLACES: Readonly<Record<LiveConfig['type'], Places>> = {
  realtime: {
    ...INPUT,
    model: ['model'],
    instructions: ['instructions'],
    tools: ['tools'],
    tool_choice: ['tool_choice'],
    tracing: ['tracing'],
    modalities: ['output_modalities'],
    max_response_output_tokens: ['max_output_tokens'],
    output_audio_format: ['audio', 'output', 'format'],
    voice: ['audio', 'output', 'voice'],
    speed: ['audio', 'output', 'speed'],
  },
  transcription: { ...INPUT, include: ['include'] },
};
const FORMATS: ReadonlyMap<unknown, object> = new Map([
  ['pcm16', { type: 'audio/pcm', rate: 24_000 }],
  ['g711_ulaw', { type: 'audio/pcmu' }],
  ['g711_alaw', { type: 'audio/pcma' }],
]);

type Members = Record<string, unknown>;

/**
 * A session as OpenAI's beta described it, in today's words.
 *
 * @throws InvalidRequestError (400) naming what it was not, or is not any more
 */
export function todaysSession(type: LiveConfig['type'], asked: Readonly<Members>): LiveConfig {
  const config: Members = {};
  for (const [name, value] of Object.entries(asked)) {
    const places = PLACES[type];
    const place = Object.hasOwn(places, name) ? places[name] : undefined;
    if (place) {
      put(config, place, read(name, value));
    } else if (type === 'realtime' || name !== 'modalities') {
      throw new OlderFieldError(name);
    } // what only writes down answers nothing, aloud or not
  }
  return { ...config, type };
}

function read(name: string, value: unknown): unknown {
  switch (name) {
    case 'model':
      return named(name, value);
    case 'input_audio_transcription':
      return isObject(value) && value['model'] !== undefined
        ? { ...value, model: named(`${name}.model`, value['model']) }
        : value;
    case 'input_audio_format':
    case 'output_audio_format':
      return known(name, FORMATS.get(value), [...FORMATS.keys()].join(', '));
    case 'modalities':
      return known(name, modalitiesOf(value), '["text"], ["audio"] or ["text", "audio"]');
    default:
      return value;
  }
}

/** Who speaks tells the words, too; today that goes without saying. */
function modalitiesOf(value: unknown): readonly string[] | undefined {
  const said = Array.isArray(value) ? value.toSorted().join() : '';
  const isSpoken = said === 'audio' || said === 'audio,text';
  return isSpoken ? ['audio'] : said === 'text' ? ['text'] : undefined;
}

function known<T>(name: string, value: T | undefined, expected: string): T {
  if (value === undefined) {
    throw new InvalidRequestError(`'${name}' is one of ${expected}.`, name);
  }
  return value;
}

function named(name: string, value: unknown): string {
  if (typeof value !== 'string' || value === '') {
    throw new InvalidRequestError('A model is a name.', name);
  }
  return value;
}

function put(config: Members, place: readonly string[], value: unknown): void {
  const last = place.length - 1;
  const within = place.slice(0, last).reduce((at, name) => (at[name] ??= {}) as Members, config);
  within[place[last] ?? ''] = value;
}

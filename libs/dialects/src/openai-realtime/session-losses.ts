import type { LiveConfig } from '@app/shared';
import { at } from '../domain/fields.js';
import { Losses } from '../domain/losses.js';
import { isAbsent, isObject, type Wire } from '../domain/wire.js';

/** What other vendors cannot be told, and what it is by default: then there is nothing to tell. */
const LOST: readonly (readonly [path: string, byDefault: readonly unknown[], detail: string])[] = [
  ['truncation', ['auto'], 'The vendor decides itself what it forgets.'],
  ['include', [], 'The vendor has no such details.'],
  ['reasoning', [], 'The vendor decides itself how much it thinks.'],
  ['audio.input.noise_reduction', [], 'The vendor hears the sound as it is.'],
  ['audio.input.turn_detection.threshold', [0.5], 'The vendor decides itself how loud speech is.'],
  ['audio.input.turn_detection.idle_timeout_ms', [], 'The vendor waits as long as it likes.'],
  ['audio.input.turn_detection.eagerness', ['auto'], 'The vendor decides itself how long it waits.'],
  ['audio.output.speed', [1], 'The vendor speaks at its own speed.'],
];
const INPUT = {
  'audio.input': ['format', 'transcription', 'noise_reduction', 'turn_detection'],
  'audio.input.transcription': ['model', 'language', 'prompt'],
};
const REALTIME: readonly string[] = [
  'type',
  'object',
  'id',
  'expires_at',
  'model',
  'output_modalities',
  'instructions',
  'tools',
  'tool_choice',
  'max_output_tokens',
  'tracing',
  'truncation',
  'prompt',
  'audio',
  'include',
  'reasoning',
  'parallel_tool_calls',
];
const KNOWN: Readonly<Record<LiveConfig['type'], Readonly<Record<string, readonly string[]>>>> = {
  realtime: {
    '': REALTIME,
    audio: ['input', 'output'],
    ...INPUT,
    'audio.output': ['format', 'voice', 'speed'],
  },
  transcription: {
    '': ['type', 'object', 'id', 'expires_at', 'audio', 'include'],
    audio: ['input'],
    ...INPUT,
  },
};

/** What a session says that no other vendor can be told. */
export function lossesOf(session: Wire, type: LiveConfig['type']): Losses {
  const losses = new Losses();
  for (const [path, byDefault, detail] of LOST) {
    const value = valueAt(session, path);
    if (!isAbsent(value) && !byDefault.includes(value)) {
      losses.dropped(`session.${path}`, detail);
    }
  }
  if (!isAbsent(session['prompt'])) {
    losses.refused('session.prompt', 'Prompts that OpenAI keeps are known to OpenAI alone.');
  }
  for (const [path, known] of Object.entries(KNOWN[type])) {
    const value = path === '' ? session : valueAt(session, path);
    for (const name of isObject(value) ? Object.keys(value) : []) {
      if (!known.includes(name)) {
        losses.dropped(at('session', at(path, name)), 'The vendor cannot be told.');
      }
    }
  }
  return losses;
}

function valueAt(wire: Wire, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (isObject(value) ? value[name] : undefined), wire);
}

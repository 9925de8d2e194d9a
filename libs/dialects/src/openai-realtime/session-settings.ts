import { at, invalid, optionalFlag, optionalNumber, optionalObject, optionalText } from '../domain/fields.js';
import type { CrossingParts, LiveActivity, LiveSettings } from '../domain/live-crossing.js';
import { Losses } from '../domain/losses.js';
import {
  isAbsent,
  isObject,
  listAt,
  objectAt,
  stringOr,
  textAt,
  type Wire,
  withoutUndefined,
} from '../domain/wire.js';
import { readTools } from '../openai-responses/tools.reader.js';
import { type SoundFormat, type SoundType, TELEPHONE_RATE } from '../sound/sound-format.js';

const RATE = 24_000;
const PCM = { type: 'audio/pcm', rate: RATE };
const DETECTION = {
  type: 'server_vad',
  threshold: 0.5,
  prefix_padding_ms: 300,
  silence_duration_ms: 500,
  idle_timeout_ms: null,
  create_response: true,
  interrupt_response: true,
};
const LIFE_S = 1800;

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
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  '': [
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
  ],
  audio: ['input', 'output'],
  'audio.input': ['format', 'transcription', 'noise_reduction', 'turn_detection'],
  'audio.output': ['format', 'voice', 'speed'],
};

/** A session of OpenAI's protocol whose vendor speaks another one. */
export class SessionSettings {
  /** As its caller is shown it. */
  wire: Wire;

  constructor(private readonly parts: CrossingParts) {
    const { model, sessionId } = parts;
    this.wire = {
      type: 'realtime',
      object: 'realtime.session',
      id: sessionId,
      model,
      output_modalities: ['audio'],
      instructions: '',
      tools: [],
      tool_choice: 'auto',
      max_output_tokens: 'inf',
      tracing: null,
      truncation: 'auto',
      prompt: null,
      expires_at: Math.floor(Date.now() / 1000) + LIFE_S,
      audio: {
        input: { format: PCM, transcription: null, noise_reduction: null, turn_detection: DETECTION },
        output: { format: PCM, voice: null, speed: 1 },
      },
      include: null,
    };
  }

  /** @throws InvalidRequestError (400), after which all is as it was */
  update(update: Wire): void {
    const type = update['type'] ?? 'realtime';
    if (type !== 'realtime') {
      throw invalid('session.type', '"realtime": this model does not only write down what is said');
    }
    const audio = optionalObject(update, 'audio', 'session') ?? {};
    const { id, object, expires_at, model, audio: before } = this.wire;
    const kept = { type, id, object, expires_at, model };
    const next = { ...this.wire, ...update, ...kept, audio: updatedAudio(before as Wire, audio) };
    read(next);
    const losses = lossesOf(next);
    losses.assertAcceptable(this.parts.target.vendor, false);
    this.parts.losses.take(losses);
    this.wire = next;
  }

  get settings(): LiveSettings {
    return read(this.wire);
  }

  get isAutomatic(): boolean {
    return isObject(objectAt(input(this.wire), 'turn_detection'));
  }

  get isTranscribed(): boolean {
    return isObject(objectAt(input(this.wire), 'transcription'));
  }

  get inputFormat(): SoundFormat {
    return formatOf(input(this.wire), 'session.audio.input');
  }

  get outputFormat(): SoundFormat {
    return formatOf(output(this.wire), 'session.audio.output');
  }
}

function lossesOf(session: Wire): Losses {
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
  for (const [path, known] of Object.entries(KNOWN)) {
    const value = path === '' ? session : valueAt(session, path);
    for (const name of isObject(value) ? Object.keys(value) : []) {
      if (!known.includes(name)) {
        losses.dropped(at('session', at(path, name)), 'The vendor cannot be told.');
      }
    }
  }
  return losses;
}

function updatedAudio(before: Wire, update: Wire): Wire {
  const told = { ...objectAt(before, 'input'), ...optionalObject(update, 'input', 'session.audio') };
  const turns = told['turn_detection'];
  const detection = isObject(turns) ? { turn_detection: { ...DETECTION, ...turns } } : {};
  return {
    ...before,
    ...update,
    input: { ...told, ...detection },
    output: { ...objectAt(before, 'output'), ...optionalObject(update, 'output', 'session.audio') },
  };
}

function read(session: Wire): LiveSettings {
  const path = 'session';
  const modalities = listAt(session, 'output_modalities');
  if (modalities.length !== 1 || (modalities[0] !== 'text' && modalities[0] !== 'audio')) {
    throw invalid('session.output_modalities', '["audio"] or ["text"]');
  }
  const isSpoken = modalities[0] === 'audio';
  const transcription = optionalObject(input(session), 'transcription', 'session.audio.input');
  formatOf(input(session), 'session.audio.input');
  formatOf(output(session), 'session.audio.output');
  return withoutUndefined<LiveSettings>({
    instructions: optionalText(session, 'instructions', path) ?? '',
    isSpoken,
    voice: voiceOf(output(session)),
    tools: readTools(session, [], {}),
    maxOutputTokens:
      session['max_output_tokens'] === 'inf' ? undefined : optionalNumber(session, 'max_output_tokens', path),
    hearsWords: transcription !== undefined,
    transcriber: transcription && stringOr(transcription['model'], undefined),
    language: transcription && stringOr(transcription['language'], undefined),
    hint: transcription && stringOr(transcription['prompt'], undefined),
    tellsWords: true,
    activity: activityOf(input(session)),
  });
}

/** OpenAI has voices of callers' own, too, which have an id. */
function voiceOf(sound: Wire): string | undefined {
  const { voice } = sound;
  return isObject(voice) ? textAt(voice, 'id') : stringOr(voice, undefined);
}

function activityOf(sound: Wire): LiveActivity | null {
  const path = 'session.audio.input.turn_detection';
  const detection = optionalObject(sound, 'turn_detection', 'session.audio.input');
  if (!detection) {
    return null;
  }
  const { type } = detection;
  if (type !== 'server_vad' && type !== 'semantic_vad') {
    throw invalid(at(path, 'type'), '"server_vad" or "semantic_vad"');
  }
  return withoutUndefined<LiveActivity>({
    silenceMs: type === 'server_vad' ? optionalNumber(detection, 'silence_duration_ms', path) : undefined,
    prefixMs: type === 'server_vad' ? optionalNumber(detection, 'prefix_padding_ms', path) : undefined,
    interrupts: optionalFlag(detection, 'interrupt_response', path) ?? true,
    answers: optionalFlag(detection, 'create_response', path) ?? true,
  });
}

function formatOf(sound: Wire, path: string): SoundFormat {
  const format = optionalObject(sound, 'format', path) ?? PCM;
  const type = textAt(format, 'type');
  const rate = optionalNumber(format, 'rate', at(path, 'format')) ?? RATE;
  if (type === 'audio/pcmu' || type === 'audio/pcma') {
    return { type: type satisfies SoundType, rate: TELEPHONE_RATE };
  }
  if (type !== 'audio/pcm' || rate !== RATE) {
    throw invalid(
      at(path, 'format'),
      '{"type": "audio/pcm", "rate": 24000}, {"type": "audio/pcmu"} or {"type": "audio/pcma"}',
    );
  }
  return { type, rate };
}

function input(session: Wire): Wire {
  return objectAt(objectAt(session, 'audio') ?? {}, 'input') ?? {};
}

function output(session: Wire): Wire {
  return objectAt(objectAt(session, 'audio') ?? {}, 'output') ?? {};
}

function valueAt(wire: Wire, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (isObject(value) ? value[name] : undefined), wire);
}

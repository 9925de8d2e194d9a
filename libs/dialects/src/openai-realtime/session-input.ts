import {
  at,
  invalid,
  optionalFlag,
  optionalNumber,
  optionalNumberUpTo,
  optionalObject,
  optionalText,
} from '../domain/fields.js';
import { type LiveActivity, type LiveSettings, LONGEST_ACTIVITY_MS } from '../domain/live-crossing.js';
import { isObject, objectAt, textAt, type Wire, withoutUndefined } from '../domain/wire.js';
import { type SoundFormat, type SoundType, TELEPHONE_RATE } from '../sound/sound-format.js';

const RATE = 24_000;
export const PCM = { type: 'audio/pcm', rate: RATE };
const DETECTION = {
  type: 'server_vad',
  threshold: 0.5,
  prefix_padding_ms: 300,
  silence_duration_ms: 500,
  idle_timeout_ms: null,
  create_response: true,
  interrupt_response: true,
};
/** Of whoever says nothing of it. */
export const USUAL_INPUT: Wire = {
  format: PCM,
  transcription: null,
  noise_reduction: null,
  turn_detection: DETECTION,
};
/** Seconds, as OpenAI tells it. */
export const LIFE_S = 1800;

/** Of settings, tools and all: a conversation's place is another. */
export const MOST_SETTLED_BYTES = 4 * 1024 * 1024;

/** What a session says of the caller's sound. */
export function inputOf(session: Wire): Wire {
  return objectAt(objectAt(session, 'audio') ?? {}, 'input') ?? {};
}

/** `audio.input` behind an update. @param before `audio`, as `update` @throws InvalidRequestError (400) */
export function updatedInput(before: Wire, update: Wire): Wire {
  const said = { ...objectAt(before, 'input'), ...optionalObject(update, 'input', 'session.audio') };
  const turns = said['turn_detection'];
  return { ...said, ...(isObject(turns) && { turn_detection: { ...DETECTION, ...turns } }) };
}

/** Whether the caller's speech is written down, and by whom. @throws InvalidRequestError (400) */
export function transcriptionOf(
  sound: Wire,
): Pick<LiveSettings, 'hearsWords' | 'transcriber' | 'language' | 'hint'> {
  const transcription = optionalObject(sound, 'transcription', 'session.audio.input');
  if (!transcription) {
    return { hearsWords: false };
  }
  const path = 'session.audio.input.transcription';
  return withoutUndefined<ReturnType<typeof transcriptionOf>>({
    hearsWords: true,
    transcriber: optionalText(transcription, 'model', path),
    language: optionalText(transcription, 'language', path),
    hint: optionalText(transcription, 'prompt', path),
  });
}

/** @throws InvalidRequestError (400) */
export function activityOf(sound: Wire): LiveActivity | null {
  const path = 'session.audio.input.turn_detection';
  const detection = optionalObject(sound, 'turn_detection', 'session.audio.input');
  if (!detection) {
    return null;
  }
  const { type } = detection;
  if (type !== 'server_vad' && type !== 'semantic_vad') {
    throw invalid(at(path, 'type'), '"server_vad" or "semantic_vad"');
  }
  const msAt = (key: string): number | undefined =>
    type === 'server_vad' ? optionalNumberUpTo(LONGEST_ACTIVITY_MS, detection, key, path) : undefined;
  return withoutUndefined<LiveActivity>({
    silenceMs: msAt('silence_duration_ms'),
    prefixMs: msAt('prefix_padding_ms'),
    interrupts: optionalFlag(detection, 'interrupt_response', path) ?? true,
    answers: optionalFlag(detection, 'create_response', path) ?? true,
  });
}

/** @param path of the sound @throws InvalidRequestError (400) */
export function formatOf(sound: Wire, path: string): SoundFormat {
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

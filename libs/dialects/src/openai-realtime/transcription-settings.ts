import { invalid, optionalObject } from '../domain/fields.js';
import { type CrossingParts, type LiveSettings, USUAL_LIVE_SETTINGS } from '../domain/live-crossing.js';
import { objectAt, type Wire } from '../domain/wire.js';
import type { SoundFormat } from '../sound/sound-format.js';
import {
  assertSettled,
  activityOf,
  formatOf,
  inputOf,
  LIFE_S,
  transcriptionOf,
  updatedInput,
  USUAL_INPUT,
} from './session-input.js';
import { lossesOf } from './session-losses.js';

/** A session of OpenAI's protocol in which what is said is written down, and nothing is answered. */
export class TranscriptionSettings {
  /** As its caller is shown it. */
  wire: Wire;

  constructor(private readonly parts: CrossingParts) {
    this.wire = usualSession(parts);
  }

  /** @throws InvalidRequestError (400), after which all is as it was */
  update(update: Wire): void {
    const type = update['type'] ?? 'transcription';
    if (type !== 'transcription') {
      throw invalid('session.type', '"transcription": this session only writes down what is said');
    }
    const { id, object, expires_at, audio: before } = this.wire;
    const audio = optionalObject(update, 'audio', 'session') ?? {};
    const input = updatedInput(before as Wire, audio);
    const transcription = optionalObject(input, 'transcription', 'session.audio.input');
    const heard = { ...input, transcription: { ...usualTranscription(this.parts), ...transcription } };
    const kept = { type, id, object, expires_at };
    const next = { ...this.wire, ...update, ...kept, audio: { ...audio, input: heard } };
    assertSettled(next);
    read(next);
    const losses = lossesOf(next, 'transcription');
    losses.assertAcceptable(this.parts.target.vendor, false);
    this.parts.losses.take(losses);
    this.wire = next;
  }

  get settings(): LiveSettings {
    return read(this.wire);
  }

  get isAutomatic(): boolean {
    return objectAt(inputOf(this.wire), 'turn_detection') !== undefined;
  }

  get inputFormat(): SoundFormat {
    return formatOf(inputOf(this.wire), 'session.audio.input');
  }
}

/** Before its caller has said how it is to be. */
export function usualSession(parts: Pick<CrossingParts, 'sessionId' | 'model'>): Wire {
  return {
    type: 'transcription',
    object: 'realtime.transcription_session',
    id: parts.sessionId,
    expires_at: Math.floor(Date.now() / 1000) + LIFE_S,
    audio: { input: { ...USUAL_INPUT, transcription: usualTranscription(parts) } },
    include: null,
  };
}

function usualTranscription({ model }: Pick<CrossingParts, 'model'>): Wire {
  return { model, language: null, prompt: null };
}

function read(session: Wire): LiveSettings {
  const sound = inputOf(session);
  formatOf(sound, 'session.audio.input');
  return { ...USUAL_LIVE_SETTINGS, ...transcriptionOf(sound), activity: activityOf(sound) };
}

import { optionalObject } from '../domain/fields.js';
import { type CrossingParts, type LiveSettings, USUAL_LIVE_SETTINGS } from '../domain/live-crossing.js';
import type { Wire } from '../domain/wire.js';
import {
  activityOf,
  formatOf,
  inputOf,
  LIFE_S,
  transcriptionOf,
  updatedInput,
  USUAL_INPUT,
} from './session-input.js';
import { SettledSession } from './settled-session.js';

/** A session of OpenAI's protocol in which what is said is written down, and nothing is answered. */
export class TranscriptionSettings extends SettledSession {
  protected readonly type = 'transcription';
  protected readonly wantedType = '"transcription": this session only writes down what is said';
  private readonly transcription: Wire;

  constructor(parts: CrossingParts) {
    super(parts, usualSession(parts));
    this.transcription = usualTranscription(parts);
  }

  protected updated(update: Wire): Wire {
    const { type, id, object, expires_at, audio: before } = this.wire;
    const audio = optionalObject(update, 'audio', 'session') ?? {};
    const input = updatedInput(before as Wire, audio);
    const said = optionalObject(input, 'transcription', 'session.audio.input');
    const heard = { ...input, transcription: { ...this.transcription, ...said } };
    return { ...this.wire, ...update, type, id, object, expires_at, audio: { ...audio, input: heard } };
  }

  protected read(session: Wire): LiveSettings {
    const sound = inputOf(session);
    formatOf(sound, 'session.audio.input');
    return { ...USUAL_LIVE_SETTINGS, ...transcriptionOf(sound), activity: activityOf(sound) };
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

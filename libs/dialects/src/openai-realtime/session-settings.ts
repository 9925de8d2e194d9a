import { invalid, optionalNumber, optionalObject, optionalText } from '../domain/fields.js';
import type { CrossingParts, LiveSettings } from '../domain/live-crossing.js';
import { isObject, listAt, objectAt, stringOr, textAt, type Wire, withoutUndefined } from '../domain/wire.js';
import { readTools } from '../openai-responses/tools.reader.js';
import type { SoundFormat } from '../sound/sound-format.js';
import {
  activityOf,
  formatOf,
  inputOf,
  LIFE_S,
  PCM,
  transcriptionOf,
  updatedInput,
  USUAL_INPUT,
} from './session-input.js';
import { SettledSession } from './settled-session.js';

/** A session of OpenAI's protocol whose vendor speaks another one. */
export class SessionSettings extends SettledSession {
  protected readonly type = 'realtime';
  protected readonly wantedType = '"realtime": this model does not only write down what is said';

  constructor(parts: CrossingParts) {
    super(parts, usualSession(parts));
  }

  get isTranscribed(): boolean {
    return isObject(objectAt(inputOf(this.wire), 'transcription'));
  }

  get outputFormat(): SoundFormat {
    return formatOf(output(this.wire), 'session.audio.output');
  }

  protected updated(update: Wire): Wire {
    const { type, id, object, expires_at, model, audio: before } = this.wire;
    const audio = updatedAudio(before as Wire, optionalObject(update, 'audio', 'session') ?? {});
    return { ...this.wire, ...update, type, id, object, expires_at, model, audio };
  }

  protected read(session: Wire): LiveSettings {
    const path = 'session';
    const modalities = listAt(session, 'output_modalities');
    if (modalities.length !== 1 || (modalities[0] !== 'text' && modalities[0] !== 'audio')) {
      throw invalid('session.output_modalities', '["audio"] or ["text"]');
    }
    const isSpoken = modalities[0] === 'audio';
    const sound = inputOf(session);
    formatOf(sound, 'session.audio.input');
    formatOf(output(session), 'session.audio.output');
    return withoutUndefined<LiveSettings>({
      instructions: optionalText(session, 'instructions', path) ?? '',
      isSpoken,
      voice: voiceOf(output(session)),
      tools: readTools(session, [], {}),
      maxOutputTokens:
        session['max_output_tokens'] === 'inf'
          ? undefined
          : optionalNumber(session, 'max_output_tokens', path),
      ...transcriptionOf(sound),
      tellsWords: true,
      activity: activityOf(sound),
    });
  }
}

function usualSession({ model, sessionId }: CrossingParts): Wire {
  return {
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
      input: USUAL_INPUT,
      output: { format: PCM, voice: null, speed: 1 },
    },
    include: null,
  };
}

function updatedAudio(before: Wire, update: Wire): Wire {
  return {
    ...before,
    ...update,
    input: updatedInput(before, update),
    output: { ...objectAt(before, 'output'), ...optionalObject(update, 'output', 'session.audio') },
  };
}

/** OpenAI has voices of callers' own, too, which have an id. */
function voiceOf(sound: Wire): string | undefined {
  const { voice } = sound;
  return isObject(voice) ? textAt(voice, 'id') : stringOr(voice, undefined);
}

function output(session: Wire): Wire {
  return objectAt(objectAt(session, 'audio') ?? {}, 'output') ?? {};
}

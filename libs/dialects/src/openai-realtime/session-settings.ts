import { invalid, optionalNumber, optionalObject, optionalText } from '../domain/fields.js';
import type { CrossingParts, LiveSettings } from '../domain/live-crossing.js';
import { isObject, listAt, objectAt, stringOr, textAt, type Wire, withoutUndefined } from '../domain/wire.js';
import { readTools } from '../openai-responses/tools.reader.js';
import type { SoundFormat } from '../sound/sound-format.js';
import {
  assertSettled,
  activityOf,
  formatOf,
  inputOf,
  LIFE_S,
  PCM,
  transcriptionOf,
  updatedInput,
  USUAL_INPUT,
} from './session-input.js';
import { lossesOf } from './session-losses.js';

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
        input: USUAL_INPUT,
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
    assertSettled(next);
    read(next);
    const losses = lossesOf(next, 'realtime');
    losses.assertAcceptable(this.parts.target.vendor, false);
    this.parts.losses.take(losses);
    this.wire = next;
  }

  get settings(): LiveSettings {
    return read(this.wire);
  }

  get isAutomatic(): boolean {
    return isObject(objectAt(inputOf(this.wire), 'turn_detection'));
  }

  get isTranscribed(): boolean {
    return isObject(objectAt(inputOf(this.wire), 'transcription'));
  }

  get inputFormat(): SoundFormat {
    return formatOf(inputOf(this.wire), 'session.audio.input');
  }

  get outputFormat(): SoundFormat {
    return formatOf(output(this.wire), 'session.audio.output');
  }
}

function updatedAudio(before: Wire, update: Wire): Wire {
  return {
    ...before,
    ...update,
    input: updatedInput(before, update),
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
  const sound = inputOf(session);
  formatOf(sound, 'session.audio.input');
  formatOf(output(session), 'session.audio.output');
  return withoutUndefined<LiveSettings>({
    instructions: optionalText(session, 'instructions', path) ?? '',
    isSpoken,
    voice: voiceOf(output(session)),
    tools: readTools(session, [], {}),
    maxOutputTokens:
      session['max_output_tokens'] === 'inf' ? undefined : optionalNumber(session, 'max_output_tokens', path),
    ...transcriptionOf(sound),
    tellsWords: true,
    activity: activityOf(sound),
  });
}

/** OpenAI has voices of callers' own, too, which have an id. */
function voiceOf(sound: Wire): string | undefined {
  const { voice } = sound;
  return isObject(voice) ? textAt(voice, 'id') : stringOr(voice, undefined);
}

function output(session: Wire): Wire {
  return objectAt(objectAt(session, 'audio') ?? {}, 'output') ?? {};
}

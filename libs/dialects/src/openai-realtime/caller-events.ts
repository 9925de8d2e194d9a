import type { LiveNames } from '../domain/live.js';
import { objectAt, stringOr, textAt, type Wire } from '../domain/wire.js';

/** Its models in the vendor's words: the session's own, and the one that writes down what the caller says. */
export function admitCallerEvent(event: Wire, names: LiveNames): Wire {
  const response = objectAt(event, 'response');
  const said = response ? { ...event, response: { ...response, ...ownModel(response, names) } } : event;
  const session = objectAt(event, 'session');
  return session ? { ...said, session: admittedSession(session, names) } : said;
}

function admittedSession(session: Wire, names: LiveNames): Wire {
  const admitted = { ...session, ...ownModel(session, names), ...transcriptionOfBeta(session, names) };
  const audio = objectAt(session, 'audio');
  return audio ? { ...admitted, audio: admittedAudio(audio, names) } : admitted;
}

/** Also when it is the vendor that hears where somebody stops speaking. */
export function asksForAnswer(event: Wire): boolean {
  const type = textAt(event, 'type');
  return type === 'response.create' || type === 'input_audio_buffer.commit';
}

/** The model that is to write down what the caller says; empty when it names none. */
export function transcriberOf(event: Wire): string {
  const session = objectAt(event, 'session') ?? {};
  const input = objectAt(objectAt(session, 'audio') ?? {}, 'input') ?? {};
  return textAt(objectAt(input, 'transcription') ?? {}, 'model');
}

function ownModel({ model }: Wire, names: LiveNames): Wire {
  return typeof model === 'string' ? { model: names.own(model) } : {};
}

function admittedAudio(audio: Wire, names: LiveNames): Wire {
  const input = objectAt(audio, 'input');
  const transcription = input && objectAt(input, 'transcription');
  return transcription
    ? { ...audio, input: { ...input, transcription: admittedTranscription(transcription, names) } }
    : audio;
}

function transcriptionOfBeta(session: Wire, names: LiveNames): Wire {
  const transcription = objectAt(session, 'input_audio_transcription');
  return transcription ? { input_audio_transcription: admittedTranscription(transcription, names) } : {};
}

function admittedTranscription(transcription: Wire, names: LiveNames): Wire {
  const model = stringOr(transcription['model'], null);
  return model === null ? transcription : { ...transcription, model: names.other(model) };
}

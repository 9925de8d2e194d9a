import { InvalidRequestError } from '@app/shared';
import type { CallerSaid, CrossingParts, LiveEvent } from '../domain/live-crossing.js';
import type { Wire } from '../domain/wire.js';
import { OpenAiSide } from './openai-side.js';
import { errorEvent, type Told, told } from './told.js';
import { TranscriptionSettings, usualSession } from './transcription-settings.js';

/** What a caller is told who has not said yet which model is to write down what it says. @param model that will, if it names none */
export function greetTranscription(session: Pick<CrossingParts, 'sessionId' | 'model'>): Wire[] {
  return told([{ type: 'session.created', session: usualSession(session) }]);
}

/** Plays OpenAI for a caller who wants written down what is said, and no answers. */
export class OpenAiTranscriptionSide extends OpenAiSide<TranscriptionSettings> {
  constructor(parts: CrossingParts) {
    super(parts, new TranscriptionSettings(parts));
  }

  protected readOther(type: string): CallerSaid {
    throw new InvalidRequestError(
      `'${type}' is nothing for a session that writes down what is said, and answers nothing. ` +
        'Open one with `?model=`, without `intent=transcription`, to be answered.',
      'type',
      'unsupported_event',
    );
  }

  protected events(event: LiveEvent): Told[] {
    switch (event.kind) {
      case 'speech':
        return event.edge === 'begun' ? this.speech.begun(event.atMs) : this.speech.ended(event.atMs);
      case 'heard':
        return this.speech.heard(event, { isWanted: true, isAutomatic: this.session.isAutomatic });
      case 'unheard':
        return this.speech.unheard(event, true);
      case 'refused':
        return [errorEvent(event)];
      default:
        return []; // nothing is answered
    }
  }
}

import { InvalidRequestError } from '@app/shared';
import { optionalObject, requiredText } from '../domain/fields.js';
import type { CallerSaid, CrossingParts, LiveCallerSide, LiveEvent } from '../domain/live-crossing.js';
import type { Loss } from '../domain/losses.js';
import type { Wire } from '../domain/wire.js';
import { durationOf } from '../sound/pcm.js';
import { decodeSound } from '../sound/sound-format.js';
import { newId } from './ids.js';
import { SpeechWriter } from './speech.writer.js';
import { errorEvent, said, type Told, told } from './told.js';
import { TranscriptionSettings, usualSession } from './transcription-settings.js';

/** What a caller is told who has not said yet which model is to write down what it says. @param model that will, if it names none */
export function greetTranscription(session: Pick<CrossingParts, 'sessionId' | 'model'>): Wire[] {
  return told([{ type: 'session.created', session: usualSession(session) }]);
}

/** Plays OpenAI for a caller who wants written down what is said, and no answers. */
export class OpenAiTranscriptionSide implements LiveCallerSide {
  private readonly session: TranscriptionSettings;
  private readonly speech: SpeechWriter;

  constructor(private readonly parts: CrossingParts) {
    this.session = new TranscriptionSettings(parts);
    this.speech = new SpeechWriter(parts.tellsWholeSpeeches);
  }

  greet(): Wire[] {
    return told([{ type: 'session.created', session: this.session.wire }]);
  }

  read(event: Wire): CallerSaid {
    const type = requiredText(event, 'type', '');
    switch (type) {
      case 'session.update':
        this.session.update(optionalObject(event, 'session', '') ?? {});
        return said([{ kind: 'settle', settings: this.session.settings }], this.updated());
      case 'input_audio_buffer.append':
        return this.hear(requiredText(event, 'audio', ''));
      case 'input_audio_buffer.commit':
        return said([{ kind: 'speech', edge: 'ended' }], ...this.speech.commit());
      case 'input_audio_buffer.clear':
        this.speech.clear();
        return said([{ kind: 'unsay' }], { type: 'input_audio_buffer.cleared' });
      default:
        throw new InvalidRequestError(
          `'${type}' is nothing for a session that writes down what is said, and answers nothing. ` +
            'Open one with `?model=`, without `intent=transcription`, to be answered.',
          'type',
          'unsupported_event',
        );
    }
  }

  write(event: LiveEvent): Wire[] {
    return told(this.events(event));
  }

  writeLosses(losses: readonly Loss[]): Wire {
    return { type: 'x_llmhub.warnings', event_id: newId('event'), warnings: losses };
  }

  private updated(): Told {
    return { type: 'session.updated', session: this.session.wire };
  }

  private hear(base64: string): CallerSaid {
    const sound = decodeSound(Buffer.from(base64, 'base64'), this.session.inputFormat);
    this.speech.noteSound(durationOf(sound));
    return said([{ kind: 'sound', sound }]);
  }

  private events(event: LiveEvent): Told[] {
    switch (event.kind) {
      case 'speech':
        return event.edge === 'begun' ? this.speech.begun(event.atMs) : this.speech.ended(event.atMs);
      case 'heard':
        return this.speech.heard(event, { isWanted: true, isAutomatic: this.session.isAutomatic });
      case 'unheard':
        return this.speech.unheard(event, true);
      case 'refused':
        return [errorEvent(event.message, event.code)];
      default:
        return []; // nothing is answered
    }
  }
}

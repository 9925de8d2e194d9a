import { invalid, optionalObject, requiredText } from '../domain/fields.js';
import type { CallerSaid, CrossingParts, LiveCallerSide, LiveEvent } from '../domain/live-crossing.js';
import type { Loss } from '../domain/losses.js';
import type { Wire } from '../domain/wire.js';
import { bytesOfBase64 } from '../sound/base64.js';
import { durationOf } from '../sound/pcm.js';
import { decodeSound } from '../sound/sound-format.js';
import type { SettledSession } from './settled-session.js';
import { SpeechWriter } from './speech.writer.js';
import { said, type Told, told, warningsEvent } from './told.js';

/** Plays OpenAI for a caller, as far as all its sessions are alike: what is settled, and what is heard. */
export abstract class OpenAiSide<Session extends SettledSession> implements LiveCallerSide {
  protected readonly speech: SpeechWriter;

  constructor(
    protected readonly parts: CrossingParts,
    protected readonly session: Session,
  ) {
    this.speech = new SpeechWriter(parts.tellsWholeSpeeches);
  }

  greet(): Wire[] {
    return told([{ type: 'session.created', session: this.session.wire }]);
  }

  read(event: Wire): CallerSaid {
    const type = requiredText(event, 'type', '');
    switch (type) {
      case 'session.update':
        return this.update(optionalObject(event, 'session', '') ?? {});
      case 'input_audio_buffer.append':
        return this.hear(requiredText(event, 'audio', ''));
      case 'input_audio_buffer.commit':
        return said([{ kind: 'speech', edge: 'ended' }], ...this.speech.commit());
      case 'input_audio_buffer.clear':
        this.speech.clear();
        return said([{ kind: 'unsay' }], { type: 'input_audio_buffer.cleared' });
      default:
        return this.readOther(type, event);
    }
  }

  write(event: LiveEvent): Wire[] {
    return told(this.events(event));
  }

  writeLosses(losses: readonly Loss[]): Wire {
    return warningsEvent(losses);
  }

  /** An event that not all sessions have. @throws GatewayError (400) */
  protected abstract readOther(type: string, event: Wire): CallerSaid;
  protected abstract events(event: LiveEvent): Told[];

  protected update(update: Wire): CallerSaid {
    this.session.update(update);
    const reply = { type: 'session.updated', session: this.session.wire };
    return said([{ kind: 'settle', settings: this.session.settings }], reply);
  }

  private hear(base64: string): CallerSaid {
    const bytes = bytesOfBase64(base64);
    if (!bytes) {
      throw invalid('audio', 'the bytes of sound in base64');
    }
    const sound = decodeSound(bytes, this.session.inputFormat);
    this.speech.noteSound(durationOf(sound));
    return said([{ kind: 'sound', sound }]);
  }
}

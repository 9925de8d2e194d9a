import type { Wire } from '../domain/wire.js';
import { newId } from './ids.js';

type Told = Readonly<Record<string, unknown>> & { readonly type: string };

/** One speech of a caller. */
interface Speech {
  readonly itemId: string;
  /** Milliseconds since the session began. */
  readonly startMs: number;
  /** Null: it goes on. */
  endMs: number | null;
  words: string;
}

/** What a caller says aloud, in OpenAI's events: where it begins and ends, and its words when they are known. */
export class SpeechWriter {
  /** Milliseconds of sound that came. */
  private heardMs = 0;
  /** Sound came since the last speech ended. */
  private hasUnsaid = false;
  private speech: Speech | null = null;

  noteSound(ms: number): void {
    this.heardMs += ms;
    this.hasUnsaid = true;
  }

  /** The vendor heard somebody speak. */
  begun(): Told[] {
    if (this.speech?.endMs === null) {
      return [];
    }
    const told = this.transcribed();
    this.speech = this.newSpeech();
    const { itemId, startMs } = this.speech;
    return [...told, { type: 'input_audio_buffer.speech_started', audio_start_ms: startMs, item_id: itemId }];
  }

  /** The vendor heard that somebody has spoken: who did not tell where it began, tells it now. */
  ended(previousItemId: string | null): Told[] {
    const { speech } = this;
    if (speech?.endMs !== null) {
      return this.hasUnsaid ? [...this.begun(), ...this.ended(previousItemId)] : [];
    }
    const audio_end_ms = Math.round(this.heardMs);
    const stopped = { type: 'input_audio_buffer.speech_stopped', audio_end_ms, item_id: speech.itemId };
    return [stopped, ...this.committed(speech, previousItemId)];
  }

  /** The caller itself says that it has spoken. */
  commit(previousItemId: string | null): Told[] {
    const told = this.transcribed();
    const speech = this.newSpeech();
    this.speech = speech;
    return [...told, ...this.committed(speech, previousItemId)];
  }

  get hasSound(): boolean {
    return this.hasUnsaid;
  }

  clear(): void {
    this.hasUnsaid = false;
    if (this.speech?.endMs === null) {
      this.speech = null;
    }
  }

  /** A piece of what was said; it is told when the speech is over, as by OpenAI. @param isWanted by the caller */
  heard(piece: string, isWanted: boolean): Told[] {
    const told = this.speech ? [] : this.begun();
    const speech = this.speech;
    if (!speech || !isWanted) {
      return told;
    }
    speech.words += piece;
    return speech.endMs === null ? told : [...told, deltaOf(speech, piece)];
  }

  /** No more of its words will come. */
  transcribed(): Told[] {
    const { speech } = this;
    if (!speech || speech.endMs === null) {
      return [];
    }
    this.speech = null;
    if (speech.words === '') {
      return [];
    }
    const seconds = (speech.endMs - speech.startMs) / 1000;
    const type = 'conversation.item.input_audio_transcription.completed';
    const at = { item_id: speech.itemId, content_index: 0 };
    return [{ type, ...at, transcript: speech.words, usage: { type: 'duration', seconds } }];
  }

  get itemId(): string | null {
    return this.speech?.itemId ?? null;
  }

  private newSpeech(): Speech {
    return { itemId: newId('item'), startMs: Math.round(this.heardMs), endMs: null, words: '' };
  }

  private committed(speech: Speech, previousItemId: string | null): Told[] {
    speech.endMs = Math.round(this.heardMs);
    this.hasUnsaid = false;
    const item: Wire = {
      id: speech.itemId,
      type: 'message',
      status: 'completed',
      role: 'user',
      content: [{ type: 'input_audio', transcript: null }],
    };
    const at = { previous_item_id: previousItemId };
    return [
      { type: 'input_audio_buffer.committed', ...at, item_id: speech.itemId },
      { type: 'conversation.item.added', ...at, item },
      { type: 'conversation.item.done', ...at, item },
      ...(speech.words === '' ? [] : [deltaOf(speech, speech.words)]),
    ];
  }
}

function deltaOf({ itemId }: Speech, delta: string): Told {
  const type = 'conversation.item.input_audio_transcription.delta';
  return { type, item_id: itemId, content_index: 0, delta };
}

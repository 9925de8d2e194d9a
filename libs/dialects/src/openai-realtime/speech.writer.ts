import { InvalidRequestError } from '@app/shared';
import type { LiveEvent } from '../domain/live-crossing.js';
import type { Wire } from '../domain/wire.js';
import { newId } from './ids.js';
import { errorEvent, type Told } from './told.js';

/** One speech of a caller. */
interface Speech {
  readonly itemId: string;
  /** Milliseconds since the session began. */
  readonly startMs: number;
  endMs: number;
  words: string;
}

type Heard = Extract<LiveEvent, { kind: 'heard' }>;
type Unheard = Extract<LiveEvent, { kind: 'unheard' }>;

const TRANSCRIPTION = 'conversation.item.input_audio_transcription';

/** What a caller says aloud, in OpenAI's events: where it begins and ends, and its words when they are known. */
export class SpeechWriter {
  /** The last item of the conversation. */
  lastItemId: string | null = null;
  /** Milliseconds of sound that came. */
  private heardMs = 0;
  /** Where the sound begins that is in no speech yet; null: there is none. */
  private unsaidFromMs: number | null = null;
  /** It goes on. */
  private open: Speech | null = null;
  /** They have ended, and their words may still come: the oldest first. */
  private readonly awaited: Speech[] = [];
  /** Words of a speech whose end is told by the caller, before that. */
  private early = '';

  /** @param tellsWhole the other side tells of each speech, in their order, what was said, or that nobody knows */
  constructor(private readonly tellsWhole: boolean) {}

  noteSound(ms: number): void {
    this.unsaidFromMs ??= this.heardMs;
    this.heardMs += ms;
  }

  /** The vendor heard somebody speak. */
  begun(atMs = this.heardMs): Told[] {
    if (this.open) {
      return [];
    }
    const answered = this.answered();
    this.open = newSpeech(atMs);
    const { itemId, startMs } = this.open;
    const type = 'input_audio_buffer.speech_started';
    return [...answered, { type, audio_start_ms: startMs, item_id: itemId }];
  }

  /** The vendor heard that somebody has spoken: who did not tell where it began, tells it now. */
  ended(atMs = this.heardMs): Told[] {
    const { open } = this;
    if (!open) {
      return this.unsaidFromMs === null ? [] : [...this.begun(), ...this.ended(atMs)];
    }
    const audio_end_ms = Math.round(atMs);
    const stopped = { type: 'input_audio_buffer.speech_stopped', audio_end_ms, item_id: open.itemId };
    return [stopped, ...this.committed(open, atMs)];
  }

  /** The caller itself says that it has spoken. @throws InvalidRequestError (400) */
  commit(): Told[] {
    if (this.unsaidFromMs === null) {
      throw new InvalidRequestError(
        'There is no sound to commit. Send `input_audio_buffer.append` first.',
        null,
        'input_audio_buffer_commit_empty',
      );
    }
    const answered = this.awaited.some(({ words }) => words !== '') ? this.answered() : [];
    return [...answered, ...this.committed(this.open ?? newSpeech(this.unsaidFromMs), this.heardMs)];
  }

  clear(): void {
    this.unsaidFromMs = null;
    this.open = null;
  }

  /**
   * What was said, or a piece of it; it is told when the speech is over, as by OpenAI.
   *
   * @param how wanted: by the caller; automatic: the vendor finds out when somebody speaks
   */
  heard(
    { text, isWhole }: Heard,
    { isWanted, isAutomatic }: { readonly isWanted: boolean; readonly isAutomatic: boolean },
  ): Told[] {
    const isKnown = this.open !== null || this.awaited.length > 0;
    const begun = isKnown || this.tellsWhole || !isAutomatic ? [] : this.begun();
    const [speech] = this.awaited;
    if (isWhole) {
      this.awaited.shift();
    }
    if (!isWanted) {
      return begun;
    }
    if (speech) {
      speech.words += text;
      const delta = text === '' ? [] : [deltaOf(speech, text)];
      return [...begun, ...delta, ...(isWhole ? [completedOf(speech)] : [])];
    }
    if (this.open) {
      this.open.words += text;
    } else {
      this.early += text;
    }
    return begun;
  }

  /** Nobody will know what was said. */
  unheard(event: Unheard, isWanted: boolean): Told[] {
    const speech = this.awaited.shift();
    if (!speech || !isWanted) {
      return [errorEvent(event)];
    }
    const { message, code } = event;
    const error = { type: 'transcription_error', code, message, param: null };
    return [{ type: `${TRANSCRIPTION}.failed`, item_id: speech.itemId, content_index: 0, error }];
  }

  /** What was said so far has been answered: where words come in pieces, these were the last. */
  answered(): Told[] {
    if (this.tellsWhole) {
      return [];
    }
    const speeches = this.awaited.splice(0);
    return speeches.some(({ words }) => words !== '') ? speeches.map(completedOf) : [];
  }

  private committed(speech: Speech, atMs: number): Told[] {
    speech.endMs = Math.round(atMs);
    speech.words += this.early;
    this.early = '';
    this.open = null;
    this.unsaidFromMs = null;
    this.awaited.push(speech);
    const item: Wire = {
      id: speech.itemId,
      type: 'message',
      status: 'completed',
      role: 'user',
      content: [{ type: 'input_audio', transcript: null }],
    };
    const at = { previous_item_id: this.lastItemId };
    this.lastItemId = speech.itemId;
    return [
      { type: 'input_audio_buffer.committed', ...at, item_id: speech.itemId },
      { type: 'conversation.item.added', ...at, item },
      { type: 'conversation.item.done', ...at, item },
      ...(speech.words === '' ? [] : [deltaOf(speech, speech.words)]),
    ];
  }
}

function newSpeech(startMs: number): Speech {
  return { itemId: newId('item'), startMs: Math.round(startMs), endMs: 0, words: '' };
}

function deltaOf({ itemId }: Speech, delta: string): Told {
  return { type: `${TRANSCRIPTION}.delta`, item_id: itemId, content_index: 0, delta };
}

function completedOf({ itemId, words, startMs, endMs }: Speech): Told {
  const usage = { type: 'duration', seconds: (endMs - startMs) / 1000 };
  return { type: `${TRANSCRIPTION}.completed`, item_id: itemId, content_index: 0, transcript: words, usage };
}

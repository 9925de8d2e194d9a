import type { SoundFrames } from '../domain/sound-frames.js';
import { objectsAt, stringOr, textAt, type Wire } from '../domain/wire.js';

/** One item of a conversation, as far as another session is told it. */
export class KeptItem {
  /** Of a speech or an answer, as they become known. */
  words = '';
  /** Of a speech that is not answered yet: frames as the caller sent them. */
  sound: SoundFrames | null = null;
  /** Of an answer, in base64. */
  spokenBytes = 0;
  private readonly givenBytes: number;
  /** @param given as its maker, or its vendor, has it */
  constructor(
    readonly id: string,
    private given: Wire,
  ) {
    this.givenBytes = JSON.stringify(given).length;
  }

  get bytes(): number {
    return this.givenBytes + this.words.length;
  }

  get callId(): string {
    return textAt(this.given, 'call_id');
  }

  get isResult(): boolean {
    return this.given['type'] === 'function_call_output';
  }

  /** What a caller said, and nobody else. */
  get isCallers(): boolean {
    return this.isResult || (this.given['type'] === 'message' && this.given['role'] !== 'assistant');
  }

  /** A speech that another session gets as sound: nobody has told its words. */
  get isUnwritten(): boolean {
    return this.words === '' && this.sound !== null && !this.sound.isEmpty;
  }

  /** It has come to its end, with all that it holds. */
  finish(item: Wire): void {
    this.given = { ...this.given, ...item };
    this.words = wordsIn(item) || this.words;
  }

  /** The listener heard no more of it than that. @param share of all its sound */
  cut(share: number): void {
    this.words = this.words.slice(0, Math.round(this.words.length * Math.min(share, 1)));
    this.given = { ...this.given, content: [] };
  }

  /** As its caller is told that it ends here. */
  get ended(): Wire {
    const { given, words } = this;
    const isSpoken = this.spokenBytes > 0;
    const part = isSpoken
      ? { type: 'output_audio', transcript: words }
      : { type: 'output_text', text: words };
    const content = given['type'] === 'message' ? { content: words === '' ? [] : [part] } : {};
    const isWhole = given['type'] === 'function_call' && this.wire !== null;
    return { ...given, status: isWhole ? 'completed' : 'incomplete', ...content };
  }

  /** As a `conversation.item.create` takes it; null when nothing of it can be said. */
  get wire(): Wire | null {
    const { id, given } = this;
    const { type, role, name, call_id, output } = given;
    switch (type) {
      case 'message': {
        const content = role === 'assistant' ? this.answered() : this.asked();
        return content.length > 0 ? { id, type, role, content } : null;
      }
      case 'function_call': {
        const written = textAt(given, 'arguments');
        return written === '' ? null : { id, type, call_id, name, arguments: written };
      }
      case 'function_call_output':
        return { id, type, call_id, output };
      default:
        return null;
    }
  }

  private answered(): Wire[] {
    const text = this.words || wordsIn(this.given);
    return text === '' ? [] : [{ type: 'output_text', text }];
  }

  private asked(): Wire[] {
    if (this.words !== '') {
      return [{ type: 'input_text', text: this.words }];
    }
    if (this.sound && this.isUnwritten) {
      return [{ type: 'input_audio', audio: joined(this.sound.list) }];
    }
    return objectsAt(this.given, 'content').flatMap(part => {
      const transcript = textAt(part, 'transcript');
      if (part['type'] !== 'input_audio') {
        return [part];
      }
      return transcript === '' ? (part['audio'] ? [part] : []) : [{ type: 'input_text', text: transcript }];
    });
  }
}

function wordsIn(item: Wire): string {
  return objectsAt(item, 'content')
    .map(part => stringOr(part['text'], textAt(part, 'transcript')))
    .join('');
}

/** The sound of several frames as one, in base64. */
function joined(frames: readonly Buffer[]): string {
  const pieces = frames.map(frame => {
    const { audio } = JSON.parse(frame.toString()) as { readonly audio?: unknown };
    return Buffer.from(stringOr(audio, ''), 'base64');
  });
  return Buffer.concat(pieces).toString('base64');
}

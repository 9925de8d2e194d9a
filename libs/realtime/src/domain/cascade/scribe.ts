import type { LiveEvent, Sound } from '@app/dialects';
import { GatewayError } from '@app/shared';
import type { ModelCalls, Transcriber } from './inner-calls.js';

/** Sound that was said: whether in a speech, and whether that is over with it. */
export interface Said {
  readonly isSpeech: boolean;
  readonly isWhole: boolean;
}

interface Reason {
  readonly message: string;
  readonly code: string | null;
  /** Absent: the caller is at fault. */
  readonly type?: string;
}

export interface ScribeParts {
  readonly calls: Pick<ModelCalls, 'transcribe'>;
  /** Aborted when nobody wants to know any more. */
  readonly signal: AbortSignal;
  /** Of speeches that wait to be written down: whoever says more is told. */
  readonly most: { readonly speeches: number; readonly bytes: number };
  tell(event: LiveEvent): void;
  /** Hears why nothing can go on. */
  fail(error: unknown): void;
  /** Has work done when all is done that was given before. */
  inLane(work: () => Promise<void>): Promise<unknown>;
}

const NOTHING_SAID: Reason = {
  message: 'Nothing was said: there is no sound since the last speech.',
  code: 'input_audio_buffer_commit_empty',
};
const TOO_MUCH_SAID: Reason = {
  message: 'So much waits to be written down that this speech was left out. Speak more slowly.',
  code: 'too_much_speech',
};

/** Has what a caller says written down, one after another, and tells of each speech in its turn what was said, or that nobody knows. */
export class Scribe {
  private waiting = 0;
  private waitingBytes = 0;

  constructor(private readonly parts: ScribeParts) {}

  /**
   * @param written hears what was said, in its turn; empty: nothing; an error: nobody knows, and that was told
   */
  write(sound: Sound, what: Said, how: Transcriber, written?: (text: string | Error) => void): void {
    const { most } = this.parts;
    const { length } = sound.pcm;
    if (this.waiting >= most.speeches || this.waitingBytes + length > most.bytes) {
      return this.leaveOut(TOO_MUCH_SAID, what);
    }
    this.waiting += 1;
    this.waitingBytes += length;
    void this.parts.inLane(async () => {
      const text = await this.transcribe(sound, what, how);
      written?.(text);
      this.waiting -= 1;
      this.waitingBytes -= length;
    });
  }

  /** A speech ended in which there was nothing. */
  leaveOutEmpty(): void {
    this.leaveOut(NOTHING_SAID, { isSpeech: true, isWhole: true });
  }

  private async transcribe(sound: Sound, what: Said, how: Transcriber): Promise<string | Error> {
    const { calls, signal, tell } = this.parts;
    try {
      signal.throwIfAborted(); // nobody pays for what nobody wants to know
      const text = await calls.transcribe(sound, how, signal);
      if (what.isSpeech) {
        tell({ kind: 'heard', text, isWhole: what.isWhole });
      }
      return text;
    } catch (error) {
      this.refuse(error, what);
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  private refuse(error: unknown, what: Said): void {
    if (this.parts.signal.aborted) {
      return;
    }
    if (isTellable(error)) {
      this.tellReason(reasonOf(error), what);
    } else {
      this.parts.fail(error);
    }
  }

  /** Whoever hears of speeches knows them by their order. */
  private leaveOut(why: Reason, what: Said): void {
    void this.parts.inLane(() => Promise.resolve(this.tellReason(why, what)));
  }

  private tellReason(why: Reason, { isSpeech, isWhole }: Said): void {
    this.parts.tell({ kind: isSpeech && isWhole ? 'unheard' : 'refused', ...why });
  }
}

/** As it is told in a session that goes on. */
export function reasonOf({ message, code, type }: GatewayError): Required<Reason> {
  return { message, code: code ?? null, type };
}

/** Else nothing can go on: there is no money, or the mistake is ours. */
export function isTellable(error: unknown): error is GatewayError {
  return error instanceof GatewayError && error.status !== 402;
}

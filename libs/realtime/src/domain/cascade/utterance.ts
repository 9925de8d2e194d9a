import type { CallMeter } from '@app/analytics';
import type { CallerReply } from '@app/inference';
import type { Sounding } from './answer-facts.js';

/** Sound that is made before anybody wants it, in bytes: some seconds. Then its vendor is not read any more. */
const MOST_HELD_BYTES = 256 * 1024;
/** Half a second: so much is told at once, so that whoever speaks up is not told more. */
const PIECE_BYTES = 24_000;

/** Where the sound of a session goes. */
export interface SoundOutlet {
  /** False when the caller reads too slowly. @param pcm whole samples */
  sound(pcm: Buffer): boolean;
  /** Once, when the caller can take more. */
  onceReady(listener: () => void): void;
}

/** In the place of a caller who listens: one sentence, of which the sound may be there before its turn comes. */
export class Utterance implements CallerReply, Sounding {
  headersSent = false;
  readonly destroyed = false;
  /** Of the call that makes it; null before that is begun. */
  meter: CallMeter | null = null;
  /** All of its sound has come. */
  isWhole = false;
  private held: Buffer[] = [];
  private heldBytes = 0;
  private odd: Buffer = Buffer.alloc(0);
  private outlet: SoundOutlet | null = null;
  private isBlocked = false;
  private waiting: (() => void)[] = [];

  constructor(readonly text: string) {}

  get isHeard(): boolean {
    return this.outlet !== null;
  }

  /** Its turn has come: what is there, and all that comes, goes to the outlet. */
  play(outlet: SoundOutlet): void {
    this.outlet = outlet;
    this.flow();
  }

  writeHead(): void {
    this.headersSent = true;
  }

  write(chunk: Buffer | string): boolean {
    const bytes = Buffer.concat([this.odd, Buffer.from(chunk)]);
    const even = bytes.length & ~1;
    this.odd = bytes.subarray(even);
    for (let at = 0; at < even; at += PIECE_BYTES) {
      const piece = bytes.subarray(at, Math.min(even, at + PIECE_BYTES));
      this.held.push(piece);
      this.heldBytes += piece.length;
    }
    return this.flow();
  }

  end(chunk: Buffer | string = ''): void {
    this.write(chunk);
    this.isWhole = true;
  }

  once(_event: 'drain', listener: () => void): void {
    this.waiting.push(listener);
  }

  /** Resolves when nothing of what came is left to be told, or nobody listens any more. */
  told(signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const look = (): void => (this.held.length === 0 ? resolve() : void this.waiting.push(look));
      signal.addEventListener('abort', () => resolve(), { once: true });
      look();
    });
  }

  private flow(): boolean {
    const { outlet } = this;
    if (!outlet) {
      return this.heldBytes < MOST_HELD_BYTES;
    }
    while (!this.isBlocked && this.held.length > 0) {
      const piece = this.held.shift() ?? Buffer.alloc(0);
      this.heldBytes -= piece.length;
      if (!outlet.sound(piece)) {
        this.isBlocked = true;
        outlet.onceReady(() => {
          this.isBlocked = false;
          this.flow();
        });
      }
    }
    if (!this.isBlocked) {
      this.waiting.splice(0).forEach(listener => listener());
    }
    return !this.isBlocked;
  }
}

import { SoundFrames } from './sound-frames.js';

/** Of sound in base64: eight seconds at 24 kHz, twelve at 16. */
const MOST_BYTES = 512 * 1024;

/** Frames of a caller's sound, as they came, until they are answered: of very many the oldest are forgotten. */
export class UnansweredSound {
  /** Some were forgotten since it was last empty. */
  isCut = false;
  private frames = new SoundFrames();

  get isEmpty(): boolean {
    return this.frames.isEmpty;
  }

  get list(): readonly Buffer[] {
    return this.frames.list;
  }

  add(frame: Buffer): void {
    this.makeRoom(frame.length);
    if (frame.length <= MOST_BYTES) {
      this.frames.add(frame);
    }
  }

  /** Puts a message between the frames that is always the same one. */
  mark(mark: Buffer): void {
    this.makeRoom(mark.length);
    this.frames.mark(mark);
  }

  has(mark: Buffer): boolean {
    return this.frames.indexOf(mark) >= 0;
  }

  /** Those before the first that is `last`, or all where none is: they are whose it takes, who clears them in the end. */
  take(last?: Buffer): SoundFrames {
    const end = last ? this.frames.indexOf(last) : -1;
    const taken = this.frames;
    this.frames = end < 0 ? new SoundFrames() : taken.splitAt(end);
    this.isCut = false;
    return taken;
  }

  clear(): void {
    this.frames.clear();
    this.isCut = false;
  }

  private makeRoom(bytes: number): void {
    while (this.frames.bytes + bytes > MOST_BYTES) {
      this.isCut = true;
      if (this.isEmpty) {
        return; // it is longer than all that is kept
      }
      this.frames.dropFirst();
    }
  }
}

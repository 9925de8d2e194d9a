/** Of sound in base64: eight seconds at 24 kHz, twelve at 16. */
const MOST_BYTES = 512 * 1024;

/** Frames of a caller's sound, as they came, until they are answered: of very many the oldest are forgotten. */
export class UnansweredSound {
  /** Some were forgotten since it was last empty. */
  isCut = false;
  private frames: Buffer[] = [];
  private bytes = 0;

  get isEmpty(): boolean {
    return this.frames.length === 0;
  }

  get list(): readonly Buffer[] {
    return this.frames;
  }

  add(frame: Buffer): void {
    this.frames.push(frame);
    this.bytes += frame.length;
    while (this.bytes > MOST_BYTES) {
      this.bytes -= this.frames.shift()?.length ?? this.bytes;
      this.isCut = true;
    }
  }

  /** Those up to the first that is `last`, or all where none is; they are not kept any longer. */
  take(last?: Buffer): readonly Buffer[] {
    const end = last ? this.frames.indexOf(last) : -1;
    const taken = this.frames.splice(0, end < 0 ? this.frames.length : end + 1);
    this.bytes = this.frames.reduce((sum, { length }) => sum + length, 0);
    this.isCut = false;
    return taken;
  }
}

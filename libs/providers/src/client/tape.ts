/** The body of an answer, in the pieces that it came in, for any number of readers, each at its own pace; it may still be coming. */
export class Tape {
  readonly pieces: Buffer[] = [];
  /** Nothing more comes: it has come to its end, or broke off. Null while more may come. */
  over: 'ended' | Error | null = null;
  /** Bytes, those that were forgotten, too. */
  size = 0;
  /** It was larger than its limit while nobody read: there is nothing to be read any more. */
  isLost = false;
  private readonly readers = new Set<() => void>();

  constructor(private readonly limitBytes = Infinity) {}

  /** One that has come before. @param lengths of its pieces, in bytes */
  static of(body: Buffer, lengths: readonly number[]): Tape {
    const tape = new Tape();
    for (const length of lengths) {
      tape.push(body.subarray(tape.size, tape.size + length));
    }
    tape.close('ended');
    return tape;
  }

  push(piece: Buffer): void {
    this.size += piece.length;
    this.isLost ||= this.size > this.limitBytes && this.readers.size === 0;
    if (this.isLost) {
      this.pieces.length = 0;
    } else {
      this.pieces.push(piece);
      this.tell();
    }
  }

  /** Only the first word counts. */
  close(how: 'ended' | Error): void {
    if (this.over === null) {
      this.over = how;
      this.tell();
    }
  }

  /** @param reader hears that there is more, or nothing more; soon: who listens first is to be first */
  add(reader: () => void): void {
    this.readers.add(reader);
  }

  remove(reader: () => void): void {
    this.readers.delete(reader);
  }

  private tell(): void {
    for (const reader of this.readers) {
      setImmediate(reader);
    }
  }
}

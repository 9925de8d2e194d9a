/** Five frames of 100 ms at 24 kHz, in base64. */
const CHUNK_BYTES = 32 * 1024;
/** 16 MB. */
const MOST_FREE = 512;

/** Of all sessions of the process, to be used again. What is in them nobody reads. */
const free: Buffer[] = [];

/**
 * Frames of sound as they came, the oldest first, and marks between them. They are copied into chunks that are used again: frames that
 * are kept themselves for seconds, of hundreds of sessions, have V8 collect its whole heap all the time.
 */
export class SoundFrames {
  private chunks: Buffer[] = [];
  /** Where the oldest frame begins in the first chunk. */
  private start = 0;
  /** Bytes of all frames. */
  private stored = 0;
  /** Lengths of frames, and marks. */
  private entries: (number | Buffer)[] = [];

  get isEmpty(): boolean {
    return this.entries.length === 0;
  }

  /** All of them. */
  get list(): readonly Buffer[] {
    let at = this.start;
    return this.entries.map(entry => {
      if (typeof entry !== 'number') {
        return entry;
      }
      at += entry;
      return this.read(at - entry, entry);
    });
  }

  add(frame: Buffer): void {
    const { length } = frame;
    let done = 0;
    while (done < length) {
      const at = this.start + this.stored + done;
      done += frame.copy(this.chunkAt(at), at % CHUNK_BYTES, done);
    }
    this.stored += length;
    this.entries.push(length);
  }

  /** @param mark is given back as it is */
  mark(mark: Buffer): void {
    this.entries.push(mark);
  }

  indexOf(mark: Buffer): number {
    return this.entries.indexOf(mark);
  }

  /** @returns its length in bytes; 0: there is none */
  dropFirst(): number {
    const entry = this.entries.shift() ?? 0;
    if (typeof entry !== 'number') {
      return entry.length;
    }
    this.stored -= entry;
    this.start += entry;
    while (this.start >= CHUNK_BYTES) {
      giveBack(this.chunks.splice(0, 1));
      this.start -= CHUNK_BYTES;
    }
    return entry;
  }

  /** @param index of a mark, which is gone then @returns what is behind it, which is here no more */
  splitAt(index: number): SoundFrames {
    const behind = new SoundFrames();
    for (const [at, entry] of this.list.entries()) {
      const isFrame = typeof this.entries[at] === 'number';
      if (at > index && isFrame) {
        behind.add(entry);
        this.stored -= entry.length;
      } else if (at > index) {
        behind.mark(entry);
      }
    }
    this.entries = this.entries.slice(0, index);
    return behind;
  }

  clear(): void {
    giveBack(this.chunks);
    this.chunks = [];
    this.entries = [];
    this.start = 0;
    this.stored = 0;
  }

  private chunkAt(at: number): Buffer {
    const chunk = this.chunks[Math.floor(at / CHUNK_BYTES)];
    if (chunk) {
      return chunk;
    }
    const fresh = free.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES);
    this.chunks.push(fresh);
    return fresh;
  }

  private read(from: number, length: number): Buffer {
    const frame = Buffer.allocUnsafe(length);
    let done = 0;
    while (done < length) {
      const at = from + done;
      done += this.chunkAt(at).copy(frame, done, at % CHUNK_BYTES);
    }
    return frame;
  }
}

function giveBack(chunks: readonly Buffer[]): void {
  free.push(...chunks.slice(0, Math.max(MOST_FREE - free.length, 0)));
}

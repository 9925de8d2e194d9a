/** Five frames of 100 ms at 24 kHz, in base64. */
const CHUNK_BYTES = 32 * 1024;
/** 16 MB. */
const MOST_FREE = 512;

/** The length of a frame, or a mark. */
type Entry = number | Buffer;

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
  /** Bytes of all marks. */
  private marked = 0;
  /** Lengths of frames, and marks. */
  private entries: Entry[] = [];

  get isEmpty(): boolean {
    return this.entries.length === 0;
  }

  /** Of frames and marks. */
  get bytes(): number {
    return this.stored + this.marked;
  }

  /** All of them. */
  get list(): readonly Buffer[] {
    return this.read(this.entries, this.start);
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
    this.marked += mark.length;
    this.entries.push(mark);
  }

  indexOf(mark: Buffer): number {
    return this.entries.indexOf(mark);
  }

  dropFirst(): void {
    const entry = this.entries.shift();
    if (typeof entry === 'number') {
      this.stored -= entry;
      this.start += entry;
      this.giveBackRead();
    } else {
      this.marked -= entry?.length ?? 0;
    }
  }

  /** @param index of a mark, which is gone then @returns what is behind it, which is here no more */
  splitAt(index: number): SoundFrames {
    const before = lengthOf(this.entries.slice(0, index));
    const rest = this.entries.slice(index + 1);
    const behind = new SoundFrames();
    for (const [at, entry] of this.read(rest, this.start + before).entries()) {
      if (typeof rest[at] === 'number') {
        behind.add(entry);
      } else {
        behind.mark(entry);
      }
    }
    this.entries = this.entries.slice(0, index);
    this.stored = before;
    this.marked = markedIn(this.entries);
    return behind;
  }

  clear(): void {
    giveBack(this.chunks);
    this.chunks = [];
    this.entries = [];
    this.start = 0;
    this.stored = 0;
    this.marked = 0;
  }

  private giveBackRead(): void {
    while (this.start >= CHUNK_BYTES) {
      giveBack(this.chunks.splice(0, 1));
      this.start -= CHUNK_BYTES;
    }
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

  /** @param from where the first of their frames begins */
  private read(entries: readonly Entry[], from: number): Buffer[] {
    let at = from;
    return entries.map(entry => {
      if (typeof entry !== 'number') {
        return entry;
      }
      at += entry;
      return this.frameAt(at - entry, entry);
    });
  }

  private frameAt(from: number, length: number): Buffer {
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

/** Bytes of the frames among them. */
function lengthOf(entries: readonly Entry[]): number {
  return entries.reduce<number>((sum, entry) => sum + (typeof entry === 'number' ? entry : 0), 0);
}

/** Bytes of the marks among them. */
function markedIn(entries: readonly Entry[]): number {
  return entries.reduce<number>((sum, entry) => sum + (typeof entry === 'number' ? 0 : entry.length), 0);
}

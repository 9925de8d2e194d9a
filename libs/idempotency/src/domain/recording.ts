import type { ServerResponse } from 'node:http';
import type { AnswerHead } from './kept-answer.entity.js';

/** What an answer comes from. */
export interface AnswerSource {
  /** Goes on after `push` said false. */
  resume(): void;
  /** Nobody wants it any more. */
  abort(): void;
}

/** How the head looks to one reader. */
type Face = (head: AnswerHead) => AnswerHead;

/** How far the fastest reader may be behind an answer that is too large to be kept, in bytes. */
const AHEAD_BYTES = 1024 * 1024;

/**
 * An answer on its way, for its first caller and for those who come while it runs: each gets all of it, at its own pace. Up
 * to the limit it is kept whole. Beyond, nobody can join any more, the source waits for the fastest reader, and one who falls
 * behind that one by more than the limit is cut, so that memory stays bounded and nobody waits for the slowest.
 */
export class Recording {
  head: AnswerHead | null = null;
  /** Null while it runs. */
  ending: 'complete' | 'cut' | null = null;
  /** Of the whole answer so far. */
  bytes = 0;
  source: AnswerSource | null = null;
  /** Chunks that every reader has are forgotten once the answer is too large. */
  private chunks: Buffer[] = [];
  private forgotten = 0;
  private isHeld = false;
  private readonly readers = new Set<Reader>();
  private readonly over = Promise.withResolvers<void>();

  constructor(private readonly limitBytes: number) {}

  get isTooLarge(): boolean {
    return this.bytes > this.limitBytes;
  }

  /** How many read it. */
  get audience(): number {
    return this.readers.size;
  }

  /** Resolves when it has ended. */
  get ended(): Promise<void> {
    return this.over.promise;
  }

  /** All of an answer that is not too large. */
  get body(): Buffer {
    return Buffer.concat(this.chunks);
  }

  /** Resolves when the reader has everything, or has left. */
  attach(reply: ServerResponse, face: Face = head => head): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const reader = { reply, face, next: 0, bytes: 0, isFull: false };
    const leave = (): void => {
      this.leave(reader);
      resolve();
    };
    this.readers.add(reader);
    if (reply.closed) {
      leave();
    } else {
      reply.once('close', leave);
      this.serve(reader);
    }
    return promise;
  }

  begin(head: AnswerHead): void {
    this.head = head;
    this.serveAll();
  }

  /** False when the source is to wait for `resume`. */
  push(chunk: Buffer): boolean {
    this.chunks.push(chunk);
    this.bytes += chunk.length;
    this.serveAll();
    this.trim();
    return !this.isHeld;
  }

  /** Only the first time counts. @param ending `cut`: readers must not take it for the whole answer */
  end(ending: 'complete' | 'cut'): void {
    if (!this.ending) {
      this.ending = ending;
      this.serveAll();
      this.over.resolve();
    }
  }

  private leave(reader: Reader): void {
    this.readers.delete(reader);
    if (this.readers.size > 0) {
      this.trim();
    } else if (!this.ending) {
      this.source?.abort();
      this.end('cut');
    }
  }

  private serveAll(): void {
    for (const reader of this.readers) {
      this.serve(reader);
    }
  }

  private serve(reader: Reader): void {
    const { reply, face } = reader;
    if (reply.destroyed || reply.writableEnded) {
      return;
    }
    if (this.head && !reply.headersSent) {
      const { status, headers } = face(this.head);
      reply.writeHead(status, headers as Record<string, string | string[]>);
      reply.flushHeaders();
    }
    for (let chunk = this.nextOf(reader); chunk && !reader.isFull; chunk = this.nextOf(reader)) {
      reader.next += 1;
      reader.bytes += chunk.length;
      if (!reply.write(chunk)) {
        reader.isFull = true;
        reply.once('drain', () => {
          reader.isFull = false;
          this.serve(reader);
          this.trim();
        });
      }
    }
    if (this.ending === 'cut') {
      reply.destroy();
    } else if (this.ending && !this.nextOf(reader)) {
      reply.end();
    }
  }

  private nextOf({ next }: Reader): Buffer | undefined {
    return this.chunks[next - this.forgotten];
  }

  private trim(): void {
    if (!this.isTooLarge) {
      return;
    }
    const fastest = Math.max(...[...this.readers].map(({ bytes }) => bytes));
    const inTime = [...this.readers].filter(({ bytes }) => fastest - bytes <= this.limitBytes);
    this.readers.forEach(reader => inTime.includes(reader) || reader.reply.destroy());
    const needed = Math.min(...inTime.map(({ next }) => next));
    this.chunks.splice(0, needed - this.forgotten);
    this.forgotten = needed;
    const wasHeld = this.isHeld;
    this.isHeld = this.bytes - fastest > AHEAD_BYTES;
    if (wasHeld && !this.isHeld) {
      this.source?.resume();
    }
  }
}

interface Reader {
  readonly reply: ServerResponse;
  readonly face: Face;
  /** Index of the first chunk it does not have. */
  next: number;
  bytes: number;
  /** It reads too slowly. */
  isFull: boolean;
}

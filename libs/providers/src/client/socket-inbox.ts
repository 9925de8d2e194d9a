import type { RawData, WebSocket } from 'ws';

export interface SocketMessage {
  readonly data: Buffer;
  readonly isBinary: boolean;
}

/** What comes on a WebSocket: it waits for whoever listens, and the other side with it. Made at once when it is open, nothing is lost. */
export class SocketInbox {
  private listener: ((message: SocketMessage) => void) | null = null;
  private readonly came = Promise.withResolvers<void>();
  private waiting: SocketMessage[] = [];
  private isHeld = false;

  constructor(private readonly socket: WebSocket) {
    socket.on('message', (data, isBinary) => this.take({ data: bytesOf(data), isBinary }));
    socket.on('close', () => this.came.resolve());
    socket.on('error', () => undefined); // a close follows
  }

  /** What waits longest; null when nothing does. */
  get first(): SocketMessage | null {
    return this.waiting[0] ?? null;
  }

  /** Resolves when something waits, or nothing can come any more. */
  async filled(): Promise<void> {
    if (this.waiting.length === 0) {
      await this.came.promise;
    }
  }

  /** Nobody is to hear what waits longest. Before anybody listens. */
  skipFirst(): void {
    this.waiting.shift();
  }

  /** Puts a text before all that waits; null: nothing. Before anybody listens. */
  hearFirst(text: Buffer | null): void {
    if (text) {
      this.waiting.unshift({ data: text, isBinary: false });
    }
  }

  /** Has what waits told first. */
  listen(listener: (message: SocketMessage) => void): void {
    this.listener = listener;
    this.goOn();
  }

  /** All waits again, until `goOn`: what was read already, too, which may be a thousand small messages. */
  hold(): void {
    this.isHeld = true;
    this.socket.pause();
  }

  goOn(): void {
    this.isHeld = false;
    const { waiting } = this;
    this.waiting = [];
    waiting.forEach(message => this.take(message)); // any of them may have the rest held again
    if (!this.isHeld) {
      this.socket.resume();
    }
  }

  private take(message: SocketMessage): void {
    if (this.listener && !this.isHeld) {
      this.listener(message);
    } else {
      this.waiting.push(message);
      this.socket.pause();
      this.came.resolve();
    }
  }
}

function bytesOf(data: RawData): Buffer {
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.isBuffer(data) ? data : Buffer.from(data);
}

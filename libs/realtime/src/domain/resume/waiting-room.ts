import type { SocketMessage } from '@app/providers';
import type { WebSocket } from 'ws';

/** More of it is not read: a quarter of a minute of sound, in which a caller that leaves is still heard. */
const MOST_WAITING_BYTES = 1024 * 1024;

/** What a caller says while there is no vendor to say it to. */
export class WaitingRoom {
  private waiting: SocketMessage[] = [];
  private bytes = 0;

  constructor(private readonly socket: WebSocket) {}

  /** The caller is not read, and answers no ping. */
  get isFull(): boolean {
    return this.bytes >= MOST_WAITING_BYTES;
  }

  add(message: SocketMessage): void {
    this.waiting.push(message);
    this.bytes += message.data.length;
    if (this.isFull) {
      this.socket.pause();
    }
  }

  /** In order. @param take may find that the rest has to wait again, and gives it back by `add` */
  empty(take: (message: SocketMessage) => void): void {
    const { waiting } = this;
    this.waiting = [];
    this.bytes = 0;
    this.socket.resume();
    waiting.forEach(take);
  }
}

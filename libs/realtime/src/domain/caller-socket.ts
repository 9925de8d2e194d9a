import type { SocketInbox } from '@app/providers';
import type { WebSocket } from 'ws';

/** One that is open, and what comes on it. */
export interface OpenedSocket {
  readonly socket: WebSocket;
  readonly inbox: SocketInbox;
}

type Upgrade = (headers: Readonly<Record<string, string>>) => Promise<OpenedSocket>;

/** A caller who wants to talk: until it is accepted, it can be told in HTTP why not. */
export class CallerSocket {
  private opened: Promise<OpenedSocket> | null = null;

  /** @param upgrade opens the WebSocket; @throws CallerLeftError */
  constructor(private readonly upgrade: Upgrade) {}

  get isAccepted(): boolean {
    return this.opened !== null;
  }

  /** Once: whoever asks again is given the same. @param headers of the answer */
  accept(headers: Readonly<Record<string, string>>): Promise<OpenedSocket> {
    this.opened ??= this.upgrade(headers);
    return this.opened;
  }
}

import { once } from 'node:events';
import { WebSocket, type ClientOptions } from 'ws';

export type Event = Readonly<Record<string, unknown>>;

/** A bare WebSocket client that keeps what it was told. */
export class LiveClient {
  readonly events: Event[] = [];
  /** Frames that were no JSON. */
  readonly broken: string[] = [];
  /** Resolves with the code of the close. */
  readonly closed: Promise<number>;
  private waiting: (() => void)[] = [];

  private constructor(readonly socket: WebSocket) {
    socket.on('message', data => this.take(data.toString()));
    this.closed = new Promise(resolve => {
      socket.on('close', code => {
        resolve(code);
        this.wake();
      });
    });
    socket.on('error', () => undefined);
  }

  /** @throws Error that tells the HTTP status when the upgrade is refused */
  static async open(url: string, options: ClientOptions = {}, protocols: string[] = []): Promise<LiveClient> {
    const headers: Record<string, string> = protocols.length > 0 ? {} : { authorization: 'Bearer key' };
    const socket = new WebSocket(url.replace(/^http/, 'ws'), protocols, {
      ...options,
      headers: { ...headers, ...options.headers },
    });
    const client = new LiveClient(socket);
    await once(socket, 'open');
    return client;
  }

  send(...messages: readonly object[]): void {
    messages.forEach(message => this.socket.send(JSON.stringify(message)));
  }

  /** Resolves when so many messages fit; gives the last of them. */
  async until(fits: (event: Event) => boolean, count = 1): Promise<Event> {
    for (;;) {
      const found = this.events.filter(fits)[count - 1];
      if (found) {
        return found;
      }
      if (this.socket.readyState !== WebSocket.OPEN) {
        throw new Error(`The connection closed after ${JSON.stringify(this.events.slice(-3))}.`);
      }
      await new Promise<void>(resolve => this.waiting.push(resolve));
    }
  }

  /** As `until`, by `type`. */
  untilType(type: string, count = 1): Promise<Event> {
    return this.until(event => event['type'] === type, count);
  }

  get types(): readonly unknown[] {
    return this.events.map(event => event['type']);
  }

  close(): Promise<number> {
    this.socket.close();
    return this.closed;
  }

  private take(data: string): void {
    try {
      this.events.push(JSON.parse(data) as Event);
    } catch {
      this.broken.push(data);
    }
    this.wake();
  }

  private wake(): void {
    this.waiting.splice(0).forEach(resolve => resolve());
  }
}

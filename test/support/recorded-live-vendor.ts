import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { RecordedFrame } from './recordings.js';

/** A vendor that says what a recorded one said, as soon as it has heard what that had heard. */
export class RecordedLiveVendor {
  readonly heard: unknown[] = [];
  private readonly server = createServer();
  private readonly sockets = new WebSocketServer({ server: this.server });
  private frames: readonly RecordedFrame[] = [];

  constructor(private readonly isBinary: boolean) {
    this.sockets.on('connection', socket => this.serve(socket));
  }

  async start(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  play(frames: readonly RecordedFrame[]): void {
    this.frames = frames;
    this.heard.length = 0;
  }

  async close(): Promise<void> {
    this.sockets.clients.forEach(socket => socket.terminate());
    this.server.close();
    await once(this.server, 'close');
  }

  private serve(socket: WebSocket): void {
    let at = 0;
    const say = (): void => {
      for (; this.frames[at]?.direction === 'received'; at += 1) {
        socket.send(JSON.stringify(this.frames[at]?.data), { binary: this.isBinary });
      }
    };
    socket.on('message', (data: Buffer) => {
      this.heard.push(JSON.parse(data.toString()));
      at += 1;
      say();
    });
    say();
  }
}

import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Connections over which nothing was asked yet. Node does not take them for idle, and would wait for their first request. */
export class UnusedConnections {
  private readonly unused = new Set<Socket>();
  private open = 0;

  constructor(server: Server) {
    server.on('connection', this.note);
    server.on('secureConnection', this.note);
    server.on('request', ({ socket }) => this.unused.delete(socket));
    server.on('upgrade', (_, socket) => this.unused.delete(socket as Socket));
  }

  /** When there are no others, so that whoever has one may still ask how the gateway is doing while others are served. */
  closeLast(): void {
    if (this.unused.size === this.open) {
      this.unused.forEach(socket => socket.destroy());
    }
  }

  private readonly note = (socket: Socket): void => {
    this.open += 1;
    this.unused.add(socket);
    socket.once('close', () => {
      this.open -= 1;
      this.unused.delete(socket);
    });
  };
}

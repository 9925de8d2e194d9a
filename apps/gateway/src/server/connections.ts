import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';

/** All of a server, also those that Node counts no more (sessions), or not yet: over which nothing was asked. */
export class Connections {
  private readonly open = new Set<Duplex>();
  private readonly unused = new Set<Duplex>();

  constructor(server: Server) {
    server.on('connection', this.note);
    server.on('secureConnection', this.note);
    server.on('request', ({ socket }) => this.unused.delete(socket));
    server.on('upgrade', (_, socket) => this.unused.delete(socket));
  }

  /**
   * Those over which nothing was asked, when there are no others: whoever has one may still ask how the gateway is doing while others
   * are served. Node does not take them for idle, and would wait for their first request.
   */
  closeUnused(): void {
    if (this.unused.size === this.open.size) {
      this.unused.forEach(socket => socket.destroy());
    }
  }

  closeAll(): void {
    this.open.forEach(socket => socket.destroy());
  }

  private readonly note = (socket: Duplex): void => {
    this.open.add(socket);
    this.unused.add(socket);
    socket.once('close', () => {
      this.open.delete(socket);
      this.unused.delete(socket);
    });
  };
}

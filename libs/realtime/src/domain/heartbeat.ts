import type { WebSocket } from 'ws';

/** Knows which sides are still there. */
export class Heartbeat {
  /** Those that have not answered a ping. */
  private readonly silent = new Set<WebSocket>();

  watch(socket: WebSocket): void {
    socket.on('pong', () => this.silent.delete(socket));
  }

  ping(socket: WebSocket): void {
    if (this.silent.has(socket)) {
      socket.terminate(); // not even its system answers
    } else {
      this.silent.add(socket);
      socket.ping();
    }
  }
}

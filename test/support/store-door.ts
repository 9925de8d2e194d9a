import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { freePort } from './free-port.js';
import type { FailingStore } from './failing-store.js';
import { serverOf, type TestServer } from './test-store.js';

/** A database of a server for tests behind a door of its own: to the gateway a shut door is a dead server. */
export class StoreDoor implements FailingStore {
  private readonly sockets = new Set<Socket>();
  private server: Server | null = null;
  private frozen = false;

  private readonly name = `test-${randomUUID()}`;

  private constructor(
    private readonly store: 'postgres' | 'mysql',
    private readonly port: number,
  ) {}

  static async start(store: 'postgres' | 'mysql'): Promise<StoreDoor> {
    const door = new StoreDoor(store, await freePort());
    const { uri, environment } = door.inside;
    await environment(uri, door.name); // makes the database
    await door.start();
    return door;
  }

  get environment(): Record<string, string> {
    const url = new URL(this.inside.uri);
    url.port = String(this.port);
    url.pathname = this.name;
    return {
      AI_GATEWAY_DATABASE_URL: url.href,
      [`AI_GATEWAY_DATABASE_${this.store.toUpperCase()}_CONNECTION_TIMEOUT_MS`]: '500',
    };
  }

  async start(): Promise<void> {
    this.server = createServer(caller => this.carry(caller));
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
  }

  async kill(): Promise<void> {
    const { server } = this;
    this.server = null;
    server?.close();
    for (const socket of this.sockets) {
      socket.destroy();
    }
    if (server) {
      await once(server, 'close');
    }
  }

  freeze(): void {
    this.frozen = true;
    for (const socket of this.sockets) {
      socket.pause();
    }
  }

  thaw(): void {
    this.frozen = false;
    for (const socket of this.sockets) {
      socket.resume();
    }
  }

  async remove(): Promise<void> {
    await this.kill();
    await this.inside.drop(this.inside.uri, this.name);
  }

  private get inside(): TestServer & { readonly uri: string } {
    return serverOf(this.store);
  }

  private carry(caller: Socket): void {
    const { hostname, port } = new URL(this.inside.uri);
    const inside = connect(Number(port), hostname);
    for (const [socket, other] of [
      [caller, inside],
      [inside, caller],
    ] as const) {
      this.sockets.add(socket);
      socket.on('data', chunk => other.write(chunk));
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
      if (this.frozen) {
        socket.pause();
      }
    }
  }
}

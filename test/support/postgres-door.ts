import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { dropInPostgres, POSTGRES_TEST_URI, postgresEnvironment } from './databases.js';
import { freePort } from './free-port.js';
import type { FailingStore } from './failing-store.js';

/** A database of the PostgreSQL for tests behind a door of its own: to the gateway a shut door is a dead server. */
export class PostgresDoor implements FailingStore {
  private readonly sockets = new Set<Socket>();
  private server: Server | null = null;
  private frozen = false;

  private constructor(
    private readonly port: number,
    private readonly name: string,
    private readonly settings: Record<string, string>,
  ) {}

  static async start(): Promise<PostgresDoor> {
    const name = `test-${randomUUID()}`;
    const door = new PostgresDoor(await freePort(), name, await postgresEnvironment(serverUri(), name));
    await door.start();
    return door;
  }

  get environment(): Record<string, string> {
    const url = new URL(this.settings['AI_GATEWAY_DATABASE_URL'] ?? '');
    url.port = String(this.port);
    return {
      AI_GATEWAY_DATABASE_URL: url.href,
      AI_GATEWAY_DATABASE_POSTGRES_CONNECTION_TIMEOUT_MS: '500',
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
    await dropInPostgres(serverUri(), this.name);
  }

  private carry(caller: Socket): void {
    const { hostname, port } = new URL(serverUri());
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

function serverUri(): string {
  return POSTGRES_TEST_URI ?? '';
}

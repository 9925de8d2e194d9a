import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually } from './eventually.js';
import type { FailingStore } from './failing-store.js';
import { freePort } from './free-port.js';

/** How `scripts/test-stores.mjs` starts a server, with `{port}` and `{folder}` in it. */
const COMMAND = process.env['MONGODB_TEST_COMMAND'];

/** Whether a test can have a server of its own. With CI=true it must. */
export function hasMongoServer(): boolean {
  if (
    COMMAND === undefined &&
    process.env['CI'] === 'true' &&
    process.env['MONGODB_TEST_URI'] === undefined
  ) {
    throw new Error('MONGODB_TEST_COMMAND is missing: run the tests through `npm run stores -- …`.');
  }
  return COMMAND !== undefined;
}

export class MongoServer implements FailingStore {
  private child: ChildProcess | null = null;

  private constructor(
    private readonly port: number,
    private readonly folder: string,
  ) {}

  static async start(): Promise<MongoServer> {
    const server = new MongoServer(await freePort(), mkdtempSync(path.join(tmpdir(), 'mongo-server-')));
    await server.start();
    return server;
  }

  get environment(): Record<string, string> {
    return {
      AI_GATEWAY_DATABASE_URL: '',
      AI_GATEWAY_DATABASE_MONGODB_URL: `mongodb://127.0.0.1:${this.port}`,
      AI_GATEWAY_DATABASE_MONGODB_CONNECTION_TIMEOUT_MS: '500',
    };
  }

  async start(): Promise<void> {
    const parts = JSON.parse(COMMAND ?? '[]') as string[];
    const [file = '', ...flags] = parts.map(part =>
      part.replace('{port}', String(this.port)).replace('{folder}', this.folder),
    );
    this.child = spawn(file, flags, { stdio: 'ignore' });
    await eventually(() => this.accepts(), 60_000);
  }

  async kill(): Promise<void> {
    const { child } = this;
    if (child && child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      child.kill('SIGKILL'); // reaches a frozen one, too
      await gone;
    }
  }

  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.child?.kill('SIGCONT');
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async accepts(): Promise<void> {
    const socket = connect(this.port, '127.0.0.1');
    try {
      await once(socket, 'connect');
    } finally {
      socket.destroy();
    }
  }
}

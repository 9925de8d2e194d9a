import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';

/** How `scripts/redis.mjs` starts a server, with `{port}` and `{folder}` in it. */
const COMMAND = process.env['REDIS_TEST_COMMAND'];

/** Whether tests can have a server of their own. With CI=true they must. */
export function hasRedisServer(): boolean {
  if (COMMAND === undefined && process.env['CI'] === 'true') {
    throw new Error('REDIS_TEST_COMMAND is missing: run the tests through `npm run stores -- …`.');
  }
  return COMMAND !== undefined;
}

/** A Redis of a test's own, to be stopped and frozen. It forgets everything when it is killed. */
export class RedisServer {
  private child: ChildProcess | null = null;

  private constructor(
    private readonly port: number,
    private readonly folder: string,
    private readonly flags: readonly string[],
  ) {}

  /** @param flags more of them for the server, e.g. `--requirepass` */
  static async start(...flags: string[]): Promise<RedisServer> {
    const folder = mkdtempSync(path.join(tmpdir(), 'redis-server-'));
    const server = new RedisServer(await freePort(), folder, flags);
    await server.start();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const parts = JSON.parse(COMMAND ?? '[]') as string[];
    const [file = '', ...flags] = parts.map(part =>
      part.replace('{port}', String(this.port)).replace('{folder}', this.folder),
    );
    this.child = spawn(file, [...flags, ...this.flags], { stdio: 'ignore' });
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

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually } from './eventually.js';

/** A server of a test's own on a port and in a folder of its own, to be stopped and frozen. */
export abstract class ServerProcess {
  private child: ChildProcess | null = null;
  private readonly folder: string;

  /** @param name of its folder @param command with `{port}` and `{folder}` in it */
  protected constructor(
    name: string,
    protected readonly port: number,
    private readonly command: readonly string[],
  ) {
    this.folder = mkdtempSync(path.join(tmpdir(), `${name}-`));
  }

  async start(): Promise<void> {
    const [file = '', ...flags] = this.command.map(part =>
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

  /** It has said its last word by then: on a busy machine a signal takes its time. */
  freeze(): void {
    this.child?.kill('SIGSTOP');
    while (this.child && isRunning(this.child.pid)) {
      // a moment
    }
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

/** Whether a thread of it is not stopped; false where the system does not tell. */
function isRunning(pid = 0): boolean {
  const threads = `/proc/${pid}/task`;
  if (!existsSync(threads)) {
    return false;
  }
  const states = readdirSync(threads).map(
    thread => /\) (\w)/.exec(readFileSync(path.join(threads, thread, 'stat'), 'utf8'))?.[1],
  );
  return states.some(state => state !== 'T' && state !== 'Z');
}

/** @param json a list of texts */
export function commandOf(json: string | undefined): string[] {
  return JSON.parse(json ?? '[]') as string[];
}

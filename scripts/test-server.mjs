// A server that tests talk to: one command, on a free port and in a folder of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../test/support/free-port.ts';

const START_MS = 60_000;

/**
 * Starts it on a free port and in an empty folder.
 *
 * @param {string[]} command with `{port}` and `{folder}` in it
 * @param {(folder: string) => void} prepare what must be in the folder first
 * @returns {Promise<{ port: string, folder: string, pid(): number, kill(): Promise<void>, start(): Promise<void>, stop():
 *   Promise<void> }>} `kill` leaves its data to `start`, `stop` leaves nothing
 * @throws {Error} when it does not listen
 */
export async function startServer(command, prepare = () => {}) {
  const folder = mkdtempSync(join(tmpdir(), 'test-store-'));
  const port = String(await freePort());
  prepare(folder);
  const [file, ...flags] = command.map(part =>
    part.replaceAll('{port}', port).replaceAll('{folder}', folder),
  );
  let child;
  const start = async () => {
    child = spawn(file, flags, { stdio: ['ignore', 'ignore', 'inherit'] });
    await untilListening(port, child);
  };
  const kill = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    }
  };
  const stop = async () => {
    await kill();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await start();
    return { port, folder, pid: () => child.pid, kill, start, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function untilListening(port, child) {
  const deadline = Date.now() + START_MS;
  while (!(await accepts(port))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      throw new Error(`${child.spawnfile} does not listen on port ${port}.`);
    }
    await delay(50);
  }
}

function accepts(port) {
  return new Promise(done => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
    socket.once('close', () => done(false)).once('connect', () => socket.destroy());
  });
}

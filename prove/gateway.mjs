// A built gateway as a process of its own, with a port and a data folder that outlive it.
import { mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { start } from '../bench/processes.mjs';
import { freePort } from '../test/support/free-port.ts';

const ENTRY = 'dist/apps/gateway/src/main.js';
const SKEW = resolve(import.meta.dirname, 'skew.mjs');
const START_MS = 60_000;

export class Gateway {
  starts = 0;
  child = null;

  constructor({ name, port, folder, env, skewMs }) {
    Object.assign(this, { name, port, folder, env, skewMs });
    this.url = `http://127.0.0.1:${port}`;
    this.data = join(folder, name);
  }

  /** @param about { name, folder, env, skewMs } */
  static async make({ name, folder, env, skewMs }) {
    const port = await freePort();
    mkdirSync(join(folder, name), { recursive: true });
    const own = {
      AI_GATEWAY_ENVIRONMENT: 'test',
      AI_GATEWAY_LOG_LEVEL: 'warn',
      AI_GATEWAY_DATA_DIR: join(folder, name),
      AI_GATEWAY_SERVER_PORT: String(port),
      PROVE_SKEW_MS: String(skewMs),
    };
    return new Gateway({ name, port, folder, skewMs, env: { ...own, ...env } });
  }

  /** What it takes the time for, in Unix ms. */
  get now() {
    return Date.now() + this.skewMs;
  }

  start() {
    this.starts += 1;
    this.child = start(this.name, [process.execPath, '--import', SKEW, ENTRY], this);
  }

  get runs() {
    return this.child !== null && this.child.exitCode === null && this.child.signalCode === null;
  }

  async kill() {
    if (this.runs) {
      const gone = new Promise(done => this.child.once('exit', done));
      this.child.kill('SIGKILL');
      await gone;
    }
  }

  /** @throws Error when it ends instead, or takes too long */
  async ready() {
    for (const deadline = Date.now() + START_MS; Date.now() < deadline; await delay(100)) {
      if (!this.runs) {
        break;
      }
      if (await answers(`${this.url}/health/ready`)) {
        return this;
      }
    }
    throw new Error(`The gateway ${this.name} does not get ready: see ${join(this.folder, this.name)}.log`);
  }

  /** Resolves when it serves, started again for as long as it ends: while its store is away it does. */
  async revive() {
    for (const deadline = Date.now() + START_MS; Date.now() < deadline; await delay(100)) {
      if (!this.runs) {
        this.start();
      }
      if (await answers(`${this.url}/health`)) {
        return;
      }
    }
    throw new Error(`The gateway ${this.name} does not start again: see ${this.folder}/${this.name}.log`);
  }

  /** Files of usage records that the store does not have yet. */
  waiting() {
    return readdirSync(join(this.data, 'spool'), { recursive: true }).filter(name => name.endsWith('.jsonl'));
  }
}

async function answers(url) {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false;
  }
}

// The built gateway in a process of its own, with the simulator as every vendor.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../scripts/free-port.mjs';

const ENTRY = 'dist/apps/gateway/src/main.js';
const START_MS = 30_000;
const POLL_MS = 100;

/** @returns the address, a project's key, what it logged, whether it runs still, and how to end it */
export async function startGateway() {
  if (!existsSync(ENTRY)) {
    throw new Error(`${ENTRY} is missing. Run \`npm run build\` first.`);
  }
  const folder = mkdtempSync(join(tmpdir(), 'gateway-fuzz-'));
  const log = join(folder, 'gateway.log');
  const adminKey = `ak_${randomBytes(24).toString('hex')}`;
  const port = await freePort();
  const output = openSync(log, 'a');
  const child = spawn(process.execPath, [ENTRY], {
    env: {
      PATH: process.env.PATH,
      AI_GATEWAY_ENVIRONMENT: 'fuzz',
      AI_GATEWAY_ADMIN_KEY: adminKey,
      AI_GATEWAY_LOG_LEVEL: 'error',
      AI_GATEWAY_DATA_DIR: folder,
      AI_GATEWAY_DATABASE_URL: `sqlite:${join(folder, 'gateway.db')}`,
      AI_GATEWAY_SERVER_PORT: `${port}`,
      AI_GATEWAY_SIMULATOR_PORT: `${await freePort()}`,
    },
    stdio: ['ignore', output, output],
  });
  const url = `http://127.0.0.1:${port}`;
  const runs = () => child.exitCode === null && child.signalCode === null;
  const stop = async () => {
    if (runs()) {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  const readLog = () => readFileSync(log, 'utf8');
  try {
    await untilReady(url, runs);
    return { url, key: await projectKey(url, adminKey), runs, readLog, stop };
  } catch (error) {
    const said = readLog();
    await stop();
    throw new Error(`The gateway did not start:\n${said}`, { cause: error });
  }
}

export async function untilReady(url, runs) {
  const deadline = Date.now() + START_MS;
  while (runs() && Date.now() < deadline) {
    const response = await fetch(`${url}/health/ready`).catch(() => null);
    if (response?.ok) {
      return;
    }
    await delay(POLL_MS);
  }
  throw new Error('It is not ready.');
}

async function projectKey(url, adminKey) {
  const response = await fetch(`${url}/admin/projects`, {
    method: 'POST',
    headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'fuzz' }),
  });
  return (await response.json()).apiKey;
}

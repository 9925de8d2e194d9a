import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../scripts/free-port.mjs';

const ADMIN_KEY = 'ak_test_0123456789abcdef0123456789abcdef';
const START_MS = 60_000;
const RECORDS_MS = 10_000;

/** The built gateway with a store of its own; the simulator is every vendor. `stop` leaves nothing behind. */
export async function startBuiltGateway() {
  const data = mkdtempSync(join(tmpdir(), 'clis-gateway-'));
  const [port, vendors] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  let log = '';
  const gateway = spawn(process.execPath, ['dist/apps/gateway/src/main.js'], {
    // Nobody's vendor keys: no real vendor is called.
    env: {
      PATH: process.env.PATH,
      AI_GATEWAY_DATA_DIR: data,
      AI_GATEWAY_SERVER_PORT: `${port}`,
      AI_GATEWAY_SIMULATOR_PORT: `${vendors}`,
      AI_GATEWAY_ADMIN_KEY: ADMIN_KEY,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const gone = once(gateway, 'exit');
  gateway.stdout.on('data', chunk => (log += chunk));
  gateway.stderr.on('data', chunk => (log += chunk));
  const stop = async () => {
    gateway.kill('SIGTERM');
    await gone;
    rmSync(data, { recursive: true, force: true });
  };
  const hasStarted = await eventually(
    START_MS,
    async () => gateway.exitCode !== null || (await isReady(url)),
  );
  if (gateway.exitCode !== null || !hasStarted) {
    await stop();
    throw new Error(`The built gateway does not start; is it built?\n${log}`);
  }
  return { url, stop, project: name => createProject(name, { url, vendors: `http://127.0.0.1:${vendors}` }) };
}

/** A project whose calls are told; what others asked the vendors before is forgotten. */
async function createProject(name, { url, vendors }) {
  const body = JSON.stringify({ name });
  const { id, apiKey } = await json(`${url}/admin/projects`, { method: 'POST', body });
  await json(`${vendors}/requests`, { method: 'DELETE' });

  /** Usage records, and how often a vendor was asked. */
  const calls = async () => {
    const { requests } = await json(`${vendors}/requests`);
    let records = [];
    await eventually(RECORDS_MS, async () => {
      records = (await json(`${url}/admin/usage?projectId=${id}&limit=100`)).data;
      return records.length >= requests.length;
    });
    return { records, asked: requests.length };
  };
  return { key: apiKey, calls };
}

async function json(url, init) {
  const headers = { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' };
  const response = await fetch(url, { headers, ...init });
  if (!response.ok) {
    throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  }
  return response.json();
}

async function isReady(url) {
  try {
    return (await fetch(`${url}/health/ready`)).ok;
  } catch {
    return false;
  }
}

/** Whether it became true within so many milliseconds. */
async function eventually(ms, check) {
  for (const deadline = Date.now() + ms; Date.now() < deadline; await delay(100)) {
    if (await check()) {
      return true;
    }
  }
  return false;
}

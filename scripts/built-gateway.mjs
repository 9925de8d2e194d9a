import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../test/support/free-port.ts';

const ENTRY = 'dist/apps/gateway/src/main.js';
const ADMIN_KEY = 'ak_test_0123456789abcdef0123456789abcdef';
const ADMIN = { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' };
const START_MS = 60_000;
const RECORDS_MS = 10_000;

/**
 * The built gateway in a process of its own, with a store of its own; the simulator is every vendor.
 *
 * @returns its address, how to make a project, what it tells Prometheus, whether it gets ready, what it logged of errors,
 *   and how to end it, which leaves nothing behind
 */
export async function startBuiltGateway() {
  if (!existsSync(ENTRY)) {
    throw new Error(`${ENTRY} is missing. Run \`npm run build\` first.`);
  }
  const data = mkdtempSync(join(tmpdir(), 'built-gateway-'));
  const [port, vendors] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  let log = '';
  const child = spawn(process.execPath, [ENTRY], {
    // Nobody's vendor keys: no real vendor is called.
    env: {
      PATH: process.env.PATH,
      AI_GATEWAY_ENVIRONMENT: 'test',
      AI_GATEWAY_ADMIN_KEY: ADMIN_KEY,
      AI_GATEWAY_LOG_LEVEL: 'error',
      AI_GATEWAY_DATA_DIR: data,
      AI_GATEWAY_DATABASE_URL: `sqlite:${join(data, 'gateway.db')}`,
      AI_GATEWAY_SERVER_PORT: `${port}`,
      AI_GATEWAY_SIMULATOR_PORT: `${vendors}`,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const gone = once(child, 'exit');
  child.stdout.on('data', chunk => (log += chunk));
  child.stderr.on('data', chunk => (log += chunk));
  const runs = () => child.exitCode === null && child.signalCode === null;
  const becomesReady = async () => {
    await eventually(START_MS, async () => !runs() || (await isReady(url)));
    return runs() && (await isReady(url));
  };
  const stop = async () => {
    child.kill('SIGTERM');
    await gone;
    rmSync(data, { recursive: true, force: true });
  };
  if (!(await becomesReady())) {
    await stop();
    throw new Error(`The built gateway does not start:\n${log}`);
  }
  const project = name => createProject(name, { url, vendors: `http://127.0.0.1:${vendors}` });
  const metrics = async () => (await fetch(`${url}/metrics`, { headers: ADMIN })).text();
  return { url, project, metrics, becomesReady, readLog: () => log, stop };
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
  const response = await fetch(url, { headers: ADMIN, ...init });
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

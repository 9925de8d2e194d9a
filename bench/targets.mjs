// What is loaded: the floor proxy and the gateway, both in front of one mock vendor.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { start } from './processes.mjs';

export const PORTS = { mock: 9101, floor: 9110, gateway: 9111 };
const MOCK = `http://127.0.0.1:${PORTS.mock}`;
const GATEWAY = `http://127.0.0.1:${PORTS.gateway}`;
const ENTRY = 'dist/apps/gateway/src/main.js';
const START_MS = 30_000;

export function compile(folder) {
  for (const program of ['mock', 'loadgen']) {
    execFileSync('cc', ['-O2', '-o', join(folder, program), join(import.meta.dirname, `${program}.c`)], {
      stdio: 'inherit',
    });
  }
}

export function startMock(folder) {
  const child = start('mock', [join(folder, 'mock'), `${PORTS.mock}`], { folder });
  return { name: 'mock', url: `${MOCK}/`, pid: child.pid };
}

export function startFloor(folder) {
  const command = [process.execPath, join(import.meta.dirname, 'floor.mjs')];
  const child = start('floor', command, { folder, env: { PORT: `${PORTS.floor}`, UPSTREAM: MOCK } });
  return { name: 'floor', url: `http://127.0.0.1:${PORTS.floor}/v1/chat/completions`, pid: child.pid };
}

/** The built gateway as anybody runs it: authentication, usage records and the log are on. */
export async function startGateway(folder) {
  const { child, adminKey } = launchGateway(folder, 'data');
  await untilReady(child, folder);
  return {
    name: 'gateway',
    url: `${GATEWAY}/v1/chat/completions`,
    headers: await asProject(adminKey, { name: 'bench' }),
    cachedHeaders: await asProject(adminKey, { name: 'bench-cache', cache: 'all' }),
    adminKey,
    pid: child.pid,
  };
}

/** Its process, with a store in that folder of the work folder. */
export function launchGateway(folder, data) {
  if (!existsSync(ENTRY)) {
    throw new Error(`${ENTRY} is missing. Run \`npm run build\` first.`);
  }
  const adminKey = `ak_${randomBytes(24).toString('hex')}`;
  const env = {
    AI_GATEWAY_ENVIRONMENT: 'bench',
    AI_GATEWAY_ADMIN_KEY: adminKey,
    AI_GATEWAY_SERVER_PORT: `${PORTS.gateway}`,
    AI_GATEWAY_DATA_DIR: join(folder, data),
    AI_GATEWAY_DATABASE_URL: `sqlite:${join(folder, data, 'gateway.db')}`,
    AI_GATEWAY_PROVIDERS_OPENAI_BASE_URL: `${MOCK}/v1`,
    AI_GATEWAY_PROVIDERS_OPENAI_API_KEY: 'x',
    AI_GATEWAY_PROVIDERS_ANTHROPIC_BASE_URL: MOCK,
    AI_GATEWAY_PROVIDERS_ANTHROPIC_API_KEY: 'x',
  };
  const child = start('gateway', ['scripts/gateway.sh'], { folder, env });
  return { child, adminKey };
}

export async function untilReady(child, folder, pollMs = 100) {
  const deadline = Date.now() + START_MS;
  while (child.exitCode === null && Date.now() < deadline) {
    const response = await fetch(`${GATEWAY}/health/ready`).catch(() => null);
    if (response?.ok) {
      return;
    }
    await delay(pollMs);
  }
  throw new Error(`The gateway did not start; see ${join(folder, 'gateway.log')}.`);
}

/** The headers of a new project. */
async function asProject(adminKey, settings) {
  const response = await fetch(`${GATEWAY}/admin/projects`, {
    method: 'POST',
    headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(settings),
  });
  if (!response.ok) {
    throw new Error(`POST /admin/projects answered ${response.status}: ${await response.text()}`);
  }
  return { authorization: `Bearer ${(await response.json()).apiKey}` };
}

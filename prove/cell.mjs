// One run: a store, some gateways, many callers, troubles, and in the end the audit.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { randomBytes } from 'node:crypto';
import { start } from '../bench/processes.mjs';
import { freePort } from '../test/support/free-port.ts';
import { ADMIN_KEY, admin } from './admin.mjs';
import { audit } from './audit.mjs';
import { Callers } from './callers.mjs';
import { Gateway } from './gateway.mjs';
import { useLimits } from './limits.mjs';
import { crossMinute } from './minute.mjs';
import { PRICES } from './prices.mjs';
import { createProjects } from './projects.mjs';
import { randomOf } from './random.mjs';
import { startLimits, startStore } from './stores.mjs';
import { makeTrouble } from './troubles.mjs';
import { useUp } from './use-up.mjs';

const SKEWS_MS = [5000, -5000, 0, 2500];
const SETTLE_MS = 60_000;

/**
 * @param settings `{ store, replicas, redis, seed, seconds, callers, leaves, quiet }`
 * @returns the run, with `{ findings, figures, calls, limits, folder, troubles }`, see `audit`; the folder has the logs, and goes when nothing was found
 */
export async function prove(settings) {
  const folder = mkdtempSync(join(tmpdir(), 'prove-money-'));
  const random = randomOf(settings.seed);
  const [store, redis] = await Promise.all([startStore(settings.store, folder), startLimits(settings.redis)]);
  const run = { settings, store, redis, random, folder, troubles: [], limits: [] };
  try {
    await startAll(run, settings);
    const callers = new Callers(run, settings.leaves);
    run.calls = callers.made;
    callers.begin(settings.callers);
    await makeTrouble(run, settings);
    await callers.stop();
    const usedUp = await useLimits(run, callers);
    const [end] = await Promise.all([crossMinute(run, callers), useUp(run, callers)]);
    await useLimits(run, callers, usedUp);
    await settled(run);
    return { ...run, ...(await audit({ ...run, end })) };
  } finally {
    await Promise.all((run.gateways ?? []).map(gateway => gateway.kill()));
    run.simulatorProcess?.kill('SIGKILL');
    await Promise.all([store.stop(), redis.stop()]);
  }
}

export function forget({ folder }) {
  rmSync(folder, { recursive: true, force: true });
}

async function startAll(run, settings) {
  const port = String(await freePort());
  const { folder, store, redis } = run;
  run.simulator = `http://127.0.0.1:${port}`;
  run.simulatorProcess = start('simulator', [process.execPath, 'dist/apps/simulator/src/main.js'], {
    folder,
    env: { AI_GATEWAY_SIMULATOR_PORT: port },
  });
  const env = {
    ...store.env,
    ...redis.env,
    AI_GATEWAY_ADMIN_KEY: ADMIN_KEY,
    AI_GATEWAY_SECURITY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    ...vendorsAt(run.simulator),
  };
  run.gateways = await Promise.all(
    SKEWS_MS.slice(0, settings.replicas).map((skewMs, at) =>
      Gateway.make({ name: `gateway-${at}`, folder, env, skewMs }),
    ),
  );
  run.gateways.forEach(gateway => gateway.start());
  await Promise.all(run.gateways.map(gateway => gateway.ready()));
  await admin(run.gateways[0], 'PUT', '/admin/prices', PRICES);
  await Promise.all(run.gateways.map(arePricesKnown));
  run.projects = await createProjects(run.gateways[0], settings);
}

function vendorsAt(simulator) {
  return Object.fromEntries(
    [
      ['OPENAI', '/openai/v1'],
      ['ANTHROPIC', '/anthropic'],
      ['GOOGLE', '/google'],
    ].flatMap(([vendor, path]) => [
      [`AI_GATEWAY_PROVIDERS_${vendor}_BASE_URL`, `${simulator}${path}`],
      [`AI_GATEWAY_PROVIDERS_${vendor}_API_KEY`, 'sim-key'],
    ]),
  );
}

async function arePricesKnown(gateway) {
  await eventually('The prices are in force', async () => {
    const quote = await admin(gateway, 'GET', '/admin/prices/quote?provider=openai&model=gpt-4.1-mini');
    return quote.source === 'own';
  });
}

/** All calls have ended, and all that was written of them is in the store. */
async function settled({ gateways, simulator }) {
  await eventually('All calls are over', async () => {
    const { active } = await (await fetch(`${simulator}/health`)).json();
    return active === 0;
  });
  await eventually('All records are in the store', () =>
    gateways.every(gateway => gateway.waiting().length === 0),
  );
}

async function eventually(what, check) {
  for (const deadline = Date.now() + SETTLE_MS; !(await check()); await delay(100)) {
    if (Date.now() > deadline) {
      throw new Error(`${what}: not within ${SETTLE_MS / 1000} s.`);
    }
  }
}

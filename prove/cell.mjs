// One run: a store, some gateways, many callers, troubles, and in the end the audit.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { randomBytes } from 'node:crypto';
import { start } from '../bench/processes.mjs';
import { freePort } from '../test/support/free-port.ts';
import { ADMIN_KEY, admin, createProject } from './admin.mjs';
import { audit } from './audit.mjs';
import { Callers } from './callers.mjs';
import { Gateway } from './gateway.mjs';
import { PRICES } from './prices.mjs';
import { randomOf } from './random.mjs';
import { startStore } from './stores.mjs';
import { makeTrouble } from './troubles.mjs';
import { useUp } from './use-up.mjs';

const SKEWS_MS = [5000, -5000, 0, 2500];
const SETTLE_MS = 60_000;
/** What a project's calls cost in about so much, in US dollars for a caller and second. */
const COST_USD = 3.5e-5;
/** Enough for many calls, of which each sets at most 0.0018 aside. */
const LEAST_USD = 0.05;

/** Of the projects: one budget is soon used up, one lasts longer, one refuses nothing, and one project has none. */
function budgets({ callers, seconds }) {
  const expected = callers * seconds * COST_USD;
  const upTo = share => ({ limitUsd: Number(Math.max(LEAST_USD, expected * share).toFixed(9)) });
  return { tight: upTo(0.15), wide: upTo(0.7), soft: { limitUsd: 0.01, hard: false }, free: null };
}

/**
 * @param settings `{ store, replicas, seed, seconds, callers, leaves, quiet }`
 * @returns `{ findings, figures, calls, folder, troubles }`, see `audit`; the folder has the logs, and goes when nothing was found
 */
export async function prove(settings) {
  const folder = mkdtempSync(join(tmpdir(), 'prove-money-'));
  const random = randomOf(settings.seed);
  const store = await startStore(settings.store, folder);
  const run = { store, random, folder, troubles: [], children: [] };
  try {
    await startAll(run, settings);
    const callers = new Callers(run, settings.leaves);
    run.calls = callers.calls;
    callers.begin(settings.callers);
    await makeTrouble(run, settings);
    await callers.stop();
    await useUp(run, callers);
    await settled(run);
    const { findings, figures } = await audit(run);
    return { findings, figures, calls: callers.calls, troubles: run.troubles, folder };
  } finally {
    await Promise.all((run.gateways ?? []).map(gateway => gateway.kill()));
    run.simulatorProcess?.kill('SIGKILL');
    await store.stop();
  }
}

export function forget({ folder }) {
  rmSync(folder, { recursive: true, force: true });
}

async function startAll(run, settings) {
  const port = String(await freePort());
  const { folder, store } = run;
  run.simulator = `http://127.0.0.1:${port}`;
  run.simulatorProcess = start('simulator', [process.execPath, 'dist/apps/simulator/src/main.js'], {
    folder,
    env: { AI_GATEWAY_SIMULATOR_PORT: port },
  });
  const env = {
    ...store.env,
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
  run.projects = [];
  for (const [name, budget] of Object.entries(budgets(settings))) {
    run.projects.push(await createProject(run.gateways[0], name, budget));
  }
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

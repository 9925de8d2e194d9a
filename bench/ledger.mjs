// `npm run bench:ledger [-- --slices N --check]`: the CPU time of keeping exact accounts of calls; see README.md.
import { randomUUIDv7 } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { usageRepository } from '../dist/libs/analytics/src/analytics.module.js';
import { Ledger } from '../dist/libs/analytics/src/domain/ledger.js';
import { Metering } from '../dist/libs/analytics/src/domain/metering.js';
import { UsageRecorder } from '../dist/libs/analytics/src/domain/usage.recorder.js';
import { FileUsageSpool } from '../dist/libs/analytics/src/infrastructure/spool/file.usage-spool.js';
import { budgetAccountRepository } from '../dist/libs/budgets/src/budget-storage.module.js';
import { BUDGET_DEFAULTS } from '../dist/libs/budgets/src/domain/budget.entity.js';
import { BudgetLeases } from '../dist/libs/budgets/src/domain/budget-leases.js';
import { Charges } from '../dist/libs/budgets/src/domain/charges.js';
import { Reservations } from '../dist/libs/budgets/src/domain/reservations.js';
import { mostOfGeneration } from '../dist/libs/inference/src/domain/most-use.js';
import { Spending } from '../dist/libs/inference/src/domain/spending.js';
import { PriceBook } from '../dist/libs/providers/src/index.js';
import { openSqlite } from '../dist/libs/shared/src/database/sqlite.js';
import { Clock, createLogger, ProcessId, readConfig } from '../dist/libs/shared/src/index.js';
import { requestBody } from './scenarios.mjs';
import { lowerQuartile } from './statistics.mjs';

/** Microseconds of CPU that ledger and budget may add to a call, what goes to the store behind it apart. */
const BUDGET = 15;
/** In a slice. */
const CALLS = 2000;
const BATCH = 200;
/** Calls under way in one turn of the event loop, as under load. */
const TOGETHER = 8;
const WARM_UP = 8;
const ROUTE = { vendor: { id: 'openai' }, target: { model: 'gpt-4o-mini', traits: {} } };
const SENT_TO = { provider: 'openai', model: 'gpt-4o-mini' };
const USAGE = { inputTokens: 220, cacheReadTokens: 0, outputTokens: 128, reasoningTokens: 0 };

const { values: options } = parseArgs({
  options: { slices: { type: 'string', default: '31' }, check: { type: 'boolean', default: false } },
});
const body = requestBody({ bytes: 1024, model: 'gpt-4o-mini', stream: false });
const fields = JSON.parse(body);
const folder = mkdtempSync(path.join(tmpdir(), 'bench-ledger-'));
const database = openSqlite(path.join(folder, 'gateway.db'));

try {
  process.exitCode = (await report()) && options.check ? 1 : 0;
} finally {
  await database.close();
  rmSync(folder, { recursive: true });
}

/** @returns whether it is over its budget */
async function report() {
  const gateway = await parts();
  const budgets = [budget({}), budget({ period: 'day' }), budget({ each: ['endUser'] })];
  const lanes = {
    'no ledger, no budget': gateway.lane(gateway.none, []),
    ledger: gateway.lane(gateway.recorder, []),
    'ledger and a budget': gateway.lane(gateway.recorder, budgets.slice(0, 1)),
    'ledger and three budgets': gateway.lane(gateway.recorder, budgets),
    'to the store, behind calls': gateway.ship,
  };
  const micros = await measure(Object.values(lanes));
  const [least, , one] = micros;
  Object.keys(lanes).forEach((name, at) => {
    const added = at < 4 ? `${(micros[at] - least).toFixed(2).padStart(7)} added` : '';
    const verdict = at === 2 ? (one - least > BUDGET ? `, OVER ${BUDGET}` : `, held ${BUDGET}`) : '';
    console.log(`${name.padEnd(28)} ${micros[at].toFixed(2).padStart(7)} µs ${added}${verdict}`);
  });
  return one - least > BUDGET;
}

/** The gateway's own, put together as it has them, with SQLite. What goes to the store is measured apart. */
async function parts() {
  const prices = new PriceBook(readConfig({ AI_GATEWAY_SIMULATOR: 'off' }));
  const logger = createLogger('silent');
  const run = new ProcessId();
  const accounts = await budgetAccountRepository.useFactory(database);
  const records = await usageRepository.useFactory(database);
  const spool = new FileUsageSpool(path.join(folder, 'spool'), logger, {
    limit: 2 ** 30,
    durability: 'process',
    process: run.id,
  });
  const leases = new BudgetLeases(accounts, run, new Clock());
  const charges = new Charges(accounts, { get: async () => [] }, logger);
  const done = Promise.resolve();
  const kept = [];
  const keeping = { begin: () => done, record: usage => (kept.push({ usage, decision: null }), done) };
  let seq = 0;
  return {
    none: { begin: () => done, record: () => done },
    recorder: new UsageRecorder({ write: async () => {}, release: async () => {} }, spool, logger),
    lane: (recorder, budgets) => {
      const spending = new Spending(new Reservations({ peek: () => budgets }, leases), prices);
      const metering = new Metering(prices, recorder);
      return () => calls(metering, spending);
    },
    ship: async () => {
      const ledger = new Ledger(records, {}, charges);
      await calls(new Metering(prices, keeping), { isFree: () => true });
      const before = cpuMicros();
      for (const batch of Array.from({ length: CALLS / BATCH }, () => kept.splice(0, BATCH))) {
        await ledger.write({ spool: run.id, seq: (seq += 1) }, batch);
      }
      return cpuMicros() - before;
    },
  };
}

/** @returns microseconds of CPU that so many calls took */
async function calls(metering, spending) {
  const before = cpuMicros();
  for (let call = 0; call < CALLS; call += TOGETHER) {
    await Promise.all(Array.from({ length: TOGETHER }, () => oneCall(metering, spending)));
  }
  return cpuMicros() - before;
}

/** What the road of a chat call does for its accounts. */
async function oneCall(metering, spending) {
  const call = {
    id: randomUUIDv7(),
    projectId: 'project',
    keyId: 'key',
    tokens: null,
    routing: null,
    receivedAt: Date.now(),
    startedAt: performance.now(),
  };
  const meter = metering.open(call, '/v1/chat/completions');
  meter.modelAsked = ROUTE.target.model;
  meter.modelSent = ROUTE.target.model;
  meter.provider = ROUTE.vendor.id;
  if (!spending.isFree(call)) {
    const use = () => mostOfGeneration({ json: fields, bytes: body.length });
    await spending.reserve({ call, meter, route: ROUTE, fields, use });
  }
  await meter.begin(SENT_TO);
  meter.attempts = 1;
  meter.usage = { ...USAGE };
  meter.finish = 'stop';
  meter.upstreamId = `chatcmpl-${Math.random().toString(36).slice(2)}`;
  meter.modelUsed = ROUTE.target.model;
  meter.totalNanoUsd();
  await meter.close({ status: 200, outcome: 'completed' });
}

function budget(wishes) {
  return {
    ...BUDGET_DEFAULTS,
    id: randomUUIDv7(),
    projectId: 'project',
    name: 'bench',
    limitUsd: 1_000_000,
    period: 'month',
    version: 1,
    ...wishes,
  };
}

/** Lower quartiles in µs a call, of slices that take turns: what disturbs a slice only makes it longer. */
async function measure(lanes) {
  const slices = lanes.map(() => []);
  for (let slice = 0; slice < Number(options.slices) + WARM_UP; slice++) {
    for (const [at, lane] of lanes.entries()) {
      const micros = (await lane()) / CALLS;
      if (slice >= WARM_UP) {
        slices[at].push(micros);
      }
    }
  }
  return slices.map(lowerQuartile);
}

function cpuMicros() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

// `npm run bench:analytics [-- --records N --check]`: how long questions about usage take; see README.md.
import { randomUUIDv7 } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import {
  rollupRepository,
  usageDayRepository,
  usageRepository,
} from '../dist/libs/analytics/src/analytics.module.js';
import { AnomalyWatch } from '../dist/libs/analytics/src/domain/forecast/anomalies.service.js';
import { Forecasts } from '../dist/libs/analytics/src/domain/forecast/forecasts.service.js';
import { RollupReader } from '../dist/libs/analytics/src/domain/rollups/rollup-reader.js';
import { UsageSummaries } from '../dist/libs/analytics/src/domain/rollups/usage-summaries.service.js';
import { openDatabase } from '../dist/libs/shared/src/database/open-database.js';
import { Clock, createLogger, readConfig } from '../dist/libs/shared/src/index.js';
import { aUsageRecord } from '../test/support/usage-record.ts';
import { median } from './statistics.mjs';

/** Milliseconds that an answer may take. */
const BUDGET = 50;
const HOUR_MS = 3_600_000;
const HOURS_OF_DAY = 24;
const DAY_MS = HOURS_OF_DAY * HOUR_MS;
const DAYS = 90;
/** Records of one transaction. */
const BATCH = 5000;
const ROUNDS = 15;
const TURN_MS = 5;
const NS_PER_MS = 1e6;

const PROJECTS = 20;
const KEYS = 5;
const MODELS = [
  ['openai', 'gpt-5-mini'],
  ['openai', 'gpt-5'],
  ['openai', 'gpt-4o-mini'],
  ['anthropic', 'claude-sonnet-4-5'],
  ['anthropic', 'claude-haiku-4-5'],
  ['google', 'gemini-2.5-flash'],
  ['google', 'gemini-2.5-pro'],
  ['groq', 'llama-3.3-70b-versatile'],
];
const ENDPOINTS = ['/v1/chat/completions', '/v1/chat/completions', '/v1/responses', '/v1/messages'];

const { values: options } = parseArgs({
  options: {
    records: { type: 'string', default: '10000000' },
    check: { type: 'boolean', default: false },
  },
});
const folder = mkdtempSync(path.join(tmpdir(), 'bench-analytics-'));
const { store } = readConfig({
  AI_GATEWAY_DATABASE_URL: `sqlite:${path.join(folder, 'gateway.db')}`,
  AI_GATEWAY_SIMULATOR: 'off',
  ...process.env,
});
const database = await openDatabase(store, createLogger('silent'));

try {
  process.exitCode = (await report()) && options.check ? 1 : 0;
} finally {
  await database.close();
  rmSync(folder, { recursive: true });
}

/** @returns whether an answer takes too long */
async function report() {
  const usage = await usageRepository.useFactory(database);
  const rollups = await rollupRepository.useFactory(database);
  const days = await usageDayRepository.useFactory(database);
  const end = Date.now();
  await fill(usage, end);
  await tidy(rollups, days, end);
  const reader = new RollupReader(rollups, days);
  let isOver = false;
  for (const [name, ask] of Object.entries(questions({ usage, reader, end }))) {
    const { ms, blockedMs } = await measure(ask);
    isOver ||= ms > BUDGET;
    const verdict = ms > BUDGET ? `OVER ${BUDGET}` : `held ${BUDGET}`;
    const blocked = `${blockedMs.toFixed(0).padStart(5)} ms the longest turn`;
    console.log(`${name.padEnd(48)} ${ms.toFixed(1).padStart(7)} ms, ${blocked}, ${verdict}`);
  }
  return isOver;
}

/** Calls of ninety days until now; a key has its two models and endpoints, and some keys have much more to say than others. */
async function fill(usage, end) {
  const records = Number(options.records);
  const begin = end - DAYS * DAY_MS;
  const since = performance.now();
  for (let at = 0; at < records; at += BATCH) {
    const size = Math.min(BATCH, records - at);
    const batch = Array.from({ length: size }, (_, more) =>
      aRecord(at + more, begin + Math.floor(((at + more) / records) * (end - begin))),
    );
    await usage.insertMany(batch, { spool: 'bench', seq: at / BATCH + 1 });
  }
  const seconds = (performance.now() - since) / 1000;
  console.log(`${records} records of ${DAYS} days in ${seconds.toFixed(0)} s`);
}

/** As reconciliation leaves what is over. */
async function tidy(rollups, days, end) {
  const now = Math.floor(end / HOUR_MS);
  const since = performance.now();
  for (let hour = now - DAYS * HOURS_OF_DAY; hour < now; hour++) {
    await rollups.pack(hour);
  }
  const packMs = (performance.now() - since) / DAYS / HOURS_OF_DAY;
  const sinceFold = performance.now();
  const today = Math.floor(end / DAY_MS);
  for (let day = today - DAYS; day < today; day++) {
    await days.fold(day);
  }
  const foldMs = (performance.now() - sinceFold) / DAYS;
  console.log(`an hour packed in ${packMs.toFixed(0)} ms, a day folded in ${foldMs.toFixed(0)} ms\n`);
}

function aRecord(number, receivedAt) {
  const project = Math.floor(PROJECTS * Math.random() ** 2);
  const key = Math.floor(KEYS * Math.random() ** 2);
  const chosen = project + key + Math.floor(2 * Math.random());
  const [provider, model] = MODELS[chosen % MODELS.length];
  const stream = number % 2 === 0;
  const latencyMs = Math.round(200 * Math.exp(2.5 * Math.random()));
  const hasFailed = number % 97 === 0;
  return aUsageRecord({
    id: randomUUIDv7(),
    projectId: `project-${project}`,
    keyId: `key-${project}-${key}`,
    endpoint: ENDPOINTS[chosen % ENDPOINTS.length],
    provider,
    modelAsked: model,
    modelUsed: model,
    modelSent: null,
    upstreamId: `chatcmpl-${number}`,
    stream,
    ...(hasFailed && { outcome: 'failed', status: 503, finish: null, errorCode: 'overloaded' }),
    costNanoUsd: 1_000_000 + (number % 1000) * 1000,
    latencyMs,
    firstTokenMs: stream ? Math.round(latencyMs / 4) : null,
    receivedAt,
  });
}

function questions({ usage, reader, end }) {
  const clock = new Clock();
  const summaries = new UsageSummaries(reader, clock);
  const month = { from: end - 30 * DAY_MS, to: end, by: [] };
  const quarter = { ...month, from: end - DAYS * DAY_MS };
  const day = { ...month, from: end - DAY_MS };
  const project = { ...month, projectId: 'project-3' };
  const top = { groups: 10, of: 'cost' };
  return {
    'spend of 24 hours, by hours': () => summaries.of({ ...day, interval: 'hour' }),
    'spend of 24 hours, by hours and models': () => summaries.of({ ...day, interval: 'hour', by: ['model'] }),
    'spend of 30 days, by days': () => summaries.of({ ...month, interval: 'day' }),
    'spend of 30 days, by days and models': () => summaries.of({ ...month, interval: 'day', by: ['model'] }),
    'spend of 30 days, by projects and models': () =>
      summaries.of({ ...month, interval: 'total', by: ['projectId', 'model'] }),
    'spend of 30 days, the 10 dearest keys': () =>
      summaries.of({ ...month, interval: 'total', by: ['keyId'], top }),
    'spend of 90 days, by months and vendors': () =>
      summaries.of({ ...quarter, interval: 'month', by: ['provider'] }),
    'spend of 30 days of one project, by days and keys': () =>
      summaries.of({ ...project, interval: 'day', by: ['keyId'] }),
    'latency of 24 hours, by hours': () => summaries.latencies({ ...day, interval: 'hour' }),
    'latency of 30 days': () => summaries.latencies({ ...month, interval: 'total' }),
    'latency of 30 days, by models': () =>
      summaries.latencies({ ...month, interval: 'total', by: ['model'] }),
    'latency of 30 days of one project, by days': () => summaries.latencies({ ...project, interval: 'day' }),
    'forecast, of each project': () => new Forecasts(reader, clock).of({ perProject: true }),
    'what is unusual in 24 hours': () => new AnomalyWatch(reader, clock).of({ perProject: false }),
    'the last 100 calls of a project': () => usage.page({ projectId: 'project-3' }, null, 100),
  };
}

/** @returns the median of its answers, the first one left out, and the longest that anything else had to wait meanwhile */
async function measure(ask) {
  await ask();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const times = [];
  for (let round = 0; round < ROUNDS; round++) {
    const since = performance.now();
    await ask();
    times.push(performance.now() - since);
    await pause(TURN_MS); // else no turn ends, and none is measured
  }
  delay.disable();
  return { ms: median(times), blockedMs: delay.max / NS_PER_MS };
}

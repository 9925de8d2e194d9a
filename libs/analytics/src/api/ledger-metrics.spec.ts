import { createLogger, type Database, Metrics, readConfig } from '@app/shared';
import { openInMemory } from '../../../../test/support/databases.js';
import { ExchangeableDecisions, ExchangeableStore } from '../../../../test/support/exchangeable-stores.js';
import { openLedger } from '../../../../test/support/open-ledger.js';
import { TestSpools } from '../../../../test/support/spools.js';
import { aUsageRecord } from '../../../../test/support/usage-record.js';
import { usageRepository } from '../analytics.module.js';
import { decisionRepository } from '../decisions.module.js';
import { UsageRecorder } from '../domain/usage.recorder.js';
import { LedgerMetrics } from './ledger-metrics.js';

const LIMIT = 3000;
const CONFIG = Object.assign(readConfig({}), { spoolLimitBytes: LIMIT });

let database: Database;
let spools: TestSpools;
let recorder: UsageRecorder;
let metrics: Metrics;

beforeEach(async () => {
  database = openInMemory();
  spools = new TestSpools();
  const logger = createLogger('silent');
  const store = new ExchangeableStore(await usageRepository.useFactory(database));
  const decisions = new ExchangeableDecisions(await decisionRepository.useFactory(database));
  const ledger = await openLedger(store, decisions);
  recorder = new UsageRecorder(ledger, spools.open({ logger, limit: LIMIT }), logger);
  metrics = new Metrics();
  new LedgerMetrics(metrics, recorder, { differences: 2 } as never, CONFIG).onModuleInit();
});
afterEach(async () => {
  await database.close();
  spools.remove();
});

async function read(): Promise<Record<string, number>> {
  const lines = (await metrics.text()).split('\n').filter(line => line.startsWith('llmhub_'));
  return Object.fromEntries(lines.map(line => [line.split(' ')[0] ?? '', Number(line.split(' ')[1])]));
}

it('tell that nothing waits', async () => {
  await recorder.record(aUsageRecord());
  await recorder.flush();

  expect(await read()).toEqual({
    llmhub_usage_spool_bytes: 0,
    llmhub_usage_spool_limit_bytes: LIMIT,
    llmhub_usage_batches: 0,
    llmhub_usage_unsafe_calls: 0,
    llmhub_usage_lost_calls_total: 0,
    llmhub_usage_rollup_differences_total: 2,
    llmhub_voice_answers_total: 0,
    llmhub_voice_first_sound_seconds_total: 0,
    llmhub_voice_barge_ins_total: 0,
    llmhub_voice_barge_in_seconds_total: 0,
    llmhub_voice_frames_total: 0,
    llmhub_voice_held_seconds_total: 0,
    llmhub_voice_paused_seconds_total: 0,
  });
});

it('add up realtime sessions', async () => {
  const relay = { frames: 1000, meanUs: 50, p99Us: 90, pausedMs: 250 };
  for (const voice of [
    { firstSoundMs: 400, bargeInMs: null, relay: null },
    { firstSoundMs: 600, bargeInMs: 500, relay: null },
    { firstSoundMs: null, bargeInMs: 0, relay: null },
    { firstSoundMs: null, bargeInMs: null, relay },
    null,
  ]) {
    await recorder.record(aUsageRecord({ voice }));
  }

  expect(await read()).toMatchObject({
    llmhub_voice_answers_total: 2,
    llmhub_voice_first_sound_seconds_total: 1,
    llmhub_voice_barge_ins_total: 2,
    llmhub_voice_barge_in_seconds_total: 0.5,
    llmhub_voice_frames_total: 1000,
    llmhub_voice_held_seconds_total: 0.05,
    llmhub_voice_paused_seconds_total: 0.25,
  });
});

it('tell what waits while the store is down, and that the spool is full', async () => {
  await database.close();
  for (let call = 0; call < 10; call++) {
    await recorder.record(aUsageRecord());
  }
  await recorder.flush();
  const told = await read();

  expect(told['llmhub_usage_batches']).toBe(1);
  expect(told['llmhub_usage_spool_bytes']).toBeGreaterThan(LIMIT / 2);
  expect(told['llmhub_usage_spool_bytes']).toBeLessThanOrEqual(LIMIT);
  expect(told['llmhub_usage_unsafe_calls']).toBeGreaterThan(0);
  expect(told['llmhub_usage_unsafe_calls']).toBeLessThan(10);
});

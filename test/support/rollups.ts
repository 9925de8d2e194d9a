import type { UsageRecord } from '@app/analytics';
import type { Database } from '@app/shared';
import {
  correctionRepository,
  rollupRepository,
  usageDayRepository,
  usageRepository,
} from '../../libs/analytics/src/analytics.module.js';
import type { CorrectionRepository } from '../../libs/analytics/src/domain/corrections/correction.repository.js';
import type { UsageCorrection } from '../../libs/analytics/src/domain/corrections/usage-correction.entity.js';
import { type CallTimes, TimeSketches } from '../../libs/analytics/src/domain/rollups/call-times.js';
import {
  type BucketOf,
  DIMENSIONS,
  type RollupRepository,
} from '../../libs/analytics/src/domain/rollups/rollup.repository.js';
import { RollupReader } from '../../libs/analytics/src/domain/rollups/rollup-reader.js';
import type { UsageDayRepository } from '../../libs/analytics/src/domain/rollups/usage-day.repository.js';
import type { UsageRepository } from '../../libs/analytics/src/domain/usage.repository.js';
import { usageHourSchema } from '../../libs/analytics/src/infrastructure/usage-hour.schema.js';

const HOUR_MS = 3_600_000;
const PAGE = 200;

/** Records, corrections and rollups of one store. */
export interface Rollups {
  readonly usage: UsageRepository;
  readonly corrections: CorrectionRepository;
  readonly rollups: RollupRepository;
  readonly days: UsageDayRepository;
  /** What is read of both. */
  readonly reader: RollupReader;
}

export async function openRollups(database: Database): Promise<Rollups> {
  const usage = await usageRepository.useFactory(database);
  const corrections = await correctionRepository.useFactory(database);
  const rollups = await rollupRepository.useFactory(database);
  const days = await usageDayRepository.useFactory(database);
  return { usage, corrections, rollups, days, reader: new RollupReader(rollups, days) };
}

/** What every rollup says, as lines that compare. */
export async function toldBy({ rollups }: Rollups): Promise<string[]> {
  const all = { from: 0, to: 1_000_000 };
  const grouping = { interval: 'hour', by: DIMENSIONS } as const;
  const told = await rollups.sums(all, grouping, 10_000);
  const times = new Map(
    (await rollups.times(all, grouping)).map(({ times: own, ...of }) => [keyOf(of), own]),
  );
  const lines = told.map(({ start, ...sums }) => {
    const own = times.get(keyOf({ start, ...sums })) ?? new TimeSketches().toJSON();
    return lineOf({ hour: start, ...sums, ...shownTimes(own) });
  });
  return lines.toSorted();
}

function keyOf(of: Partial<BucketOf>): string {
  return JSON.stringify([of.start, ...DIMENSIONS.map(name => of[name])]);
}

function shownTimes(times: CallTimes): Record<string, string> {
  return Object.fromEntries(Object.entries(times).map(([time, counts]) => [time, JSON.stringify(counts)]));
}

/** What the rollups should say, added up without them. */
export async function ledgerOf({ usage, corrections }: Rollups): Promise<string[]> {
  const sums = new Map<string, Record<string, unknown>>();
  for (let page = await usage.page({}, null, PAGE); page.length > 0;) {
    const chains = await corrections.findOf(page.map(({ id }) => id));
    page.forEach(record =>
      add(
        sums,
        record,
        chains.filter(({ usageId }) => usageId === record.id),
      ),
    );
    page = await usage.page({}, page.at(-1) ?? null, PAGE);
  }
  return [...sums.values()]
    .map(({ times, ...rest }) => lineOf({ ...rest, ...shownTimes((times as TimeSketches).toJSON()) }))
    .toSorted();
}

/** Makes the distributions of every rollup lie, and its sums not. */
export async function spoilTimes(database: Database): Promise<void> {
  if (database.kind === 'sql') {
    await database.sql
      .updateTable('usage_hour_times')
      .set({ bucket: 7 })
      .where('time', '=', 'latencyMs')
      .execute();
    return;
  }
  const { collection } = await database.model(usageHourSchema);
  await collection.updateMany({}, { $set: { 'times.latencyMs': { 7: 1 } } });
}

/** The same of those that are packed. */
export async function spoilPacked(database: Database): Promise<void> {
  const packed = { latencyMs: 'BwE=', firstTokenMs: '' };
  if (database.kind === 'sql') {
    const times = JSON.stringify(packed);
    await database.sql.updateTable('usage_hours').set({ times }).where('times', 'is not', null).execute();
    return;
  }
  const { collection } = await database.model(usageHourSchema);
  await collection.updateMany({ packed: { $exists: true } }, { $set: { packed } });
}

/** As an earlier release leaves them. */
export async function forgetTimes(database: Database): Promise<void> {
  if (database.kind === 'sql') {
    await database.sql.deleteFrom('usage_hour_times').execute();
    return;
  }
  const { collection } = await database.model(usageHourSchema);
  await collection.updateMany({}, { $unset: { times: '' } });
}

/** Makes every rollup lie. */
export async function spoil(database: Database, change: { readonly calls: number } | null): Promise<void> {
  if (database.kind === 'sql') {
    await (change
      ? database.sql.updateTable('usage_hours').set(change).execute()
      : database.sql.deleteFrom('usage_hours').execute());
    return;
  }
  const { collection } = await database.model(usageHourSchema);
  await (change ? collection.updateMany({}, { $set: change }) : collection.deleteMany({}));
}

function add(
  sums: Map<string, Record<string, unknown>>,
  record: UsageRecord,
  chain: readonly UsageCorrection[],
): void {
  const { projectId, keyId, endpoint, provider, modelUsed: model, outcome, costNanoUsd } = record;
  const of = { hour: Math.floor(record.receivedAt / HOUR_MS), projectId, keyId, endpoint, provider, model };
  const before = sums.get(JSON.stringify(of)) ?? {};
  const plus = (name: string, value: number) => ({ [name]: Number(before[name] ?? 0) + value });
  const money = (name: string, value: number) => ({
    [name]: BigInt(String(before[name] ?? 0)) + BigInt(value),
  });
  const times = (before['times'] as TimeSketches | undefined) ?? new TimeSketches();
  if (outcome !== 'unsettled' && !record.voice?.relay) {
    times.add('latencyMs', record.latencyMs, 1);
  }
  if (record.firstTokenMs !== null) {
    times.add('firstTokenMs', record.firstTokenMs, 1);
  }
  sums.set(JSON.stringify(of), {
    ...of,
    times,
    ...plus('calls', 1),
    ...plus('failedCalls', ['failed', 'cut'].includes(outcome) ? 1 : 0),
    ...plus('unsettledCalls', outcome === 'unsettled' ? 1 : 0),
    ...plus('unpricedCalls', costNanoUsd === null ? 1 : 0),
    ...plus('estimatedCalls', record.estimated ? 1 : 0),
    ...plus('inputTokens', record.inputTokens),
    ...plus('cacheReadTokens', record.cacheReadTokens),
    ...plus('cacheWriteTokens', record.cacheWriteTokens),
    ...plus('outputTokens', record.outputTokens),
    ...plus('reasoningTokens', record.reasoningTokens),
    ...plus('audioMs', record.audioMs ?? 0),
    ...money('costNanoUsd', costNanoUsd ?? 0),
    ...money('savedNanoUsd', record.savedNanoUsd),
    ...money(
      'correctedNanoUsd',
      chain.reduce((sum, { differenceNanoUsd }) => sum + differenceNanoUsd, 0),
    ),
  });
}

function lineOf(sums: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(sums).map(([name, value]) => `${name}=${String(value)}`);
  return parts.toSorted().join(' ');
}

import type { UsageRecord } from '@app/analytics';
import type { Database } from '@app/shared';
import {
  correctionRepository,
  labelRollupRepository,
  rollupRepository,
  usageDayRepository,
  usageRepository,
} from '../../libs/analytics/src/analytics.module.js';
import type { CorrectionRepository } from '../../libs/analytics/src/domain/corrections/correction.repository.js';
import type { UsageCorrection } from '../../libs/analytics/src/domain/corrections/usage-correction.entity.js';
import { type CallTimes, TimeSketches } from '../../libs/analytics/src/domain/rollups/call-times.js';
import type { LabelRollupRepository } from '../../libs/analytics/src/domain/rollups/label-rollup.repository.js';
import {
  type BucketOf,
  type Dimension,
  DIMENSIONS,
  type Label,
  LABELS,
  type RollupRepository,
} from '../../libs/analytics/src/domain/rollups/rollup.repository.js';
import { RollupReader } from '../../libs/analytics/src/domain/rollups/rollup-reader.js';
import type { UsageDayRepository } from '../../libs/analytics/src/domain/rollups/usage-day.repository.js';
import type { UsageRepository } from '../../libs/analytics/src/domain/usage.repository.js';
import {
  labelHourSchema,
  type UsageHourDocument,
  usageHourSchema,
} from '../../libs/analytics/src/infrastructure/usage-hour.schema.js';

const HOUR_MS = 3_600_000;
const PAGE = 200;

/** Records, corrections and rollups of one store. */
export interface Rollups {
  readonly usage: UsageRepository;
  readonly corrections: CorrectionRepository;
  readonly rollups: RollupRepository;
  readonly days: UsageDayRepository;
  readonly labels: LabelRollupRepository;
  /** What is read of all. */
  readonly reader: RollupReader;
}

export async function openRollups(database: Database): Promise<Rollups> {
  const usage = await usageRepository.useFactory(database);
  const corrections = await correctionRepository.useFactory(database);
  const rollups = await rollupRepository.useFactory(database);
  const days = await usageDayRepository.useFactory(database);
  const labels = await labelRollupRepository.useFactory(database);
  const reader = new RollupReader(rollups, days, labels);
  return { usage, corrections, rollups, days, labels, reader };
}

/** What every rollup says, also those by label, as lines that compare. */
export async function toldBy({ rollups, labels }: Rollups): Promise<string[]> {
  const lines = await linesOf(rollups, DIMENSIONS, {});
  for (const label of LABELS) {
    lines.push(...(await linesOf(labels, [...DIMENSIONS, label], { label })));
  }
  return lines.toSorted();
}

/** All rollups say what the ledger says. @param rollups how many there are */
export async function expectSameAsLedger(ledger: Rollups, rollups: number): Promise<void> {
  const told = await toldBy(ledger);
  expect(told).toEqual(await ledgerOf(ledger));
  expect(told).toHaveLength(rollups);
}

async function linesOf(
  rollups: Pick<RollupRepository, 'sums' | 'times'>,
  by: readonly Dimension[],
  which: { readonly label?: Label },
): Promise<string[]> {
  const all = { from: 0, to: 1_000_000, ...which };
  const grouping = { interval: 'hour', by } as const;
  const told = await rollups.sums(all, grouping, 10_000);
  const times = new Map(
    (await rollups.times(all, grouping)).map(({ times: own, ...of }) => [keyOf(of), own]),
  );
  return told.map(({ start, ...sums }) => {
    const own = times.get(keyOf({ start, ...sums })) ?? new TimeSketches().toJSON();
    return lineOf({ hour: start, ...sums, ...shownTimes(own) });
  });
}

function keyOf(of: Partial<BucketOf>): string {
  return JSON.stringify([of.start, ...[...DIMENSIONS, ...LABELS].map(name => of[name])]);
}

function shownTimes(times: CallTimes): Record<string, string> {
  return Object.fromEntries(Object.entries(times).map(([time, counts]) => [time, JSON.stringify(counts)]));
}

/** What the rollups should say, added up without them. */
export async function ledgerOf({ usage, corrections }: Rollups): Promise<string[]> {
  const sums = new Map<string, Record<string, unknown>>();
  for (let page = await usage.page({}, null, PAGE); page.length > 0;) {
    const chains = await corrections.findOf(page.map(({ id }) => id));
    for (const record of page) {
      const chain = chains.filter(({ usageId }) => usageId === record.id);
      const { endUser, tags } = record;
      const labels = [...(endUser === null ? [] : [{ endUser }]), ...tags.map(tag => ({ tag }))];
      [{}, ...labels].forEach(label => add(sums, { record, label }, chain));
    }
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
    for (const table of ['usage_hours', 'usage_label_hours']) {
      await (change
        ? database.sql.updateTable(table).set(change).execute()
        : database.sql.deleteFrom(table).execute());
    }
    return;
  }
  for (const schema of [usageHourSchema, labelHourSchema]) {
    const { collection } = await database.model<UsageHourDocument>(schema);
    await (change ? collection.updateMany({}, { $set: change }) : collection.deleteMany({}));
  }
}

function add(
  sums: Map<string, Record<string, unknown>>,
  { record, label }: { readonly record: UsageRecord; readonly label: object },
  chain: readonly UsageCorrection[],
): void {
  const { projectId, keyId, endpoint, provider, modelUsed: model, outcome, costNanoUsd } = record;
  const hour = Math.floor(record.receivedAt / HOUR_MS);
  const of = { hour, projectId, keyId, endpoint, provider, model, ...label };
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

import type { UsageRecord } from '@app/analytics';
import type { Database } from '@app/shared';
import {
  correctionRepository,
  rollupRepository,
  usageRepository,
} from '../../libs/analytics/src/analytics.module.js';
import type { CorrectionRepository } from '../../libs/analytics/src/domain/corrections/correction.repository.js';
import type { UsageCorrection } from '../../libs/analytics/src/domain/corrections/usage-correction.entity.js';
import {
  DIMENSIONS,
  type RollupRepository,
} from '../../libs/analytics/src/domain/rollups/rollup.repository.js';
import type { UsageRepository } from '../../libs/analytics/src/domain/usage.repository.js';
import { usageHourSchema } from '../../libs/analytics/src/infrastructure/usage-hour.schema.js';

const HOUR_MS = 3_600_000;
const PAGE = 200;

/** Records, corrections and rollups of one store. */
export interface Rollups {
  readonly usage: UsageRepository;
  readonly corrections: CorrectionRepository;
  readonly rollups: RollupRepository;
}

export async function openRollups(database: Database): Promise<Rollups> {
  return {
    usage: await usageRepository.useFactory(database),
    corrections: await correctionRepository.useFactory(database),
    rollups: await rollupRepository.useFactory(database),
  };
}

/** What every rollup says, as lines that compare. */
export async function toldBy({ rollups }: Rollups): Promise<string[]> {
  const told = await rollups.sums(
    { from: 0, to: 1_000_000 },
    { interval: 'hour', by: [...DIMENSIONS] },
    10_000,
  );
  return told.map(({ start, ...sums }) => lineOf({ hour: start, ...sums })).toSorted();
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
  return [...sums.values()].map(lineOf).toSorted();
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
  sums.set(JSON.stringify(of), {
    ...of,
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

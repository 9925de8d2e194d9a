import type { Sql } from '@app/shared';
import { type Time, TIMES } from '../domain/rollups/call-times.js';
import type { Label } from '../domain/rollups/rollup.repository.js';
import {
  added,
  HOUR_MS,
  type HourOf,
  type HourPart,
  NOTHING,
  type UsageHour,
} from '../domain/rollups/usage-hour.js';
import { amountSum, sumsIn } from './usage-sums.js';

/** So much is added up at once: the embedded store answers synchronously. */
const SLICE_MS = 300_000;
const GROUP = ['projectId', 'keyId', 'endpoint', 'provider', 'modelUsed'] as const;

type LedgerRow = Readonly<Record<string, unknown>>;

/** What the records of an hour and their corrections add up to, sorted by id: all of them, or by label those that have it. */
export async function ledgerOf(sql: Sql, hour: number, label: Label | null): Promise<UsageHour[]> {
  const parts: HourPart[] = [];
  const start = hour * HOUR_MS;
  for (let from = start; from < start + HOUR_MS; from += SLICE_MS) {
    const slice = { from, to: from + SLICE_MS, label };
    for (const row of [...(await recordSums(sql, slice)), ...(await correctionSums(sql, slice))]) {
      parts.push({ of: ofRow(row, hour), sums: sumsIn(row) });
    }
    for (const time of TIMES) {
      for (const row of await timed(sql, time, slice)) {
        const [ms, calls] = [Number(row['ms']), Number(row['calls'])];
        parts.push({ of: ofRow(row, hour), sums: NOTHING, addTimes: times => times.add(time, ms, calls) });
      }
    }
    await new Promise(resolve => setImmediate(resolve));
  }
  return added(parts);
}

interface Slice {
  readonly from: number;
  readonly to: number;
  readonly label: Label | null;
}

/** One row of each record, or of each of its tags. */
function recordsIn(sql: Sql, { from, to, label }: Slice) {
  return sql
    .selectFrom('usage')
    .$if(label === 'tag', query => query.innerJoin('usage_tags', 'usage_tags.usageId', 'usage.id'))
    .$if(label === 'endUser', query => query.where('endUser', 'is not', null))
    .where('usage.receivedAt', '>=', from)
    .where('usage.receivedAt', '<', to);
}

function groupBy({ label }: Slice): string[] {
  return [...GROUP.map(column => `usage.${column}`), ...(label === null ? [] : [label])];
}

function recordSums(sql: Sql, slice: Slice): Promise<LedgerRow[]> {
  const group = groupBy(slice);
  return recordsIn(sql, slice)
    .groupBy(group)
    .select(group)
    .select(eb => {
      const one = eb.lit(1);
      const none = eb.lit(0);
      const sum = (name: string) => eb.fn.sum(name);
      return [
        eb.fn.countAll().as('calls'),
        eb.fn
          .sum(eb.case().when('outcome', 'in', ['failed', 'cut']).then(one).else(none).end())
          .as('failedCalls'),
        eb.fn
          .sum(eb.case().when('outcome', '=', 'unsettled').then(one).else(none).end())
          .as('unsettledCalls'),
        eb.fn.sum(eb.case().when('costNanoUsd', 'is', null).then(one).else(none).end()).as('unpricedCalls'),
        sum('estimated').as('estimatedCalls'),
        sum('inputTokens').as('inputTokens'),
        sum('cacheReadTokens').as('cacheReadTokens'),
        sum('cacheWriteTokens').as('cacheWriteTokens'),
        sum('outputTokens').as('outputTokens'),
        sum('reasoningTokens').as('reasoningTokens'),
        sum('audioMs').as('audioMs'),
        ...amountSum(eb, 'costNanoUsd'),
        ...amountSum(eb, 'savedNanoUsd'),
      ];
    })
    .execute();
}

function correctionSums(sql: Sql, slice: Slice): Promise<LedgerRow[]> {
  const group = groupBy(slice);
  return recordsIn(sql, slice)
    .innerJoin('usage_corrections', 'usage_corrections.usageId', 'usage.id')
    .groupBy(group)
    .select(group)
    .select(eb => amountSum(eb, 'usage_corrections.differenceNanoUsd', 'correctedNanoUsd'))
    .execute();
}

/** How many calls took each number of ms; which bucket that is, only one place knows. */
function timed(sql: Sql, time: Time, slice: Slice): Promise<LedgerRow[]> {
  const group = groupBy(slice);
  let query = recordsIn(sql, slice).where(time, 'is not', null);
  if (time === 'latencyMs') {
    query = query
      .where('outcome', '!=', 'unsettled')
      .where(({ eb, or }) => or([eb('voice', 'is', null), eb('voice', 'not like', '%"relay":{%')]));
  }
  return query
    .groupBy([...group, time])
    .select([...group, `${time} as ms`])
    .select(eb => eb.fn.countAll().as('calls'))
    .execute();
}

function ofRow(row: LedgerRow, hour: number): HourOf {
  const { projectId, keyId, endpoint, provider, modelUsed: model, endUser, tag } = row;
  return { hour, projectId, keyId, endpoint, provider, model, endUser, tag } as HourOf;
}

import { momentOf, usdOf } from '@app/shared';
import type { BucketOf, Dimension, UsageBucket } from '../domain/rollups/rollup.repository.js';
import { spentOn } from '../domain/rollups/usage-hour.js';
import type { LatencyBucket, Summary, SummaryOrder } from '../domain/rollups/usage-summaries.service.js';
import { SAVINGS, SPEND } from './analytics.dto.js';
import type { Consumption, Savings, SavingsBucket, Spend } from './analytics.dto.js';
import type { AdminLatencies, AdminUsageBucket, AdminUsageSummary } from './usage-summary.dto.js';
import type { AdminLatencyQuery, AdminSummaryQuery, Group } from './usage-summary.query.dto.js';

const DIMENSION: Readonly<Record<Group, Dimension>> = {
  project: 'projectId',
  key: 'keyId',
  endpoint: 'endpoint',
  provider: 'provider',
  model: 'model',
  endUser: 'endUser',
  tag: 'tag',
};

/** What a query asks for; of all projects, unless the caller knows better. */
export function summaryOrder(query: AdminLatencyQuery & Partial<AdminSummaryQuery>): SummaryOrder {
  const { from, to, interval, groupBy, projectId, endUser, tag, top, topBy = 'cost' } = query;
  const by = groupBy.map(group => DIMENSION[group]);
  return {
    projectId,
    endUser,
    tag,
    from: momentOf(from),
    to: momentOf(to),
    interval,
    by,
    ...(top !== undefined && { top: { groups: top, of: topBy } }),
  };
}

export function toSummaryView(summary: Summary): AdminUsageSummary {
  return shown(summary, toBucket);
}

export function toLatencies(summary: Summary<LatencyBucket>): AdminLatencies {
  return shown(summary, ({ start, ...bucket }) => ({ start: isoOf(start), ...bucket }));
}

export function toSpend(summary: Summary): Spend {
  return shown(summary, bucket => picked(toBucket(bucket), SPEND));
}

export function toConsumption(summary: Summary): Consumption {
  return shown(summary, bucket => {
    const {
      costNanoUsd: _cost,
      correctedNanoUsd: _corrected,
      costUsd: _usd,
      savedNanoUsd: _saved,
      ...view
    } = toBucket(bucket);
    return view;
  });
}

export function toSavings(summary: Summary): Savings {
  return shown(summary, (bucket): SavingsBucket => {
    const view = picked(toBucket(bucket), SAVINGS);
    const { savedNanoUsd } = bucket;
    return {
      ...view,
      savedShare: share(Number(savedNanoUsd), Number(spentOn(bucket) + savedNanoUsd)),
      cacheReadShare: share(bucket.cacheReadTokens, bucket.inputTokens),
    };
  });
}

function picked<Name extends keyof AdminUsageBucket>(
  bucket: AdminUsageBucket,
  names: readonly Name[],
): Pick<AdminUsageBucket, Name> {
  const there = names.filter(name => name in bucket);
  return Object.fromEntries(there.map(name => [name, bucket[name]])) as Pick<AdminUsageBucket, Name>;
}

/** To a hundredth of a percent. */
function share(part: number, whole: number): number | null {
  return whole > 0 ? Math.round((part / whole) * 10_000) / 10_000 : null;
}

function shown<Bucket extends BucketOf, View>(
  { from, to, buckets }: Summary<Bucket>,
  toView: (bucket: Bucket) => View,
): { from: string; to: string; data: View[] } {
  return { from: isoOf(from), to: isoOf(to), data: buckets.map(toView) };
}

function toBucket({
  start,
  costNanoUsd,
  correctedNanoUsd,
  savedNanoUsd,
  ...bucket
}: UsageBucket): AdminUsageBucket {
  const cost = spentOn({ costNanoUsd, correctedNanoUsd });
  return {
    start: isoOf(start),
    ...bucket,
    costNanoUsd: String(cost),
    correctedNanoUsd: String(correctedNanoUsd),
    costUsd: usdOf(Number(cost)),
    savedNanoUsd: String(savedNanoUsd),
  };
}

export function isoOf(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

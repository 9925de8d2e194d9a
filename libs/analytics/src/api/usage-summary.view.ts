import { momentOf, usdOf } from '@app/shared';
import type { BucketOf, Dimension, UsageBucket } from '../domain/rollups/rollup.repository.js';
import type { LatencyBucket, Summary, SummaryOrder } from '../domain/rollups/usage-summaries.service.js';
import type {
  AdminLatencies,
  AdminSummaryQuery,
  AdminUsageBucket,
  AdminUsageSummary,
  Group,
} from './usage-summary.dto.js';

const DIMENSION: Readonly<Record<Group, Dimension>> = {
  project: 'projectId',
  key: 'keyId',
  endpoint: 'endpoint',
  provider: 'provider',
  model: 'model',
};

/** What a query asks for; of all projects, unless the caller knows better. */
export function summaryOrder({ from, to, interval, groupBy, projectId }: AdminSummaryQuery): SummaryOrder {
  const by = groupBy.map(group => DIMENSION[group]);
  return { projectId, from: momentOf(from), to: momentOf(to), interval, by };
}

export function toSummaryView(summary: Summary): AdminUsageSummary {
  return shown(summary, toBucket);
}

export function toLatencies(summary: Summary<LatencyBucket>): AdminLatencies {
  return shown(summary, ({ start, ...bucket }) => ({ start: isoOf(start), ...bucket }));
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
  const cost = costNanoUsd + correctedNanoUsd;
  return {
    start: isoOf(start),
    ...bucket,
    costNanoUsd: String(cost),
    correctedNanoUsd: String(correctedNanoUsd),
    costUsd: usdOf(Number(cost)),
    savedNanoUsd: String(savedNanoUsd),
  };
}

function isoOf(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

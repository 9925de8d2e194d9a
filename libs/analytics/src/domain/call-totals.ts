import { Histogram } from '@app/shared';
import { type CallCourse, newGaps } from './call-course.js';
import type { UsageRecord } from './usage-record.entity.js';

/** Seconds: from an answer of the cache to one of a slow model that reasons. */
export const DURATION_BOUNDS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600] as const;
/** Callers invent names of models, and paths of vendors have ids in them: what is more goes under `other`. Each is some 60 lines, 6 kB. */
const MOST_SERIES = 500;
const OTHER = 'other';
const NONE = 'none';

/** What the calls of one endpoint to one model add up to. */
export interface CallSeries {
  readonly labels: { readonly endpoint: string; readonly provider: string; readonly model: string };
  /** How many ended so: `outcome status`. */
  readonly endings: Map<string, number>;
  inputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
  outputTokens: number;
  reasoningTokens: number;
  costNanoUsd: number;
  savedNanoUsd: number;
  /** Completed, and nobody knows at what cost. */
  unpriced: number;
  /** Answered by the gateway, without its vendor. */
  cached: number;
  /** Requests to vendors beyond the first of each call. */
  retries: number;
  /** In seconds. */
  readonly durations: Histogram;
  readonly firstTokens: Histogram;
  readonly gaps: Histogram;
}

/** What all calls since the start of this gateway add up to, by endpoint, vendor and model. */
export class CallTotals {
  private readonly series = new Map<string, CallSeries>();

  get all(): readonly CallSeries[] {
    return [...this.series.values()];
  }

  /** On the path of each call: less than a µs. */
  add(record: UsageRecord, course: Pick<CallCourse, 'gaps'> | null = null): void {
    const series = this.seriesOf(record.endpoint, record.provider ?? NONE, record.modelUsed ?? NONE);
    const ending = `${record.outcome} ${record.status}`;
    series.endings.set(ending, (series.endings.get(ending) ?? 0) + 1);
    series.inputTokens += record.inputTokens;
    series.cacheReadTokens += record.cacheReadTokens;
    series.cacheWriteTokens += record.cacheWriteTokens;
    series.outputTokens += record.outputTokens;
    series.reasoningTokens += record.reasoningTokens;
    series.costNanoUsd += record.costNanoUsd ?? 0;
    series.savedNanoUsd += Math.max(record.savedNanoUsd, 0); // counters only grow; records tell the rest
    series.unpriced += record.costNanoUsd === null && record.outcome === 'completed' ? 1 : 0;
    series.cached += record.cached ? 1 : 0;
    series.retries += Math.max(record.attempts - 1, 0);
    series.durations.add(record.latencyMs / 1000);
    if (record.firstTokenMs !== null) {
      series.firstTokens.add(record.firstTokenMs / 1000);
    }
    if (course?.gaps) {
      series.gaps.merge(course.gaps);
    }
  }

  private seriesOf(endpoint: string, provider: string, model: string): CallSeries {
    const name = `${endpoint} ${provider} ${model}`;
    const found = this.series.get(name);
    if (found) {
      return found;
    }
    if (this.series.size >= MOST_SERIES && model !== OTHER) {
      return this.seriesOf(OTHER, provider, OTHER);
    }
    const fresh = newSeries({ endpoint, provider, model });
    this.series.set(name, fresh);
    return fresh;
  }
}

function newSeries(labels: CallSeries['labels']): CallSeries {
  return {
    labels,
    endings: new Map(),
    inputTokens: 0,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: 0,
    reasoningTokens: 0,
    costNanoUsd: 0,
    savedNanoUsd: 0,
    unpriced: 0,
    cached: 0,
    retries: 0,
    durations: new Histogram(DURATION_BOUNDS),
    firstTokens: new Histogram(DURATION_BOUNDS),
    gaps: newGaps(),
  };
}

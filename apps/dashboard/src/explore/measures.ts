import type { Bucket, Distribution } from '../api/types.js';
import { count, duration, exactUsd, roughly, share, UNKNOWN, usd } from '../format.js';

/** What can be asked of calls. */
export interface Measure {
  readonly id: string;
  readonly name: string;
  /** Null: nothing is known. Sums of money are whole numbers as text. */
  readonly of: (bucket: Bucket) => number | string | null;
  readonly format: (value: number | string | null) => string;
  /** The same to the last digit, where that is another one. */
  readonly exact?: (value: number | string) => string;
  /** The same in short, beside a line. */
  readonly onAxis: (value: number) => string;
  /** Whether no calls come to 0; else to nothing. */
  readonly isSum: boolean;
  /** Where the gateway tells it. */
  readonly path: string;
  /** By what groups are the largest. The gateway tells all of those of which it knows times. */
  readonly topBy: 'cost' | 'calls' | null;
}

const SUMS = '/admin/usage/summary';
const TIMES = '/admin/analytics/latency';

type Counted = 'calls' | 'failedCalls' | 'unpricedCalls' | `${(typeof TOKENS)[number]}Tokens`;
const TOKENS = ['input', 'cacheRead', 'cacheWrite', 'output', 'reasoning'] as const;
type Percentile = Exclude<keyof Distribution, 'calls'>;

export const MEASURES: readonly [Measure, ...Measure[]] = [
  money('spend', 'Spend', 'costNanoUsd'),
  counted('requests', 'Requests', 'calls'),
  counted('input-tokens', 'Input tokens', 'inputTokens'),
  counted('output-tokens', 'Output tokens', 'outputTokens'),
  counted('cache-read-tokens', 'Tokens read from a vendor’s cache', 'cacheReadTokens'),
  counted('cache-write-tokens', 'Tokens written to a vendor’s cache', 'cacheWriteTokens'),
  counted('reasoning-tokens', 'Reasoning tokens', 'reasoningTokens'),
  counted('errors', 'Errors', 'failedCalls'),
  {
    ...counted('error-rate', 'Error rate', 'failedCalls'),
    of: ({ failedCalls = 0, calls = 0 }) => (calls === 0 ? null : failedCalls / calls),
    format: part => share(part === null ? null : Number(part)),
    onAxis: share,
    isSum: false,
  },
  counted('unpriced', 'Requests without a known cost', 'unpricedCalls'),
  money('saved', 'Savings', 'savedNanoUsd'),
  ...(['p50', 'p90', 'p95', 'p99'] as const).map(at => timed('latency', `Latency, ${at}`, at)),
  ...(['p50', 'p95'] as const).map(at => timed('first-token', `First token, ${at}`, at)),
];

function money(id: string, name: string, field: 'costNanoUsd' | 'savedNanoUsd'): Measure {
  const of = (bucket: Bucket): string => bucket[field] ?? '0';
  return { id, name, of, format: usd, exact: exactUsd, onAxis: usd, isSum: true, path: SUMS, topBy: 'cost' };
}

function counted(id: string, name: string, field: Counted): Measure {
  return {
    id,
    name,
    of: bucket => bucket[field] ?? 0,
    format: value => (value === null ? UNKNOWN : count(Number(value))),
    onAxis: roughly,
    isSum: true,
    path: SUMS,
    topBy: 'calls',
  };
}

function timed(id: 'latency' | 'first-token', name: string, at: Percentile): Measure {
  const field = id === 'latency' ? 'latencyMs' : 'firstTokenMs';
  return {
    id: `${id}-${at}`,
    name,
    of: bucket => bucket[field]?.[at] ?? null,
    format: ms => duration(ms === null ? null : Number(ms)),
    onAxis: duration,
    isSum: false,
    path: TIMES,
    topBy: null,
  };
}

import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type Histogram, Metrics, type Sample, usdOf } from '@app/shared';
import { type CallSeries, CallTotals } from '../domain/call-totals.js';
import { UsageRecorder } from '../domain/usage.recorder.js';

const TOKENS = {
  input: 'inputTokens',
  cache_read: 'cacheReadTokens',
  cache_write: 'cacheWriteTokens',
  output: 'outputTokens',
  reasoning: 'reasoningTokens',
} as const;

/** What calls come to since the start of this gateway, as Prometheus likes it. Money and tokens to the last one are in the ledger. */
@Injectable()
export class CallMetrics implements OnModuleInit {
  private readonly totals = new CallTotals();

  constructor(
    private readonly recorder: UsageRecorder,
    private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    this.recorder.onRecord((record, course) => this.totals.add(record, course));
    this.counter('llmhub_requests_total', 'Calls that ended, by how they did.', endings);
    this.counter(
      'llmhub_tokens_total',
      'Tokens by kind: input has cache_read and cache_write in it, output has reasoning.',
      tokens,
    );
    this.sum(
      'llmhub_cost_usd_total',
      'What calls cost, where a price is known.',
      ({ costNanoUsd }) => costNanoUsd,
      usdOf,
    );
    this.sum(
      'llmhub_saved_usd_total',
      'What the cache and prompt passes saved.',
      ({ savedNanoUsd }) => savedNanoUsd,
      usdOf,
    );
    this.sum(
      'llmhub_unpriced_requests_total',
      'Completed calls whose cost is not known.',
      ({ unpriced }) => unpriced,
    );
    this.sum(
      'llmhub_cached_requests_total',
      'Calls that the gateway answered without their vendor.',
      ({ cached }) => cached,
    );
    this.sum(
      'llmhub_retries_total',
      'Requests to vendors beyond the first of each call.',
      ({ retries }) => retries,
    );
    this.tellTimes();
  }

  private tellTimes(): void {
    this.times(
      'llmhub_request_duration_seconds',
      'From the arrival of a call to its end.',
      ({ durations }) => durations,
    );
    this.times(
      'llmhub_time_to_first_token_seconds',
      "From the arrival of a call to its vendor's first byte; streams only.",
      ({ firstTokens }) => firstTokens,
    );
    this.times(
      'llmhub_inter_token_gap_seconds',
      'Between the pieces of streamed text, as they come from the vendor.',
      ({ gaps }) => gaps,
    );
  }

  private counter(name: string, help: string, read: (series: CallSeries) => readonly Sample[]): void {
    this.metrics.counter(name, help, () => this.totals.all.flatMap(read));
  }

  private sum(
    name: string,
    help: string,
    read: (series: CallSeries) => number,
    unit: (value: number) => number = value => value,
  ): void {
    this.counter(name, help, series => [{ labels: series.labels, value: unit(read(series)) }]);
  }

  private times(name: string, help: string, read: (series: CallSeries) => Histogram): void {
    this.metrics.histogram(name, help, () =>
      this.totals.all
        .map(series => ({ labels: series.labels, ...read(series) }))
        .filter(({ count }) => count > 0),
    );
  }
}

function endings({ labels, endings: counts }: CallSeries): Sample[] {
  return [...counts].map(([ending, value]) => {
    const [outcome = '', status = ''] = ending.split(' ');
    return { labels: { ...labels, outcome, status }, value };
  });
}

function tokens(series: CallSeries): Sample[] {
  return Object.entries(TOKENS).map(([kind, field]) => ({
    labels: { ...series.labels, kind },
    value: series[field],
  }));
}

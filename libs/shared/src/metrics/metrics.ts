import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, type Metric, Registry } from 'prom-client';
import type { Histogram } from './histogram.js';

export type Labels = Readonly<Record<string, string | number>>;

/** One value of a metric that has labels. */
export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

/** One histogram of a metric, which has the same bounds in all of them. */
export type LabelledHistogram = Pick<Histogram, 'bounds' | 'counts' | 'count' | 'sum'> & {
  readonly labels: Labels;
};

/**
 * What the gateway tells Prometheus of itself. Whoever has numbers says once how they are read; they are read when Prometheus asks, so
 * that calls pay nothing for it.
 */
@Injectable()
export class Metrics {
  private readonly registry = new Registry();

  /** @param read what is so now: one value, or one for each set of labels */
  gauge(name: string, help: string, read: () => number | readonly Sample[]): void {
    this.register({ name, help, type: 'gauge', values: () => samples(read()) });
  }

  /** @param name ends with `_total` @param read only ever grows, as `gauge` */
  counter(name: string, help: string, read: () => number | readonly Sample[]): void {
    this.register({ name, help, type: 'counter', values: () => samples(read()) });
  }

  /** @param name ends with its unit, which is a base unit: `_seconds`, `_bytes` */
  histogram(name: string, help: string, read: () => readonly LabelledHistogram[]): void {
    this.register({ name, help, type: 'histogram', values: () => read().flatMap(one => buckets(name, one)) });
  }

  /** CPU, memory, event loop and garbage of this process, under the names that dashboards for Node know. They are watched from now on. */
  watchProcess(): void {
    collectDefaultMetrics({ register: this.registry });
  }

  /** In Prometheus' text format. Written metric by metric, since calls wait meanwhile. */
  async text(): Promise<string> {
    const metrics: string[] = [];
    for (const { name } of this.registry.getMetricsAsArray()) {
      metrics.push(await this.registry.getSingleMetricAsString(name));
      await nextTurn();
    }
    return `${metrics.join('\n\n')}\n`;
  }

  /** The classes of `prom-client` count themselves, with a hash of the labels each time; a metric is whatever has `get`. */
  private register({ values, ...named }: Named & { readonly values: () => readonly Value[] }): void {
    const metric = { ...named, get: () => Promise.resolve({ ...named, values: values() }) };
    this.registry.registerMetric(metric as unknown as Metric);
  }
}

interface Named {
  readonly name: string;
  readonly help: string;
  readonly type: 'gauge' | 'counter' | 'histogram';
}

interface Value extends Sample {
  /** Where it is not the metric's. */
  readonly metricName?: string;
}

function samples(read: number | readonly Sample[]): readonly Value[] {
  return typeof read === 'number' ? [{ labels: {}, value: read }] : read;
}

function buckets(name: string, { labels, bounds, counts, count, sum }: LabelledHistogram): Value[] {
  let below = 0;
  const upTo = bounds.map((le, index) => {
    below += counts[index] ?? 0;
    return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: below };
  });
  return [
    ...upTo,
    { metricName: `${name}_bucket`, labels: { ...labels, le: '+Inf' }, value: count },
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: count },
  ];
}

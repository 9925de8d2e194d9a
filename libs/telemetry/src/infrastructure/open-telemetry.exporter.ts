import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { defaultResource, type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import { PeriodicExportingMetricReader, type PushMetricExporter } from '@opentelemetry/sdk-metrics';
import { type Collector, type Config, type Logger, type Metrics, within } from '@app/shared';
import { CallExporter } from '../domain/call-exporter.js';
import type { ToldCall } from '../domain/told-call.js';
import { BoundedSpans } from './bounded-spans.js';
import { CallInstruments } from './call-instruments.js';
import { CallTracer } from './call-tracer.js';
import { CollectorWatch } from './collector-watch.js';

const CLOSE_MS = 3000;

/**
 * Tells calls by OTLP (protobuf over HTTP), with the SDK's own batches, retries and encoding. Nothing of it is global: no context is
 * followed, and no other library is instrumented.
 */
export class OpenTelemetryExporter extends CallExporter {
  private readonly tracer: CallTracer | null;
  private readonly instruments: CallInstruments | null;
  private readonly watch: CollectorWatch;

  constructor(
    { tracesUrl, metricsUrl, headers, resource }: Collector,
    config: Config,
    { logger, metrics }: { readonly logger: Logger; readonly metrics: Metrics },
  ) {
    super();
    this.watch = new CollectorWatch(new URL(tracesUrl ?? metricsUrl ?? '').origin, logger, metrics);
    const to = { headers, timeoutMillis: config.otlpTimeoutMs };
    const gateway = resourceOf(config, resource);
    const exporter = tracesUrl === undefined ? null : new OTLPTraceExporter({ ...to, url: tracesUrl });
    this.tracer =
      exporter && new CallTracer(config, gateway, new BoundedSpans(exporter, config.spanDelayMs, this.watch));
    this.instruments =
      metricsUrl === undefined
        ? null
        : new CallInstruments(
            gateway,
            new PeriodicExportingMetricReader({
              exporter: this.counted(new OTLPMetricExporter({ ...to, url: metricsUrl })),
              exportIntervalMillis: config.metricIntervalMs,
            }),
          );
  }

  override tell(call: ToldCall): void {
    if (call.trace) {
      this.tracer?.tell(call, call.trace);
    }
    this.instruments?.tell(call);
  }

  /** A call is one span at least. */
  override noteLost(calls: number): void {
    this.watch.noteLost(calls);
  }

  override async close(): Promise<void> {
    const closing = Promise.allSettled([this.tracer?.shutdown(), this.instruments?.shutdown()]);
    await within(CLOSE_MS, closing).catch(() => undefined); // the watch has told what was lost
  }

  private counted(exporter: OTLPMetricExporter): PushMetricExporter {
    return {
      selectAggregation: type => exporter.selectAggregation(type),
      selectAggregationTemporality: type => exporter.selectAggregationTemporality(type),
      export: (collected, done) =>
        exporter.export(collected, result => {
          this.watch.noteResult(result, 0);
          done(result);
        }),
      forceFlush: () => exporter.forceFlush(),
      shutdown: () => exporter.shutdown(),
    };
  }
}

function resourceOf({ serviceName }: Config, attributes: Collector['resource']): Resource {
  const own = { ...attributes, 'service.name': serviceName };
  return defaultResource().merge(resourceFromAttributes(own));
}

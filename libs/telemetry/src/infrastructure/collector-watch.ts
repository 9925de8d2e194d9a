import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { Logger, Metrics } from '@app/shared';

/** An outage is in the log once in so many ms. */
const TOLD_MS = 60_000;

/** Counts what the collector does not take, and tells the log of it now and then. */
export class CollectorWatch {
  private lost = 0;
  private failures = 0;
  private toldAt = -Infinity;
  private isAway = false;

  /** @param collector its origin, which holds no secret */
  constructor(
    private readonly collector: string,
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    metrics.counter(
      'llmhub_otlp_lost_spans_total',
      'Spans that were not told: the collector did not take them, or too many waited.',
      () => this.lost,
    );
    metrics.counter(
      'llmhub_otlp_failed_exports_total',
      'Requests, of traces or metrics, that the collector did not take.',
      () => this.failures,
    );
  }

  /** What became of a request. @param spans in it */
  noteResult({ code, error }: ExportResult, spans: number): void {
    if (code === ExportResultCode.SUCCESS) {
      this.succeeded();
    } else {
      this.failures += 1;
      this.isAway = true;
      this.noteLost(spans, error?.message ?? 'unknown');
    }
  }

  noteLost(spans: number, reason = 'more ended than it was told of in time'): void {
    this.lost += spans;
    const now = performance.now();
    if (now - this.toldAt >= TOLD_MS) {
      this.toldAt = now;
      this.logger.warn(
        { collector: this.collector, lostSpans: this.lost, reason },
        'The OpenTelemetry collector does not take what it is told; calls go on, spans are lost.',
      );
    }
  }

  private succeeded(): void {
    if (this.isAway) {
      this.isAway = false;
      this.logger.info(
        { collector: this.collector },
        'The OpenTelemetry collector takes what it is told again.',
      );
      this.toldAt = -Infinity;
    }
  }
}

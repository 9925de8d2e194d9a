import {
  BatchSpanProcessor,
  type ReadableSpan,
  type SpanExporter,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace';
import type { CollectorWatch } from './collector-watch.js';

/** Some 2 kB each. */
const MOST_SPANS = 4096;

/** The SDK's batches, which drop in silence what they have no room for, with a count of what is lost. */
export class BoundedSpans implements SpanProcessor {
  private readonly batches: BatchSpanProcessor;
  private waiting = 0;

  constructor(
    exporter: SpanExporter,
    delayMs: number,
    private readonly watch: CollectorWatch,
  ) {
    this.batches = new BatchSpanProcessor({
      exporter: this.counted(exporter),
      maxQueueSize: MOST_SPANS,
      scheduledDelayMillis: delayMs,
    });
  }

  onStart(): void {
    // the span is over before anybody looks at it
  }

  onEnd(span: ReadableSpan): void {
    if (this.waiting >= MOST_SPANS) {
      this.watch.noteLost(1);
    } else {
      this.waiting += 1;
      this.batches.onEnd(span);
    }
  }

  forceFlush(): Promise<void> {
    return this.batches.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.batches.shutdown();
  }

  private counted(exporter: SpanExporter): SpanExporter {
    return {
      export: (spans, done) =>
        exporter.export(spans, result => {
          this.waiting -= spans.length;
          this.watch.noteResult(result, spans.length);
          done(result);
        }),
      shutdown: () => exporter.shutdown(),
    };
  }
}

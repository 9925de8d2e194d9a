import { trace } from '@opentelemetry/api';
import { type ReadableSpan, type SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace';
import { ExportResultCode } from '@opentelemetry/core';
import { type Logger, Metrics } from '@app/shared';
import { BoundedSpans } from './bounded-spans.js';
import { CollectorWatch } from './collector-watch.js';

const LOST = /^llmhub_otlp_lost_spans_total (\d+)$/m;

/** A collector that takes what it is told when the test says so. */
class HeldExporter implements SpanExporter {
  readonly held: { spans: ReadableSpan[]; answer: (isTaken: boolean) => void }[] = [];

  isOpen = false;

  export(spans: ReadableSpan[], done: Parameters<SpanExporter['export']>[1]): void {
    const answer = (isTaken: boolean): void =>
      done(
        isTaken
          ? { code: ExportResultCode.SUCCESS }
          : { code: ExportResultCode.FAILED, error: new Error('no') },
      );
    if (this.isOpen) {
      answer(true);
    } else {
      this.held.push({ spans, answer });
    }
  }

  async shutdown(): Promise<void> {
    // nothing is open
  }
}

describe('spans that a collector does not take', () => {
  const logged: string[] = [];
  const note = (level: string) => (_fields: object, line: string) => void logged.push(`${level} ${line}`);
  const logger = { warn: note('warn'), info: note('info') } as unknown as Logger;
  const metrics = new Metrics();
  const exporter = new HeldExporter();
  const spans = new BoundedSpans(exporter, 1, new CollectorWatch('http://c:4318', logger, metrics));
  const tracer = new TracerProvider({ spanProcessors: [spans] }).getTracer('test');
  const end = (count: number): void => {
    for (let span = 0; span < count; span += 1) {
      tracer.startSpan('call').end();
    }
  };
  const lost = async (): Promise<number> => Number(LOST.exec(await metrics.text())?.[1]);

  afterAll(async () => {
    await spans.shutdown();
  });

  it('wait, as many as there is room for; what is more is counted, and in the log once', async () => {
    end(5000);

    expect(await lost()).toBe(5000 - 4096);
    expect(logged).toHaveLength(1);
    expect(logged[0]).toMatch(/^warn The OpenTelemetry collector does not take/);
    expect(exporter.held).toHaveLength(1); // one request at a time
  });

  it('make room when they are refused, which is counted, too', async () => {
    const [first] = exporter.held;
    first?.answer(false);
    end(1000);

    expect(await lost()).toBe(5000 - 4096 + 512 + 1000 - 512);
    expect(logged).toHaveLength(1);
  });

  it('go on when it takes them again, as the log says', async () => {
    await new Promise(setImmediate);
    exporter.isOpen = true;
    exporter.held[1]?.answer(true);

    expect(logged[1]).toBe('info The OpenTelemetry collector takes what it is told again.');
    expect(trace.getActiveSpan()).toBeUndefined();
  });
});

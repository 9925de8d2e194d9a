import { resourceFromAttributes } from '@opentelemetry/resources';
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor } from '@opentelemetry/sdk-trace';
import { randomUUIDv7 } from 'node:crypto';
import type { CallTrace } from '@app/shared';
import type { ToldCall } from '../domain/told-call.js';
import { CallTracer } from './call-tracer.js';

const OWN: CallTrace = { method: 'POST', traceparent: undefined, tracestate: undefined };
const span = {
  name: 'a',
  startedAt: 1_800_000_000_000,
  endedAt: 1_800_000_000_250.5,
  attributes: {},
  isError: false,
};

/** The spans of these calls, each with one attempt. */
function traced(
  calls: readonly (readonly [id: string, from: CallTrace])[],
  tracesSampler = 'parentbased_always_on',
  tracesSamplerArg = 1,
): ReadableSpan[] {
  const exporter = new InMemorySpanExporter();
  const tracer = new CallTracer(
    { tracesSampler, tracesSamplerArg },
    resourceFromAttributes({}),
    new SimpleSpanProcessor({ exporter }),
  );
  for (const [id, from] of calls) {
    const attempts = [{ ...span, firstChunkSeconds: null }];
    tracer.tell({ id, trace: from, served: span, attempts } as unknown as ToldCall, from);
  }
  return exporter.getFinishedSpans();
}

const idsOf = (spans: readonly ReadableSpan[]): Set<string> =>
  new Set(spans.map(one => one.spanContext().traceId));

it('a call and its attempts are one trace, with the times that they had', () => {
  const id = randomUUIDv7();
  const [attempt, served] = traced([[id, OWN]]) as [ReadableSpan, ReadableSpan];

  expect(served.spanContext()).toMatchObject({
    traceId: id.replaceAll('-', ''),
    spanId: id.replaceAll('-', '').slice(16),
  });
  expect(attempt.parentSpanContext?.spanId).toBe(served.spanContext().spanId);
  expect(served).toMatchObject({ startTime: [1_800_000_000, 0], duration: [0, 250_500_000] });
});

it('a part of a call is a span within it, which may end later', () => {
  const [session, turn] = [randomUUIDv7(), randomUUIDv7()];
  const spans = traced([
    [turn, { ...OWN, partOf: session }],
    [session, OWN],
  ]);
  const [, ofTurn, , ofSession] = spans;

  expect(idsOf(spans)).toEqual(new Set([session.replaceAll('-', '')]));
  expect(ofTurn?.parentSpanContext?.spanId).toBe(ofSession?.spanContext().spanId);
});

it('a share of the traces is told, each of them whole', () => {
  const sessions = Array.from({ length: 400 }, () => randomUUIDv7());
  const calls = sessions.flatMap(session => [
    [randomUUIDv7(), { ...OWN, partOf: session }] as const,
    [session, OWN] as const,
  ]);
  const spans = traced(calls, 'parentbased_traceidratio', 0.5);
  const traces = idsOf(spans).size;

  expect(spans).toHaveLength(traces * 4);
  expect(traces).toBeGreaterThan(120); // 8 standard deviations
  expect(traces).toBeLessThan(280);
});

it.each([
  ['parentbased_always_off', '01', 2],
  ['parentbased_always_off', '00', 0],
  ['parentbased_always_on', '00', 0],
  ['always_on', '00', 2],
  ['always_off', '01', 0],
])('%s with a caller whose flags are %s tells %s spans', (sampler, flags, count) => {
  const traceparent = `00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-${flags}`;

  expect(traced([[randomUUIDv7(), { ...OWN, traceparent }]], sampler)).toHaveLength(count);
});

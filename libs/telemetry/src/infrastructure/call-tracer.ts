import {
  type Context,
  defaultTextMapGetter,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Tracer,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  type IdGenerator,
  ParentBasedSampler,
  RandomIdGenerator,
  type Sampler,
  SamplingDecision,
  type SpanProcessor,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { CallTrace, Config } from '@app/shared';
import type { SpanFacts, ToldCall } from '../domain/told-call.js';

const PARENT_BASED = /^parentbased_/;

/** Makes the spans of calls that are over: one for the call, and in it one for each request to a vendor. */
export class CallTracer {
  private readonly provider: TracerProvider;
  private readonly tracer: Tracer;
  private readonly propagator = new W3CTraceContextPropagator();
  private readonly ids = new CallIds();
  private readonly sampler: Sampler;

  constructor(
    { tracesSampler, tracesSamplerArg }: Pick<Config, 'tracesSampler' | 'tracesSamplerArg'>,
    resource: Resource,
    processor: SpanProcessor,
  ) {
    this.sampler = samplerOf(tracesSampler, tracesSamplerArg);
    this.provider = new TracerProvider({
      resource,
      sampler: this.sampler,
      idGenerator: this.ids,
      spanProcessors: [processor],
    });
    this.tracer = this.provider.getTracer('llm-hub-gateway');
  }

  tell({ id, served, attempts }: ToldCall, from: CallTrace): void {
    if (!served) {
      return;
    }
    const parent = this.parentOf(from);
    this.ids.next = id;
    const kind = from.partOf === undefined ? SpanKind.SERVER : SpanKind.INTERNAL;
    const { startedAt, attributes } = served;
    const span = this.tracer.startSpan(served.name, { kind, startTime: startedAt, attributes }, parent);
    if (span.isRecording()) {
      const inside = trace.setSpan(parent, span);
      attempts.forEach(attempt => this.end(attempt, SpanKind.CLIENT, inside));
      end(span, served);
    }
  }

  shutdown(): Promise<void> {
    return this.provider.shutdown();
  }

  private end(facts: SpanFacts, kind: SpanKind, inside: Context): void {
    const { name, startedAt: startTime, attributes } = facts;
    end(this.tracer.startSpan(name, { kind, startTime, attributes }, inside), facts);
  }

  /** The caller's span, or that of the call that this one is a part of. */
  private parentOf({ traceparent, tracestate, partOf }: CallTrace): Context {
    const carrier = { traceparent, tracestate };
    const caller = this.propagator.extract(ROOT_CONTEXT, carrier, defaultTextMapGetter);
    if (partOf === undefined) {
      return caller;
    }
    const remote = trace.getSpanContext(caller);
    const traceId = remote?.traceId ?? traceIdOf(partOf);
    const traceFlags = remote?.traceFlags ?? this.flagsOf(traceId);
    return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId: spanIdOf(partOf), traceFlags });
  }

  /** As the sampler decides of the first span of that trace. */
  private flagsOf(traceId: string): TraceFlags {
    const { decision } = this.sampler.shouldSample(ROOT_CONTEXT, traceId, '', SpanKind.SERVER, {}, []);
    return decision === SamplingDecision.RECORD_AND_SAMPLED ? TraceFlags.SAMPLED : TraceFlags.NONE;
  }
}

/** A call's span has its id from the call's, so that either is found by the other, and nobody has to keep it. */
class CallIds implements IdGenerator {
  /** The call whose span begins now. */
  next: string | null = null;
  private readonly random = new RandomIdGenerator();

  generateSpanId(): string {
    const call = this.next;
    this.begun = call;
    this.next = null;
    return call === null ? this.random.generateSpanId() : spanIdOf(call);
  }

  generateTraceId(): string {
    return this.begun === null ? this.random.generateTraceId() : traceIdOf(this.begun);
  }

  /** The SDK asks for the span's first. */
  private begun: string | null = null;
}

function end(span: ReturnType<Tracer['startSpan']>, { endedAt, isError }: SpanFacts): void {
  if (isError) {
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end(endedAt);
}

/** Ids of calls are UUIDs. */
function traceIdOf(call: string): string {
  return call.replaceAll('-', '');
}

function spanIdOf(call: string): string {
  return traceIdOf(call).slice(16);
}

function samplerOf(name: string, share: number): Sampler {
  const plain = name.replace(PARENT_BASED, '');
  const root =
    plain === 'always_on'
      ? new AlwaysOnSampler()
      : plain === 'always_off'
        ? new AlwaysOffSampler()
        : new TraceIdRatioBasedSampler(share);
  return PARENT_BASED.test(name) ? new ParentBasedSampler({ root }) : root;
}

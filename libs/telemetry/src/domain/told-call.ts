import type { CallTrace } from '@app/shared';

export type Attributes = Readonly<Record<string, string | number | boolean | string[]>>;

/** A span that is over. Times in unix ms, with fractions. */
export interface SpanFacts {
  readonly name: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly attributes: Attributes;
  /** Its status is an error; `error.type` may say why a span ended early that is none. */
  readonly isError: boolean;
}

/** A request to a vendor. */
export interface AttemptSpan extends SpanFacts {
  /** To the first byte of a stream, in seconds; null where nobody knows. */
  readonly firstChunkSeconds: number | null;
}

/** A call as it is told to a collector: nothing of what was said, and no key. */
export interface ToldCall {
  readonly id: string;
  /** Absent: it has no spans, as calls that the gateway makes itself. */
  readonly trace: CallTrace | undefined;
  /** Null of an attempt that another call has given up, and has the span of: of such a record only its tokens are told. */
  readonly served: SpanFacts | null;
  readonly attempts: readonly AttemptSpan[];
  /** What the vendor billed by; null of an answer that the gateway had, and where nothing is known. */
  readonly tokens: { readonly input: number; readonly output: number } | null;
  /** Of streams that ended well; null of others. */
  readonly stream: { readonly firstTokenSeconds: number; readonly tokenSeconds: number | null } | null;
  /** What metrics go by: fewer than spans have, since callers invent names. */
  readonly labels: Attributes;
}

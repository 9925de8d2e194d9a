import type { IncomingMessage } from 'node:http';

/** What a trace of a call begins with. */
export interface CallTrace {
  /** Of the request. */
  readonly method: string;
  /** As the caller sent them (W3C Trace Context), which may be anything. */
  readonly traceparent: string | undefined;
  readonly tracestate: string | undefined;
  /** Id of the call that this one is a part of; absent: it is one of its own. */
  readonly partOf?: string;
}

export function traceOf({ method = '', headers }: IncomingMessage): CallTrace {
  const { traceparent, tracestate } = headers;
  return { method, traceparent: oneOf(traceparent), tracestate: oneOf(tracestate) };
}

function oneOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(',') : header;
}

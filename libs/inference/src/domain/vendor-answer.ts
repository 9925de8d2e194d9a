import { type Answer, type AnswerSummary, parseExact, type StreamEvent } from '@app/dialects';
import type { VendorResponse } from '@app/providers';
import type { Route } from '@app/routing';
import { type GatewayError, SseParser, UpstreamError } from '@app/shared';

/** The content type of one. */
export const EVENT_STREAM = /^text\/event-stream\b/i;

const ERROR_BODY_LIMIT_BYTES = 1024 * 1024;

/** The vendor's error status and body as ours. */
export async function readVendorFailure(
  { vendor, dialect }: Pick<Route, 'vendor' | 'dialect'>,
  response: VendorResponse,
): Promise<GatewayError> {
  const headers: Record<string, string | undefined> = {};
  for (const name of Object.keys(response.headers)) {
    headers[name] = response.header(name);
  }
  const body = await response.collect(vendor.id, ERROR_BODY_LIMIT_BYTES);
  return dialect.readError({
    vendor: vendor.id,
    status: response.status,
    headers,
    body: body.toString(),
  });
}

/** Reads a whole answer. @throws UpstreamError when the body is none */
export function readVendorAnswer({ vendor, dialect, target }: Route, bytes: Buffer): Answer {
  return dialect.readAnswer(parseWith(parseExact, vendor.id, bytes), target);
}

/** Reads a stream whose body is all there, as `StreamReader` would tell it. */
export function readVendorEvents({ dialect, target }: Route, body: Buffer): StreamEvent[] {
  const events: StreamEvent[] = [];
  const reader = dialect.streamReader(target);
  const parser = new SseParser();
  for (const { data, type } of [...parser.push(body), ...parser.end()]) {
    reader.read(data, type, events);
  }
  if (!events.some(({ kind }) => kind === 'end' || kind === 'error')) {
    reader.end(events);
  }
  return events;
}

/** Reads what the ledger wants of a whole answer. @throws UpstreamError when the body is none */
export function readVendorSummary({ vendor, dialect, target }: Route, bytes: Buffer): AnswerSummary {
  return dialect.readSummary(parseWith(JSON.parse, vendor.id, bytes), target);
}

/** Any JSON of a vendor. @throws UpstreamError when it is none */
export function parseVendorJson(vendor: string, bytes: Buffer): unknown {
  return parseWith(JSON.parse, vendor, bytes);
}

function parseWith(parse: (text: string) => unknown, vendor: string, bytes: Buffer): unknown {
  try {
    return parse(bytes.toString());
  } catch (cause) {
    throw malformed(vendor, 'answered something that is not JSON', cause);
  }
}

/** @throws UpstreamError: a 200 without a stream is most likely an error in disguise, which the reader then names */
export async function refuseWithoutStream(route: Route, response: VendorResponse): Promise<never> {
  const { id } = route.vendor;
  readVendorAnswer(route, await response.collect(id, ERROR_BODY_LIMIT_BYTES));
  throw malformed(id, 'was asked for a stream and sent none');
}

export function isEventStream(response: VendorResponse): boolean {
  return EVENT_STREAM.test(response.header('content-type') ?? '');
}

/** A 200 that is no answer. */
export function malformed(vendor: string, problem: string, cause?: unknown): UpstreamError {
  return new UpstreamError({
    vendor,
    upstreamStatus: null,
    code: 'malformed_answer',
    message: `The vendor '${vendor}' ${problem}.`,
    cause,
  });
}

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import protobuf from 'protobufjs';

type Attributes = Readonly<Record<string, unknown>>;

/** A span as the collector got it. Ids in hex, times in unix ms; `parent` is empty at the root. */
export interface GotSpan {
  readonly trace: string;
  readonly id: string;
  readonly parent: string;
  readonly traceState: string;
  readonly name: string;
  /** 1 internal, 2 server, 3 client. */
  readonly kind: number;
  readonly startedAt: number;
  readonly endedAt: number;
  /** 0 unset, 2 error. */
  readonly status: number;
  readonly attributes: Attributes;
  readonly resource: Attributes;
}

/** One series of a histogram as it was told last. */
export interface GotSeries {
  readonly name: string;
  readonly unit: string;
  readonly count: number;
  readonly sum: number;
  readonly attributes: Attributes;
}

/** A server that takes OTLP over HTTP as collectors do, in protobuf. */
export interface Collector {
  readonly url: string;
  readonly spans: readonly GotSpan[];
  /** Of the latest request with metrics. */
  readonly series: readonly GotSeries[];
  /** The heads of all requests. */
  readonly requests: readonly IncomingMessage[];
  /** All bodies that came, as they came. */
  readonly bodies: readonly Buffer[];
  /** How all further requests are answered; null: as they should be. */
  answer(how: ((response: ServerResponse) => void) | null): void;
  close(): Promise<void>;
}

const types = protobuf.loadSync(path.resolve('test/support/otlp.proto'));

export async function startCollector(): Promise<Collector> {
  const spans: GotSpan[] = [];
  const requests: IncomingMessage[] = [];
  const bodies: Buffer[] = [];
  let series: GotSeries[] = [];
  let how: ((response: ServerResponse) => void) | null = null;
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    requests.push(request);
    bodies.push(body);
    if (how) {
      how(response);
      return;
    }
    if (request.url === '/v1/traces') {
      spans.push(...spansIn(body));
    } else {
      series = seriesIn(body);
    }
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    get series() {
      return series;
    },
    requests,
    bodies,
    answer: next => (how = next),
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

interface Wire {
  readonly resourceSpans: { resource: WireAttributes; scopeSpans: { spans: WireSpan[] }[] }[];
  readonly resourceMetrics: { scopeMetrics: { metrics: WireMetric[] }[] }[];
}
interface WireAttributes {
  readonly attributes: readonly { key: string; value: WireValue }[];
}
interface WireValue {
  readonly value: string;
  readonly arrayValue?: { readonly values: WireValue[] };
  readonly [kind: string]: unknown;
}
interface WireSpan extends WireAttributes {
  readonly traceId: Buffer;
  readonly spanId: Buffer;
  readonly parentSpanId: Buffer;
  readonly traceState: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status: { readonly code: number } | null;
}
interface WireMetric {
  readonly name: string;
  readonly unit: string;
  readonly histogram: { readonly dataPoints: (WireAttributes & { count: string; sum: number })[] } | null;
}

function decoded(type: string, body: Buffer): Wire {
  const message = types.lookupType(type);
  return message.toObject(message.decode(body), {
    defaults: true,
    longs: String,
    bytes: Buffer,
    oneofs: true,
  }) as unknown as Wire;
}

function spansIn(body: Buffer): GotSpan[] {
  return decoded('ExportTraceServiceRequest', body).resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map(span => ({
        trace: span.traceId.toString('hex'),
        id: span.spanId.toString('hex'),
        parent: span.parentSpanId.toString('hex'),
        traceState: span.traceState,
        name: span.name,
        kind: span.kind,
        startedAt: Number(span.startTimeUnixNano) / 1e6,
        endedAt: Number(span.endTimeUnixNano) / 1e6,
        status: span.status?.code ?? 0,
        attributes: attributesIn(span),
        resource: attributesIn(resource),
      })),
    ),
  );
}

function seriesIn(body: Buffer): GotSeries[] {
  return decoded('ExportMetricsServiceRequest', body)
    .resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics))
    .flatMap(({ name, unit, histogram }) =>
      (histogram?.dataPoints ?? []).map(point => ({
        name,
        unit,
        count: Number(point.count),
        sum: point.sum,
        attributes: attributesIn(point),
      })),
    );
}

function attributesIn({ attributes }: WireAttributes): Attributes {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, valueOf(value)]));
}

function valueOf(value: WireValue): unknown {
  const plain = value[value.value];
  return value.arrayValue
    ? value.arrayValue.values.map(valueOf)
    : value.value === 'intValue'
      ? Number(plain)
      : plain;
}

import type { Readable } from 'node:stream';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Config, GatewayError, Histogram, Metrics, UpstreamError, UpstreamTimeoutError } from '@app/shared';
import { type Dispatcher, type FormData, Pool } from 'undici';
import { VendorResponse } from './vendor.response.js';

const CONNECTIONS_PER_ORIGIN = 512;
const CONNECT_TIMEOUT_MS = 10_000;
/** Seconds: from a connection that is free to one that must be made, or waited for. */
const QUEUE_BOUNDS = [0.0001, 0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

export interface VendorRequest {
  /** Vendor id, for errors. */
  readonly vendor: string;
  /** Absolute URL. */
  readonly url: string;
  /** `POST` unless said otherwise. */
  readonly method?: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A stream is read at the vendor's pace, and destroyed when the request is over before it. */
  readonly body?: Buffer | string | FormData | Readable;
  /** Aborts the request at any time. */
  readonly signal: AbortSignal;
  /** Between two pieces of the answer, in ms; else as long as the gateway allows. */
  readonly idleMs?: number | null;
  /** Until the answer begins, and between its pieces, in ms, where that is longer than the gateway allows. */
  readonly waitMs?: number | undefined;
}

/** The one way out to vendors: a pool per origin, one request per connection at a time, no retries of its own. */
@Injectable()
export class VendorClient implements OnApplicationShutdown {
  private readonly pools = new Map<string, Pool>();
  /** In seconds. */
  private readonly queued = new Histogram(QUEUE_BOUNDS);

  constructor(
    private readonly config: Config,
    metrics: Metrics,
  ) {
    metrics.gauge('llmhub_vendor_connections', 'Connections to vendors, by what they do.', () =>
      [...this.pools].flatMap(([origin, { stats }]) => [
        { labels: { origin, state: 'busy' }, value: stats.running },
        { labels: { origin, state: 'free' }, value: stats.free },
      ]),
    );
    metrics.gauge('llmhub_vendor_queue', 'Requests that wait for a connection to their vendor.', () =>
      Array.from(this.pools, ([origin, { stats }]) => ({ labels: { origin }, value: stats.queued })),
    );
    metrics.histogram(
      'llmhub_vendor_queue_seconds',
      'How long requests waited for a connection to their vendor, its making included.',
      () => [{ labels: {}, ...this.queued }],
    );
  }

  /**
   * Resolves when the vendor's status has come, whatever it is.
   *
   * @throws UpstreamError when no answer comes: refused, cut, timed out, or aborted by the signal
   */
  send(request: VendorRequest): Promise<VendorResponse> {
    const slash = request.url.indexOf('/', request.url.indexOf('//') + 2);
    const origin = request.url.slice(0, slash);
    return new Promise((resolve, reject) => {
      const timeoutMs = Math.max(request.waitMs ?? 0, this.config.upstreamTimeoutMs);
      const exchange = new Exchange(request, { timeoutMs, queued: this.queued }, resolve, reject);
      this.pool(origin).dispatch(
        {
          origin,
          path: request.url.slice(slash),
          method: (request.method ?? 'POST') as Dispatcher.HttpMethod, // undici takes any token
          headers: request.headers,
          body: request.body,
          headersTimeout: timeoutMs,
          bodyTimeout: request.idleMs || timeoutMs,
        },
        exchange,
      );
    });
  }

  /** Breaks off all requests under way, which fail with that error; none can be sent any more. */
  async abortAll(reason: GatewayError): Promise<void> {
    await Promise.all([...this.pools.values()].map(pool => pool.destroy(reason)));
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.pools.values()].map(pool => pool.destroy()));
  }

  private pool(origin: string): Pool {
    let pool = this.pools.get(origin);
    if (!pool) {
      const timeout = this.config.upstreamTimeoutMs;
      pool = new Pool(origin, {
        connections: CONNECTIONS_PER_ORIGIN,
        pipelining: 1, // a second request would wait behind a slow completion
        headersTimeout: timeout,
        bodyTimeout: timeout,
        connectTimeout: CONNECT_TIMEOUT_MS,
      });
      this.pools.set(origin, pool);
    }
    return pool;
  }
}

/** One request in undici's own terms. */
class Exchange implements Dispatcher.DispatchHandler {
  private response: VendorResponse | null = null;
  private controller: Dispatcher.DispatchController | null = null;
  private readonly sentAt = performance.now();

  constructor(
    private readonly request: VendorRequest,
    private readonly client: { readonly timeoutMs: number; readonly queued: Histogram },
    private readonly resolve: (response: VendorResponse) => void,
    private readonly reject: (error: Error) => void,
  ) {
    request.signal.addEventListener('abort', this.onAbort, { once: true });
    if (request.signal.aborted) {
      this.onAbort();
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    this.client.queued.add((performance.now() - this.sentAt) / 1000);
    if (this.request.signal.aborted) {
      this.onAbort();
    }
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) {
      return; // 100 Continue and its like
    }
    this.response = new VendorResponse(status, headers, controller);
    this.resolve(this.response);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.response?.onData(chunk);
  }

  onResponseEnd(): void {
    this.controller = null;
    this.response?.onEnd();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.controller = null;
    const failure = this.explain(error);
    if (this.response) {
      this.response.onFailure(failure);
    } else {
      this.reject(failure);
    }
  }

  /** Stays with the signal, which goes when the call goes: taking it off would cost as much as putting it on. */
  private readonly onAbort = (): void => {
    const { reason } = this.request.signal;
    const error = reason instanceof GatewayError ? reason : new Error('The caller left.');
    if (this.controller) {
      this.controller.abort(error);
    } else {
      this.reject(this.explain(error)); // there is no connection yet: the request is dropped when there is one
    }
  };

  private explain(cause: Error & { code?: string }): Error {
    if (cause instanceof GatewayError) {
      return cause; // ours: see abortAll, and the signal's reason
    }
    const { vendor } = this.request;
    if (cause.code === 'UND_ERR_HEADERS_TIMEOUT' || cause.code === 'UND_ERR_BODY_TIMEOUT') {
      return new UpstreamTimeoutError(
        vendor,
        (this.response && this.request.idleMs) ?? this.client.timeoutMs,
      );
    }
    const message = this.response
      ? `The connection to the vendor '${vendor}' broke off in the middle of its answer.`
      : `The vendor '${vendor}' cannot be reached. Check its address and network, or try again.`;
    return new UpstreamError({ vendor, upstreamStatus: null, message, code: 'upstream_unreachable', cause });
  }
}

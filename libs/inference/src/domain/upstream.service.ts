import { Injectable } from '@nestjs/common';
import type { CallMeter } from '@app/analytics';
import { VendorClient, type VendorRequest, type VendorResponse, vendorUrl } from '@app/providers';
import type { Route } from '@app/routing';
import { type Call, concealed, type GatewayError, Histogram, Metrics } from '@app/shared';
import { type Endpoint, EndpointService } from './endpoint.service.js';
import { FLEX_REFUSALS, type FlexRequest } from './flex-tier.js';
import { CacheMissError } from './inference.errors.js';
import { readVendorFailure } from './vendor-answer.js';

/** Seconds: from a request that is read and sent on to one that waited for its turn. */
const OVERHEAD_BOUNDS = [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5, 10, 60] as const;

export interface UpstreamRequest {
  readonly call: Call;
  readonly meter: CallMeter;
  readonly route: Route;
  /** Below the vendor's base URL. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: VendorRequest['body'];
  /** One of the project's own; null for the gateway's; absent: the project's, else the gateway's. */
  readonly apiKey?: string | null;
  /** Instead of the call's: that of one attempt. */
  readonly signal?: AbortSignal;
  /** Between two pieces of the answer, in ms; else as long as the gateway allows. */
  readonly idleMs?: number | null;
  /** Sent instead of `body` at first; where the vendor refuses that for the tier's sake, `body` is sent after it. */
  readonly flex?: FlexRequest | null;
  /** From the vendor's usual base URL to the one that this is asked at. */
  readonly address?: ((baseUrl: string) => string) | undefined;
}

export interface UpstreamAnswer {
  readonly endpoint: Endpoint;
  /** Its status is 2xx; a redirect would carry the key to an address nobody configured. */
  readonly response: VendorResponse;
}

/** Sends a request to a vendor with the right key. */
@Injectable()
export class UpstreamService {
  /** In seconds. */
  private readonly overhead = new Histogram(OVERHEAD_BOUNDS);

  constructor(
    private readonly endpoints: EndpointService,
    private readonly client: VendorClient,
    metrics: Metrics,
  ) {
    metrics.histogram(
      'llmhub_overhead_seconds',
      'From the arrival of a call until its vendor is asked: what the gateway adds, its queues included.',
      () => [{ labels: {}, ...this.overhead }],
    );
  }

  /**
   * @throws UpstreamError for an error status of the vendor, or none at all
   * @throws CacheMissError (504) for whoever asks where there is no cache that no vendor be asked
   */
  async send(request: UpstreamRequest): Promise<UpstreamAnswer> {
    const { call, meter, route, path, headers, body, flex } = request;
    assertMayAsk(call);
    const { vendor } = route;
    const found = this.endpointOf(request);
    const endpoint = found instanceof Promise ? await found : found;
    const { baseUrl } = endpoint;
    const signal = request.signal ?? call.signal;
    await meter.begin({ provider: vendor.id, model: route.target.model });
    signal.throwIfAborted();
    meter.attempts += 1;
    this.noteAsked(call, meter);
    const response = await this.client.send({
      vendor: vendor.id,
      url: vendorUrl(request.address?.(baseUrl) ?? baseUrl, path, route.target.model),
      headers: { ...headers, ...endpoint.headers },
      body: flex?.body ?? body,
      signal,
      idleMs: request.idleMs ?? null,
      waitMs: flex?.waitMs,
    });
    if (response.status >= 300) {
      if (flex && FLEX_REFUSALS.has(response.status)) {
        response.abort();
        return this.send({ ...request, flex: null }); // what was set aside for it still is
      }
      meter.attemptRefused({ provider: vendor.id, model: route.target.model });
      throw concealed(await readVendorFailure(route, response), endpoint.apiKey);
    }
    return { endpoint, response };
  }

  /** Of each call once, whose later attempts wait for vendors. */
  private noteAsked({ startedAt }: Call, meter: CallMeter): void {
    if (meter.askedAt === null) {
      meter.askedAt = performance.now();
      this.overhead.add((meter.askedAt - startedAt) / 1000);
    }
  }

  private endpointOf({ call, route, apiKey }: UpstreamRequest): Endpoint | Promise<Endpoint> {
    return apiKey === undefined
      ? this.endpoints.of(call.projectId, route.vendor)
      : this.endpoints.openedBy(apiKey, route.vendor);
  }

  /** The gateway stops: all answers under way fail with that error. */
  abortAll(error: GatewayError): Promise<void> {
    return this.client.abortAll(error);
  }
}

/** @throws CacheMissError (504) for a caller who wants an answer of the cache or none */
export function assertMayAsk({ cache }: Pick<Call, 'cache'>): void {
  if (cache?.mode === 'only') {
    throw new CacheMissError();
  }
}

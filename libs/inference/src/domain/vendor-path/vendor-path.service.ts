import { Injectable } from '@nestjs/common';
import type { CallMeter } from '@app/analytics';
import { type Vendor, VendorClient, type VendorResponse } from '@app/providers';
import { type Call, quotaHeaders } from '@app/shared';
import { type Endpoint, EndpointService } from '../endpoint.service.js';
import { closeBroken } from '../failed-call.js';
import { assertMayAsk } from '../upstream.service.js';
import { isEventStream } from '../vendor-answer.js';
import { callerHeaders, vendorHeaders, vendorQuery } from './forwarded-headers.js';
import { type BodyLimit, LimitedBody } from './limited-body.js';
import { SecretMask } from './secret-mask.js';
import { PathDeadline, refuseChoices } from './path-deadline.js';
import { pathBelow, urlBelow, type VendorPath } from './vendor-path.js';
import { type RawRequest, VendorPathAccess } from './vendor-path.access.js';
import { keyRefused, redirected } from './vendor-path.errors.js';
import { VendorPathMetering } from './vendor-path.metering.js';
import { type RawReply, VendorPathRelay } from './vendor-path.relay.js';

export interface VendorPathInput {
  readonly call: Call;
  readonly vendor: Vendor;
  readonly target: VendorPath;
  readonly request: RawRequest;
  readonly reply: RawReply;
  /** Where the caller found the gateway, e.g. `https://gateway.example`. */
  readonly origin: string;
  /** An endpoint below /v1 leads there: SDKs send it the headers of their other calls, too. */
  readonly fromEndpoint?: true;
}

/** One that has begun. */
interface Begun extends VendorPathInput {
  readonly endpoint: Endpoint;
  readonly meter: CallMeter;
  /** The call's, and its deadline's. */
  readonly signal: AbortSignal;
}

/** Carries any request to any path of a vendor, with the vendor's key in place of the caller's. */
@Injectable()
export class VendorPathService {
  constructor(
    private readonly metering: VendorPathMetering,
    private readonly endpoints: EndpointService,
    private readonly client: VendorClient,
    private readonly access: VendorPathAccess,
  ) {}

  /**
   * Resolves when the answer is written.
   *
   * @throws GatewayError when it failed; after the first byte the answer must be cut. The call is metered all the same
   */
  async run(input: VendorPathInput): Promise<void> {
    const { call, vendor } = input;
    const meter = this.metering.open(call, vendor);
    let deadline: PathDeadline | null = null;
    try {
      if (!input.fromEndpoint) {
        refuseChoices(call);
      }
      assertMayAsk(call);
      deadline = new PathDeadline(call, vendor.id);
      await this.access.check(call, input);
      const endpoint = await this.endpoints.openedBy(await this.access.secretFor(call, vendor), vendor);
      const begun = { ...input, endpoint, meter, signal: deadline.signal };
      await this.relay(begun, await this.send(begun));
    } catch (error) {
      throw await closeBroken({ call }, meter, error, null);
    } finally {
      deadline?.end();
    }
  }

  private async send(begun: Begun): Promise<VendorResponse> {
    const { call, vendor, target, request, endpoint, meter, signal } = begun;
    const url = urlBelow(endpoint.baseUrl, { path: target.path, query: vendorQuery(target.query) });
    const headers = vendorHeaders(request.headers, endpoint.headers, vendor.dialect.headers);
    const body = hasBody(request) ? limited(request, this.access.limitOf(call, request.headers)) : undefined;
    if (!body) {
      delete headers['content-length'];
    }
    await this.metering.reserve(begun, meter);
    await meter.begin({ provider: vendor.id, model: null });
    signal.throwIfAborted();
    meter.attempts = 1;
    const { method = 'GET' } = request;
    const response = await this.client.send({
      vendor: vendor.id,
      method,
      url,
      headers,
      body,
      signal,
    });
    const { status } = response;
    if (status === 401 || status === 407 || (status >= 300 && status < 400 && response.header('location'))) {
      response.abort();
      throw status < 400 ? redirected(vendor.id) : keyRefused(vendor.id);
    }
    return response;
  }

  private relay(begun: Begun, response: VendorResponse): Promise<void> {
    const { call, vendor, reply, origin, endpoint, meter } = begun;
    const mask = new SecretMask(Object.values(endpoint.headers).map(value => value.split(' ').at(-1) ?? ''));
    const tap = this.metering.tap(begun, response, meter);
    meter.stream = isEventStream(response);
    meter.upstreamId = response.header('x-request-id') ?? response.header('request-id') ?? null;
    const tokenQuota = meter.tokenHold?.quota ?? null;
    const headers = {
      ...callerHeaders(response.headers, {
        isSafe: value => !mask.isIn(value),
        rebase: address => rebased(endpoint.baseUrl, address, `${origin}/${vendor.id}`),
        quota: call.quota,
        tokenQuota,
      }),
      'x-request-id': call.id,
      'x-llmhub-provider': vendor.id,
      ...(endpoint.simulated ? { 'x-llmhub-simulated': 'true' } : {}),
      ...(call.quota ? quotaHeaders(call.quota) : {}),
      ...(tokenQuota ? quotaHeaders(tokenQuota, 'tokens') : {}),
    };
    return new VendorPathRelay({ call, response, headers, meter, reply, tap, mask }).run();
  }
}

function hasBody({ headers }: RawRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** The vendor's side may stop reading at any time; then the rest is read and thrown away, so that the answer can be sent. */
function limited(request: RawRequest, limit: BodyLimit): LimitedBody {
  const body = new LimitedBody(limit);
  request.once('error', error => body.destroy(error));
  body.once('close', () => request.unpipe(body).resume());
  return request.pipe(body);
}

/** An address at the vendor as one at the gateway. */
function rebased(baseUrl: string, address: string, here: string): string | null {
  const path = pathBelow(baseUrl, address);
  return path === null ? null : here + path;
}

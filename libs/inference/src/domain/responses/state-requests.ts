import { Injectable } from '@nestjs/common';
import { ProviderRegistry, type Vendor } from '@app/providers';
import type { Call, GatewayError } from '@app/shared';
import { EndpointService } from '../endpoint.service.js';
import { splitVendorPath } from '../vendor-path/vendor-path.js';
import type { RawRequest } from '../vendor-path/vendor-path.access.js';
import type { RawReply } from '../vendor-path/vendor-path.relay.js';
import { VendorPathService } from '../vendor-path/vendor-path.service.js';
import { sendJson } from './send-json.js';

/** The vendor that keeps responses and conversations itself. */
const KEEPER = 'openai';

/** A request about something that is kept somewhere. */
export interface StateVisit {
  readonly call: Call;
  readonly request: RawRequest & { readonly originalUrl: string };
  readonly reply: RawReply;
  /** Where the caller found the gateway, e.g. `https://gateway.example`. */
  readonly origin: string;
}

export interface Asked {
  /** The id has the form that this gateway gives. */
  readonly isOwn: boolean;
  /** For what neither the gateway nor a vendor can have. */
  readonly missing: GatewayError;
}

/** Answers for what is kept here, and lets the vendor that keeps things itself answer for the rest. */
@Injectable()
export class StateRequests {
  constructor(
    private readonly paths: VendorPathService,
    private readonly endpoints: EndpointService,
    private readonly registry: ProviderRegistry,
  ) {}

  /** @throws GatewayError as `own` does, or (404) what is missing, or as the vendor's own paths do */
  async answer(visit: StateVisit, { isOwn, missing }: Asked, own: () => Promise<object>): Promise<void> {
    if (isOwn) {
      sendJson(visit, await own());
      return;
    }
    const vendor = this.registry.get(KEEPER);
    const target = splitVendorPath(`/${KEEPER}${visit.request.originalUrl}`);
    if (!vendor || !target || !(await this.mayAsk(visit.call, vendor))) {
      throw missing;
    }
    await this.paths.run({ ...visit, vendor, target });
  }

  private async mayAsk({ projectId }: Call, vendor: Vendor): Promise<boolean> {
    return (await this.endpoints.offersTo(projectId, [vendor])).length > 0;
  }
}

import { Injectable } from '@nestjs/common';
import type { Call, GatewayError } from '@app/shared';
import { splitVendorPath } from '../vendor-path/vendor-path.js';
import type { RawRequest } from '../vendor-path/vendor-path.access.js';
import type { RawReply } from '../vendor-path/vendor-path.relay.js';
import { VendorPathService } from '../vendor-path/vendor-path.service.js';
import { NativeKeepers } from './native-keepers.js';
import { sendJson } from './send-json.js';

const RESPONSES = /^\/v1\/responses(?=\/)/i;

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
  /** Of the response that is asked for; null for conversations. */
  readonly responseId: string | null;
  /** For what neither the gateway nor a vendor can have. */
  readonly missing: GatewayError;
}

/** Answers for what is kept here, and lets the vendor that keeps things itself answer for the rest. */
@Injectable()
export class StateRequests {
  constructor(
    private readonly paths: VendorPathService,
    private readonly keepers: NativeKeepers,
  ) {}

  /** @throws GatewayError as `own` does, or (404) what is missing, or as the vendor's own paths do */
  async answer(
    visit: StateVisit,
    { isOwn, responseId, missing }: Asked,
    own: () => Promise<object>,
  ): Promise<void> {
    if (isOwn) {
      sendJson(visit, await own());
      return;
    }
    const { call, request } = visit;
    const keeper = await (responseId === null
      ? this.keepers.usual(call)
      : this.keepers.ofResponse(call, responseId));
    const target = keeper && splitVendorPath(`/${keeper.vendor.id}${request.originalUrl}`);
    if (!target) {
      throw missing;
    }
    const path = target.path.replace(RESPONSES, keeper.path);
    await this.paths.run({
      ...visit,
      vendor: keeper.vendor,
      target: { ...target, path },
      fromEndpoint: true,
    });
  }
}

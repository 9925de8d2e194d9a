import { Injectable } from '@nestjs/common';
import type { CallMeter } from '@app/analytics';
import type { Vendor } from '@app/providers';
import { ModelRouter, type Route } from '@app/routing';
import { explainDepth, InvalidRequestError, Secrets } from '@app/shared';
import type { GenerationInput } from './generation-input.js';
import { type ParsedBody, parseBody } from './parse-body.js';
import { admitBody } from './scoped-fields.js';
import { ProjectSeal } from './signature-seal.js';
import { type VendorBody, writeVendorBody } from './vendor-body.js';

/** A request that is ready to go out. */
export interface Prepared {
  readonly body: ParsedBody;
  readonly route: Route;
  readonly vendorBody: VendorBody;
  readonly seal: ProjectSeal;
}

/** Reads what the caller sent, finds the vendor, and writes the request for it. The meter learns on the way. */
@Injectable()
export class RequestPreparer {
  constructor(
    private readonly router: ModelRouter,
    private readonly secrets: Secrets,
  ) {}

  /** @throws GatewayError (400, 403, 404) naming what is wrong */
  prepare(bytes: Buffer, input: GenerationInput, meter: CallMeter): Prepared {
    const { call, dialect, asked, forward } = input;
    const body = parseBody(bytes, call.defaultChatModel, asked);
    meter.modelAsked = body.model;
    meter.stream = body.stream;
    const route = this.router.resolve(body.model, dialect.id);
    admitBody({ call, meter }, route, body);
    assertChat(route.vendor);
    input.admit?.(route);
    const seal = new ProjectSeal(this.secrets, call.projectId);
    try {
      const vendorBody = writeVendorBody(dialect, body, route, { seal, strict: call.strict, forward });
      return { body, route: vendorBody.route, vendorBody, seal };
    } catch (error) {
      throw explainDepth(error);
    }
  }
}

function assertChat({ id, tasks, tasksOnly }: Vendor): void {
  if (tasksOnly) {
    const offered = Object.keys(tasks ?? {}).join(' and ');
    throw new InvalidRequestError(`The vendor '${id}' has no chat, only ${offered}.`, 'model');
  }
}

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

/** A request whose vendor is known, and may be asked. */
export interface Routed {
  readonly body: ParsedBody;
  readonly route: Route;
}

/** A request that is ready to go out. */
export interface Prepared extends Routed {
  readonly vendorBody: VendorBody;
  readonly seal: ProjectSeal;
}

/** What is to change of a request once its vendor is known. */
export type Amend = (routed: Routed) => Promise<ParsedBody>;

/** Reads what the caller sent, finds the vendor, and writes the request for it. The meter learns on the way. */
@Injectable()
export class RequestPreparer {
  constructor(
    private readonly router: ModelRouter,
    private readonly secrets: Secrets,
  ) {}

  /** @throws GatewayError (400, 403, 404) naming what is wrong, and what `amend` throws */
  async prepare(input: GenerationInput, meter: CallMeter, amend?: Amend): Promise<Prepared> {
    const routed = this.route(await input.body, input, meter);
    const body = amend ? await amend(routed) : routed.body;
    return this.write({ ...routed, body }, input);
  }

  /** The first half: where it goes. @throws GatewayError (400, 403, 404) */
  route(bytes: Buffer, { call, dialect, asked }: GenerationInput, meter: CallMeter): Routed {
    const body = parseBody(bytes, call.defaultChatModel, asked);
    meter.modelAsked = body.model;
    meter.stream = body.stream;
    const route = this.router.resolve(body.model, dialect.id);
    admitBody({ call, meter }, route, body);
    assertChat(route.vendor);
    return { body, route };
  }

  /** The second half: in the vendor's words. @throws GatewayError (400) */
  write({ body, route }: Routed, { call, dialect, forward }: GenerationInput): Prepared {
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

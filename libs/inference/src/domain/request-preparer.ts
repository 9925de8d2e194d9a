import { Injectable } from '@nestjs/common';
import type { CallMeter } from '@app/analytics';
import { estimateInput, type GenerationRequest } from '@app/dialects';
import type { Vendor } from '@app/providers';
import { firstOf, type PlannedCall, type Route, RoutePlanner, WISH_MEMBERS } from '@app/routing';
import {
  explainDepth,
  GatewayError,
  type HistoryWindow,
  InvalidRequestError,
  type PromptPass,
  Secrets,
} from '@app/shared';
import { SeenBodies } from './cache/seen-bodies.js';
import type { GenerationInput } from './generation-input.js';
import { type ParsedBody, withoutMembers } from './parse-body.js';
import { PriceCuts } from './price-cuts.js';
import { admitBody } from './scoped-fields.js';
import { ProjectSeal } from './signature-seal.js';
import { readRequest, type VendorBody, writeVendorBody } from './vendor-body.js';

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

/** A request, and where it may go. */
export interface PlannedRequest {
  readonly body: ParsedBody;
  readonly planned: PlannedCall;
  /** Members of the body that were for us, and are not in it any more. */
  readonly wishes: Readonly<Record<string, unknown>>;
}

const NO_WISHES: PlannedRequest['wishes'] = {};

/** Reads what the caller sent, finds out where it may go, and writes the request for a vendor. The meter learns on the way. */
@Injectable()
export class RequestPreparer {
  constructor(
    private readonly planner: RoutePlanner,
    private readonly secrets: Secrets,
    readonly cuts: PriceCuts,
    private readonly seen: SeenBodies,
  ) {}

  /** @throws GatewayError (400, 403, 404, 429, 503) naming what is wrong, or in the way */
  async plan(input: ReadInput, meter: CallMeter): Promise<PlannedRequest> {
    const { call, dialect } = input;
    const body = this.seen.parse(await input.body, input);
    const { json, model, stream } = body;
    meter.modelAsked = model;
    meter.noteUser(json);
    meter.stream = stream;
    const planning = this.planner.plan({
      call,
      model,
      body: json,
      stream,
      spoken: dialect.id,
      lostAt: route => this.lostAt(route, body, input),
      countInput: () => estimateInput(json),
    });
    const planned = planning instanceof Promise ? await planning : planning;
    meter.decision = planned.decision;
    meter.attemptsMade = planned.attempts;
    if (planned.refusal) {
      throw planned.refusal;
    }
    const wishes = planned.ownMembers.length === 0 ? NO_WISHES : membersOf(json, planned.ownMembers);
    return { body: withoutMembers(body, planned.ownMembers), planned, wishes };
  }

  /** Members of the body that a vendor would not get. */
  private lostAt(route: Route, body: ParsedBody, input: ReadInput): readonly string[] {
    try {
      const { vendorBody } = this.write({ route, body: withoutMembers(body, WISH_MEMBERS) }, input);
      return vendorBody.losses.filter(({ action }) => action === 'dropped').map(({ field }) => field);
    } catch (error) {
      if (error instanceof GatewayError) {
        return [error.param ?? error.message];
      }
      throw error;
    }
  }

  /** The request on one of its ways. @throws GatewayError (400, 403) */
  at(route: Route, body: ParsedBody, { call }: Pick<GenerationInput, 'call'>, meter: CallMeter): Routed {
    admitBody({ call, meter }, route, body);
    assertChat(route.vendor);
    return { body, route };
  }

  /** The request on its first way, for what no other vendor could do instead. @throws as `plan` and `at` */
  async first(input: ReadInput, meter: CallMeter): Promise<Routed> {
    const { body, planned } = await this.plan(input, meter);
    return this.at(firstOf(planned), body, input, meter);
  }

  /** In no vendor's words. @throws GatewayError (400) */
  read(body: ParsedBody, { call, dialect }: Pick<GenerationInput, 'call' | 'dialect'>): ReadRequest {
    const seal = new ProjectSeal(this.secrets, call.projectId);
    try {
      return { request: readRequest(dialect, body, seal), seal };
    } catch (error) {
      throw explainDepth(error);
    }
  }

  /** In the vendor's words. @throws GatewayError (400) */
  write({ body, route }: Routed, { call, dialect, forward, said, passes, history }: WriteInput): Prepared {
    const seal = new ProjectSeal(this.secrets, call.projectId);
    const pass = (passes ?? history) && this.cuts.through({ passes: passes ?? [], history }, call.projectId);
    try {
      const { strict } = call;
      const options = { seal, strict, forward, said, pass, history };
      const vendorBody = writeVendorBody(dialect, body, route, options);
      return { body, route: vendorBody.route, vendorBody, seal };
    } catch (error) {
      throw explainDepth(error);
    }
  }
}

/** A request in no vendor's words. */
export interface ReadRequest {
  readonly request: GenerationRequest;
  readonly seal: ProjectSeal;
}

/** What is needed to write one. @see WriteOptions.said */
type WriteInput = Pick<GenerationInput, 'call' | 'dialect' | 'forward'> & {
  readonly said?: string | null;
  /** What the prompt goes through on its way; absent: nothing. */
  readonly passes?: readonly PromptPass[] | undefined;
  /** How much of the conversation is sent on; absent: all of it. */
  readonly history?: HistoryWindow | undefined;
};

/** What is read of a request to prepare it. */
export type ReadInput = Pick<GenerationInput, 'call' | 'dialect' | 'body' | 'asked' | 'forward'>;

function membersOf(json: ParsedBody['json'], names: readonly string[]): PlannedRequest['wishes'] {
  return Object.fromEntries(names.map(name => [name, json[name]]));
}

function assertChat({ id, tasks, tasksOnly }: Vendor): void {
  if (tasksOnly) {
    const offered = Object.keys(tasks ?? {}).join(' and ');
    throw new InvalidRequestError(`The vendor '${id}' has no chat, only ${offered}.`, 'model');
  }
}

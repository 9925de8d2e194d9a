import { Injectable } from '@nestjs/common';
import type { CallMeter } from '@app/analytics';
import { type Loss, openAiChatClient, type Usage } from '@app/dialects';
import type { VendorRequest, VendorResponse } from '@app/providers';
import {
  type Errand,
  Executor,
  type PlannedCall,
  type Route,
  RoutePlanner,
  type Sending,
} from '@app/routing';
import { type Call, concealed, type GatewayError } from '@app/shared';
import type { CallerReply } from './caller-reply.js';
import type { CacheNote, Exchange } from './exchange.js';
import { abortedBy } from './failed-call.js';
import type { MostUse } from './most-use.js';
import { Spending } from './spending.js';
import { UpstreamService } from './upstream.service.js';

/** What a caller asks for that is no chat: vectors, pictures, the text of speech. */
export interface TaskTrip {
  readonly call: Call;
  readonly meter: CallMeter;
  readonly reply: CallerReply;
  readonly model: string;
  readonly stream: boolean;
  /** The parsed body, or the fields of a form. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Estimated. */
  readonly inputTokens: number;
  /** Whether it can be asked there at all. Where nobody can be, `prepare` says why. */
  readonly offers: (route: Route) => boolean;
  /** What is known to speak against asking there with what came along: it is on record with the decision. */
  readonly unfit?: (route: Route) => GatewayError | null;
  /** What its caller is told where that holds for all; null: the first error. */
  readonly refusal?: (errors: readonly GatewayError[]) => GatewayError | null;
  /**
   * Makes it ready for one vendor, anew for each attempt: a body that is read from disk is read once.
   *
   * @param ownMembers of the fields that are for the gateway, and not for the vendor
   * @throws GatewayError (400, 403)
   */
  readonly prepare: (route: Route, ownMembers: readonly string[]) => Leg | Promise<Leg>;
  /** What is kept of it, and what is told of that; absent or null: nothing. */
  readonly kept?: KeptTask | null;
  /** Of the file that came with it, where its caller is told that. */
  readonly fileHash?: string;
  /** What one attempt can use at most there. */
  readonly most: (route: Route) => MostUse;
  /** What a vendor that was hung up on may bill; null when nobody knows. */
  readonly spent: () => Usage | null;
}

/** What the cache has to do with a trip. */
export interface KeptTask {
  /** What its caller is told when a vendor answers. */
  readonly note: CacheNote | null;
  /** As the vendor is to be asked: others may wait for the answer, too. */
  readonly made: Pick<TaskTrip, 'call' | 'reply'>;
  /** False when the vendor is to be asked. @throws GatewayError (400, 403, 504) */
  answer(planned: PlannedTask, prepare: TaskTrip['prepare']): Promise<boolean>;
  /** The vendor was asked, and that is over. @param error of a call that failed */
  land(error?: unknown): void;
}

/** A trip made ready for one vendor. */
export interface Leg extends Pick<VendorRequest, 'headers' | 'body'> {
  /** Below the vendor's base URL. */
  readonly path: string;
  /** Where the vendor has the task at another address than its chat. */
  readonly address?: ((baseUrl: string) => string) | undefined;
  readonly losses: readonly Loss[];
  /**
   * Nothing reaches the caller before the answer is whole, or has begun to stream. Resolves when the caller has it, with what
   * broke its stream off; null when nothing did.
   */
  readonly answer: (exchange: Exchange) => Promise<GatewayError | null>;
}

/** Where a task may go. */
export type PlannedTask = Pick<PlannedCall, 'routes' | 'decision' | 'ownMembers' | 'policy'>;

interface Begun {
  readonly response: VendorResponse;
  readonly exchange: Exchange;
  readonly leg: Leg;
}

/** The way of everything that is no chat: plan, ask one vendor after another, answer. */
@Injectable()
export class TaskRoads {
  constructor(
    private readonly planner: RoutePlanner,
    private readonly executor: Executor,
    readonly upstream: UpstreamService,
    readonly spending: Spending,
  ) {}

  /** @throws GatewayError when it failed before the first byte of the answer */
  async run(trip: TaskTrip): Promise<void> {
    const { meter, model, fields, stream, inputTokens } = trip;
    meter.modelAsked = model;
    meter.noteUser(fields);
    meter.stream = stream;
    const countInput = (): number => inputTokens;
    const errors: GatewayError[] = [];
    const unfit = (route: Route): string | null => {
      const error = trip.unfit?.(route) ?? null;
      errors.push(...(error ? [error] : []));
      return error && firstSentence(error.message);
    };
    const asked = { call: trip.call, model, body: fields, stream, countInput, unfit };
    const planned = await this.planner.plan(asked);
    meter.decision = planned.decision;
    meter.attemptsMade = planned.attempts;
    if (planned.refusal) {
      const isUnfit = errors.length === planned.decision?.snapshot.candidates.length;
      throw (isUnfit && (trip.refusal?.(errors) ?? errors[0])) || planned.refusal;
    }
    const offering = planned.routes.filter(trip.offers);
    const routes = offering.length > 0 ? offering : planned.routes.slice(0, 1);
    const taken = { ...planned, routes };
    await this.travel(trip, taken, async road => {
      try {
        await this.executor.run(taken, road);
      } catch (error) {
        const { signal } = road.call;
        if (!signal.aborted) {
          throw error;
        }
        if (meter.attempts > 0) {
          meter.usage ??= trip.spent(); // the vendor has read it all, and bills it
        }
        throw abortedBy(signal.reason);
      }
    });
  }

  /** To one vendor with a key that the caller chose. @throws as `run` */
  async runWith(trip: TaskTrip, to: Pick<Sending, 'route' | 'apiKey'>): Promise<void> {
    const planned = { routes: [to.route], decision: null, ownMembers: [], policy: null };
    await this.travel(trip, planned, async road => {
      const { signal } = road.call;
      const sending = { ...to, signal, idleMs: null, waits: false, accepted: false };
      await road.answer(await road.send({ ...sending, noteFailure: () => undefined })); // it is its caller's key
    });
  }

  /** Unless its caller is told what is kept. */
  private async travel(
    trip: TaskTrip,
    planned: PlannedTask,
    drive: (road: TaskRoad) => Promise<void>,
  ): Promise<void> {
    const { kept } = trip;
    if (kept && (await kept.answer(planned, trip.prepare))) {
      return;
    }
    const { call, reply } = kept?.made ?? trip;
    try {
      await drive(new TaskRoad(this, call === trip.call ? trip : { ...trip, call, reply }, planned));
      kept?.land();
    } catch (error) {
      kept?.land(error);
      throw error;
    }
  }
}

/** What to do about it is for callers, and not for the record. */
function firstSentence(message: string): string {
  return message.split('. ', 1)[0] ?? message;
}

type Roads = Pick<TaskRoads, 'upstream' | 'spending'>;

/** One trip on its way to one vendor after another, until one answers. */
class TaskRoad implements Errand<Begun> {
  readonly call;
  readonly stream;
  readonly inputTokens;
  readonly modelAsked;
  cut: GatewayError | null = null;

  constructor(
    private readonly roads: Roads,
    private readonly trip: TaskTrip,
    private readonly planned: PlannedTask,
  ) {
    this.call = trip.call;
    this.stream = trip.stream;
    this.inputTokens = trip.inputTokens;
    this.modelAsked = trip.model;
  }

  get committed(): boolean {
    return this.trip.reply.headersSent;
  }

  get firstTokenAt(): number | null {
    return this.trip.meter.firstTokenAt;
  }

  async send(sending: Sending): Promise<Begun> {
    const { route, apiKey, signal, idleMs } = sending;
    const { call, meter, reply, fileHash } = this.trip;
    const { ownMembers, policy } = this.planned;
    const leg = await this.trip.prepare(route, ownMembers);
    if (!this.roads.spending.isFree(call)) {
      const { fields, most, inputTokens } = this.trip;
      const use = (): MostUse => most(route);
      await this.roads.spending.holdTokens(call, meter, inputTokens);
      await this.roads.spending.reserve({ call, meter, route, fields, use });
    }
    const { path, headers, body, address, losses } = leg;
    const asked = { path, headers, body, address, apiKey, signal, idleMs };
    const { endpoint, response } = await this.roads.upstream.send({ call, meter, route, ...asked });
    sending.accepted = true;
    if (this.stream && sending.waits) {
      await response.begun(null);
    }
    // Errors have the shape of chat's, and no usage is guessed here.
    const cache = this.trip.kept?.note ?? null;
    const spoken = { dialect: openAiChatClient, asked: null, policy, cache, fileHash };
    return { response, leg, exchange: { ...spoken, call, meter, reply, route, endpoint, response, losses } };
  }

  async answer({ exchange, leg }: Begun): Promise<number | null> {
    const { meter } = this.trip;
    const { route, endpoint } = exchange;
    meter.provider = route.vendor.id; // another attempt may have been under way beside this
    meter.modelSent = route.target.model;
    try {
      this.cut = await leg.answer(exchange);
    } catch (error) {
      throw concealed(error, endpoint.apiKey);
    }
    return meter.usage?.outputTokens ?? null;
  }

  abandoned({ route: { vendor, target } }: Sending): void {
    const { meter, spent } = this.trip;
    meter.leaveAttempt({ provider: vendor.id, model: target.model }, meter.usage ?? spent());
  }

  spent({ route: { vendor, target } }: Sending): void {
    const { meter, spent } = this.trip;
    meter.endAttempt({ provider: vendor.id, model: target.model }, meter.usage ?? spent());
  }

  refused(): void {
    this.trip.meter.isFree = true;
  }
}

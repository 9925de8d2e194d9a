import { Injectable } from '@nestjs/common';
import { type CallMeter, Metering } from '@app/analytics';
import { Executor, firstOf } from '@app/routing';
import type { CacheUse } from '@app/shared';
import { CachedAnswers } from './cache/cached-answers.js';
import type { CacheVisit } from './cache/cache-visit.js';
import type { Asking } from './cache/replays.js';
import { closeBroken } from './failed-call.js';
import type { GenerationInput } from './generation-input.js';
import {
  GenerationRoad,
  GenerationRoads,
  type Prepare,
  type Ready,
  type Traveller,
} from './generation.road.js';
import type { PlannedRequest, RequestPreparer, Routed } from './request-preparer.js';

/** The road of one text request: read, plan, write for a vendor, carry the answer back, meter. */
@Injectable()
export class GenerationService {
  constructor(
    private readonly metering: Metering,
    private readonly executor: Executor,
    private readonly roads: GenerationRoads,
    private readonly cache: CachedAnswers,
  ) {}

  private get preparer(): RequestPreparer {
    return this.roads.preparer;
  }

  /**
   * Resolves when the answer is written, or the stream has told its failure.
   *
   * @throws GatewayError when it failed before the first byte; the call is metered all the same
   */
  async run(input: GenerationInput): Promise<void> {
    const meter = this.open(input);
    await this.carry(input, await this.plan(input, meter), meter);
  }

  /** Whoever opens a meter plans and carries, or closes it. */
  open({ call, endpoint }: GenerationInput): CallMeter {
    return this.metering.open(call, endpoint);
  }

  /** The first half of the road: where it may go. @throws GatewayError; the call is metered all the same */
  async plan(input: GenerationInput, meter: CallMeter): Promise<PlannedRequest> {
    try {
      return await this.preparer.plan(input, meter);
    } catch (error) {
      throw await closeBroken(input, meter, error, null);
    }
  }

  /** The request on its first way. @throws GatewayError (400, 403); the call is metered all the same */
  async first({ body, planned }: PlannedRequest, input: GenerationInput, meter: CallMeter): Promise<Routed> {
    try {
      return this.preparer.at(firstOf(planned), body, input, meter);
    } catch (error) {
      throw await closeBroken(input, meter, error, null);
    }
  }

  /** In the vendor's words. @throws GatewayError (400) */
  ready(routed: Routed, input: GenerationInput, said: string | null = null): Ready {
    const { promptPasses: passes, history } = input.call;
    return { input, prepared: this.preparer.write(routed, { ...input, said, passes, history }) };
  }

  /**
   * The second half: asks vendors and answers the caller.
   *
   * @param prepare how the request is made ready for one of them
   * @throws as `run`
   */
  async carry(
    input: GenerationInput,
    request: PlannedRequest,
    meter: CallMeter,
    prepare: Prepare = (routed, said, travelling) => this.ready(routed, travelling, said),
  ): Promise<void> {
    const { cache } = input.call;
    if (!cache) {
      return this.travel({ input, request, meter, prepare, visit: null });
    }
    const visit = await this.visit({ input, request, meter }, cache);
    if (!visit) {
      return;
    }
    try {
      const travelling = visit.flight ? { ...input, ...visit.flight.made } : input;
      await this.travel({ input: travelling, request, meter, prepare, visit });
      this.cache.land(visit);
    } catch (error) {
      this.cache.land(visit, error);
      throw error;
    }
  }

  /** Null when the caller was answered from the cache. @throws as `run` */
  private async visit(asking: Asking, cache: CacheUse): Promise<CacheVisit | null> {
    const { input, request, meter } = asking;
    try {
      const visit = this.cache.visit(input, request, cache);
      return (await this.cache.answer(visit, asking)) ? null : visit;
    } catch (error) {
      throw await closeBroken(input, meter, error, null);
    }
  }

  private async travel(traveller: Traveller): Promise<void> {
    const { input, request, meter } = traveller;
    const road = new GenerationRoad(this.roads, traveller);
    try {
      await this.executor.run(request.planned, road);
    } catch (error) {
      if (!(await road.isBrokenOff(error))) {
        throw await closeBroken(input, meter, error, road.billable);
      }
    }
  }
}

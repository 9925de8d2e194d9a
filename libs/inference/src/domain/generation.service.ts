import { Injectable } from '@nestjs/common';
import { type CallMeter, Metering } from '@app/analytics';
import { type GenerationRequest, readingFreeText } from '@app/dialects';
import { concealed } from '@app/shared';
import { estimateUsage } from './estimate.js';
import { annotation, type Exchange } from './exchange.js';
import { closeBroken } from './failed-call.js';
import type { GenerationInput } from './generation-input.js';
import { OpenStreams } from './open-streams.js';
import type { ParsedBody } from './parse-body.js';
import { PassThroughStream } from './pass-through.stream.js';
import { type Amend, type Prepared, RequestPreparer } from './request-preparer.js';
import type { ProjectSeal } from './signature-seal.js';
import { StreamRelay, type StreamTransform } from './stream-relay.js';
import { TranslatedStream } from './translated.stream.js';
import { type UpstreamAnswer, type UpstreamRequest, UpstreamService } from './upstream.service.js';
import { isEventStream, refuseWithoutStream } from './vendor-answer.js';
import { passWhole, translateWhole } from './whole-answer.js';

/** The road of one text request: read, plan, write for a vendor, carry the answer back, meter. */
@Injectable()
export class GenerationService {
  constructor(
    private readonly metering: Metering,
    private readonly preparer: RequestPreparer,
    private readonly executor: Executor,
    private readonly roads: GenerationRoads,
  ) {}

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
      throw closeBroken(input, meter, error, null);
    }
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
    prepare: Prepare = routed => ({ input, prepared: this.preparer.write(routed, input) }),
  ): Promise<void> {
    const road = new GenerationRoad(this.roads, { input, request, meter, prepare });
    try {
      await this.executor.run(request.planned, road);
    } catch (error) {
      throw closeBroken(input, meter, error, road.billable);
    }
  }
}

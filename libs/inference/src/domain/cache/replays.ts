import { Injectable } from '@nestjs/common';
import type { CallMeter } from '@app/analytics';
import { ReplayedResponse } from '@app/providers';
import { allowsRoute, ModelRouter, type PlannedCall, type Route } from '@app/routing';
import { annotation, type Exchange } from '../exchange.js';
import type { GenerationInput } from '../generation-input.js';
import { nowhere } from '../endpoint.service.js';
import { OpenStreams } from '../open-streams.js';
import { type PlannedRequest, type ReadRequest, RequestPreparer } from '../request-preparer.js';
import { StreamRelay, type StreamTransform } from '../stream-relay.js';
import { streamWriter, translated } from '../stream-translation.js';
import { meterSummary, sendWhole, translateWhole } from '../whole-answer.js';
import type { Keyed } from './cache-visit.js';
import { refusedAgain } from './kept-refusal.js';
import { type Retelling, Retellings } from './retellings.js';
import { RetoldStream } from './retold.stream.js';
import type { Told } from './told.js';
import { unbilled } from './unbilled.dialect.js';

/** A request that may be answered by what was answered before. */
export interface Asking {
  readonly input: GenerationInput;
  readonly request: PlannedRequest;
  readonly meter: CallMeter;
}

/**
 * Tells callers what a vendor answers to others, or answered: its answer as it comes is read once more, and written in the dialect of
 * whoever asks. No vendor hears of it, nothing is set aside for it, and it costs nothing.
 */
@Injectable()
export class Replays {
  constructor(
    private readonly router: ModelRouter,
    readonly preparer: RequestPreparer,
    private readonly streams: OpenStreams,
    private readonly retellings: Retellings,
  ) {}

  /**
   * False when that is not for this caller.
   *
   * @throws GatewayError when it breaks off before the first byte, or the request is one that the vendor never takes
   */
  async tell(
    { answer, kept, note, savedNanoUsd }: Told,
    keyed: Keyed,
    { input, request, meter }: Asking,
  ): Promise<boolean> {
    const route = this.routeTo(answer, request.planned);
    if (!route || !allowsRoute(input.call.permission, route)) {
      return false;
    }
    const routed = this.preparer.at(route, request.body, input, meter);
    const { call, dialect, reply, framing } = input;
    const { history } = call;
    const { body } = request;
    const last = (kept && this.retellings.find(kept, { call, dialect, route, body })) ?? null;
    // The caller is told of them again.
    const { losses } = last ?? this.preparer.write(routed, { ...input, history }).vendorBody;
    meter.cached = true;
    meter.savedNanoUsd = savedNanoUsd;
    if (answer.refusal) {
      reply.setHeader?.('x-llmhub-cache', note.status);
      throw refusedAgain(answer.vendor, answer.refusal);
    }
    const tape = last?.tape ?? answer.tape;
    const exchange: Exchange = {
      call,
      dialect,
      meter,
      reply,
      route: { ...route, dialect: unbilled(route.dialect) },
      endpoint: nowhere(answer.simulated),
      asked: null,
      response: new ReplayedResponse(answer.contentType, tape, call.signal, pauseOf(input, request)),
      framing,
      policy: request.planned.policy,
      cache: note,
      losses,
      givenAt: kept && Math.floor(kept.keptAt / 1000),
    };
    const told = last ?? (kept && this.retellings.tell({ answer: kept, body, tape }, exchange, keyed));
    await (told ? this.retell(exchange, told, keyed) : this.translate(exchange, keyed));
    return true;
  }

  /** As it was told to others. */
  private async retell(exchange: Exchange, { written, tape }: Retelling, keyed: ReadRequest): Promise<void> {
    if ('text' in written) {
      meterSummary(exchange, written.summary);
      const about = { id: exchange.call.id, llmhub: () => annotation(exchange, null) };
      return sendWhole(exchange, Buffer.from(written.text.for(about)));
    }
    const again = (): StreamTransform => this.translation(exchange, keyed);
    await this.stream(exchange, new RetoldStream(exchange, written, tape, again));
  }

  private async translate(exchange: Exchange, keyed: ReadRequest): Promise<void> {
    const { request, seal } = keyed;
    await (request.stream
      ? this.stream(exchange, this.translation(exchange, keyed))
      : translateWhole(exchange, request, seal));
  }

  private async stream(exchange: Exchange, transform: StreamTransform): Promise<void> {
    await new StreamRelay(exchange, transform, this.streams).run();
  }

  private translation(exchange: Exchange, { request, seal }: ReadRequest): StreamTransform {
    return translated(
      exchange,
      request,
      streamWriter(() => exchange, request, seal),
    );
  }

  /** Null when the vendor speaks otherwise by now. */
  private routeTo({ vendor, model, dialect }: Told['answer'], { routes, policy }: PlannedCall): Route | null {
    const id = `${vendor}/${model}`;
    const planned = routes.find(route => route.id === id);
    const isOpened = planned?.isOpened ?? (policy !== null && routes[0]?.isOpened);
    const route = planned ?? this.router.resolve(id, dialect);
    const { secondDialect, dialectFor } = route.vendor;
    const spoken = [route.dialect, dialectFor?.(model, dialect), route.vendor.dialect, secondDialect].find(
      one => one?.id === dialect,
    );
    return spoken ? { ...route, dialect: spoken, ...(isOpened && { isOpened }) } : null;
  }
}

/** Between two pieces of a stream, in ms; null: none. */
function pauseOf({ call }: GenerationInput, { body }: PlannedRequest): number | null {
  const pace = call.cache?.pace ?? null;
  return pace === null || !body.stream ? null : Math.round(1000 / pace);
}

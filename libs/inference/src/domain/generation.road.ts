import { Injectable } from '@nestjs/common';
import type { CallMeter } from '@app/analytics';
import type { GenerationRequest, StreamWriter, Usage } from '@app/dialects';
import { savedByPasses } from '@app/optimization';
import type { VendorResponse } from '@app/providers';
import type { Errand, Route, Sending } from '@app/routing';
import { concealed, GatewayError } from '@app/shared';
import type { CacheVisit } from './cache/cache-visit.js';
import { ContinuingWriter } from './continuing.writer.js';
import { estimateTokens, estimateUsage } from './estimate.js';
import { annotation, type Exchange } from './exchange.js';
import type { GenerationInput } from './generation-input.js';
import { NoPrefillError } from './inference.errors.js';
import { OpenStreams } from './open-streams.js';
import type { ParsedBody } from './parse-body.js';
import { PassThroughStream } from './pass-through.stream.js';
import { assertPromptTakenInStream } from './prompt-refusal.js';
import { type PlannedRequest, type Prepared, RequestPreparer, type Routed } from './request-preparer.js';
import type { ProjectSeal } from './signature-seal.js';
import { Spending } from './spending.js';
import { streamWriter, translated } from './stream-translation.js';
import { StreamRelay, type StreamTransform } from './stream-relay.js';
import { UpstreamService } from './upstream.service.js';
import { isEventStream, refuseWithoutStream } from './vendor-answer.js';
import { passWhole, translateWhole } from './whole-answer.js';

/** A request made ready for one vendor, and how its answer is to be written. */
export interface Ready {
  readonly input: GenerationInput;
  readonly prepared: Prepared;
}

/**
 * Makes a request ready for one of the vendors that it may go to.
 *
 * @param said what was said of the answer already, see `WriteOptions`
 * @param input of the call, which may go on for others than its caller
 */
export type Prepare = (routed: Routed, said: string | null, input: GenerationInput) => Ready | Promise<Ready>;

interface Begun {
  readonly response: VendorResponse;
  readonly exchange: Exchange;
  readonly prepared: Prepared;
}

/** What every road needs. */
@Injectable()
export class GenerationRoads {
  constructor(
    readonly preparer: RequestPreparer,
    readonly upstream: UpstreamService,
    readonly streams: OpenStreams,
    readonly spending: Spending,
  ) {}
}

export interface Traveller {
  readonly input: GenerationInput;
  readonly request: PlannedRequest;
  readonly meter: CallMeter;
  readonly prepare: Prepare;
  /** What the cache has to do with it; null: nothing. */
  readonly visit: CacheVisit | null;
}

/** One text request on its way to one vendor after another, until one answers. */
export class GenerationRoad implements Errand<Begun> {
  readonly call;
  readonly stream;
  readonly modelAsked;
  readonly inputTokens;
  /** What is billed by estimate when no usage is told. */
  billable: ParsedBody['json'] | null = null;
  cut: GatewayError | null = null;
  private reply;
  private exchange: Exchange | null = null;
  private relay: StreamRelay | null = null;
  private continuing: ContinuingWriter | undefined;

  constructor(
    private readonly roads: GenerationRoads,
    private readonly traveller: Traveller,
  ) {
    const { input, request } = traveller;
    const { body, planned } = request;
    this.call = input.call;
    this.stream = body.stream;
    this.modelAsked = body.model;
    this.inputTokens = planned.decision?.snapshot.request.inputTokens ?? estimateTokens(body.bytes.length);
    this.reply = input.reply;
  }

  get committed(): boolean {
    return this.reply.headersSent && !this.continuing?.canGoOn;
  }

  get firstTokenAt(): number | null {
    return this.traveller.meter.firstTokenAt;
  }

  /** The caller has a part of the answer. */
  get resuming(): boolean {
    return this.reply.headersSent;
  }

  /** Tells the caller of a stream that has begun that nobody goes on with it. False when there is no such stream. */
  async isBrokenOff(error: unknown): Promise<boolean> {
    if (!this.resuming || !this.relay || !(error instanceof GatewayError)) {
      return false;
    }
    await this.relay.breakOff(error);
    return true;
  }

  async send(sending: Sending): Promise<Begun> {
    const { route, apiKey, signal, idleMs } = sending;
    const { request, meter, prepare, visit } = this.traveller;
    const { preparer, upstream } = this.roads;
    this.assertCanGoOn(route);
    const routed = preparer.at(route, request.body, this, meter);
    const afforded = this.roads.spending.isFree(this.call) ? routed : await this.afford(routed);
    const ready = prepare(afforded, this.said, this.traveller.input);
    const { input, prepared } = ready instanceof Promise ? await ready : ready;
    const { body, vendorBody } = prepared;
    this.reply = input.reply;
    this.billable = billable(input, prepared);
    const { dialect: theirs, target } = prepared.route;
    const { endpoint, response } = await upstream.send({
      call: this.call,
      meter,
      route: prepared.route,
      path: theirs.path(target.model, body.stream),
      headers: { 'content-type': 'application/json', ...vendorBody.headers },
      body: vendorBody.wire,
      apiKey,
      signal,
      idleMs,
      flex: preparer.cuts.inFlexTier(this.call, prepared),
    });
    sending.accepted = true;
    if (body.stream && sending.waits) {
      await response.begun(theirs.token);
    }
    const { losses, trail } = vendorBody;
    const { call, reply, framing, echo } = input;
    const told = {
      call,
      dialect: input.dialect,
      meter,
      reply,
      route: prepared.route,
      endpoint,
      losses,
      trail,
      response,
      fallsBack: this.fallsBack(route),
    };
    const { policy } = request.planned;
    const exchange = { ...told, asked: this.billable, framing, echo, policy, cache: visit?.note };
    return { response, exchange, prepared };
  }

  async answer({ exchange, prepared }: Begun): Promise<number | null> {
    const { body, vendorBody, seal } = prepared;
    const { request } = vendorBody;
    const { meter, visit } = this.traveller;
    this.isAnsweredBy(exchange);
    const recording = this.resuming ? null : visit?.record(exchange);
    try {
      if (!body.stream) {
        await (request ? translateWhole(exchange, request, seal) : passWhole(exchange));
      } else {
        if (!isEventStream(exchange.response)) {
          await refuseWithoutStream(exchange.route, exchange.response);
        }
        assertPromptTakenInStream(exchange);
        const transform = request ? this.translate(exchange, request, seal) : passThrough(exchange, body);
        this.relay = new StreamRelay(this.exchange ?? exchange, transform, this.roads.streams);
        this.cut = await this.relay.run();
      }
      recording?.keep();
      return meter.usage?.outputTokens ?? null;
    } catch (error) {
      throw concealed(error, exchange.endpoint.apiKey);
    } finally {
      if (exchange.trail) {
        this.roads.preparer.cuts.learn(exchange.trail, meter.usage);
      }
    }
  }

  abandoned({ route: { vendor, target } }: Sending): void {
    const { meter } = this.traveller;
    meter.leaveAttempt({ provider: vendor.id, model: target.model }, this.spentSoFar);
  }

  spent({ route: { vendor, target } }: Sending): void {
    const { meter } = this.traveller;
    meter.endAttempt({ provider: vendor.id, model: target.model }, this.spentSoFar);
  }

  refused(): void {
    this.traveller.meter.isFree = true;
  }

  private afford(routed: Routed): Promise<Routed> {
    const { input, meter } = this.traveller;
    const { inputTokens, said } = this;
    return this.roads.spending.afford(routed, { input, meter, inputTokens, said });
  }

  private get spentSoFar(): Usage | null {
    return this.billable && (this.traveller.meter.usage ?? estimateUsage(this.billable, 0));
  }

  /** What the next vendor goes on from; null when bytes may pass, since nobody is to go on with the answer. */
  private get said(): string | null {
    const { options } = this.traveller.request.planned;
    return this.stream && options.midStreamFailover ? (this.continuing?.said ?? '') : null;
  }

  /** Whether its refusal of the prompt has another model asked. What a fallback says, also that it refuses, the caller hears. */
  private fallsBack(route: Route): boolean {
    const { routes, options } = this.traveller.request.planned;
    const { contentPolicy } = options.fallbacks;
    return (
      contentPolicy.length > 0 &&
      !this.resuming &&
      routes.includes(route) &&
      contentPolicy.every(({ id }) => id !== route.id)
    );
  }

  /** @throws NoPrefillError where the model would begin anew */
  private assertCanGoOn({ id, target: { traits, quirks } }: Route): void {
    const goesOn = traits.prefill ?? quirks.prefill !== undefined;
    if (this.continuing && this.continuing.said !== '' && !goesOn) {
      throw new NoPrefillError(id);
    }
  }

  private translate(exchange: Exchange, request: GenerationRequest, seal: ProjectSeal): StreamTransform {
    const write = (): StreamWriter => streamWriter(() => this.exchange ?? exchange, request, seal);
    return translated(exchange, request, this.said === null ? write() : this.joined(write, exchange));
  }

  /** The writer of the whole answer, whoever gives it. */
  private joined(write: () => StreamWriter, exchange: Exchange): ContinuingWriter {
    const before = this.exchange;
    if (this.continuing && before && this.resuming) {
      this.continuing.goOn(before.route.id, exchange.route.id);
    } else {
      this.continuing = new ContinuingWriter(write(), this.call.annotate);
    }
    this.exchange = { ...exchange, continuing: this.continuing };
    return this.continuing;
  }

  /** A hedge may have left later, and lost: call and meter are about the one that answers. */
  private isAnsweredBy({ route, reply, asked, meter, trail }: Exchange): void {
    meter.provider = route.vendor.id;
    meter.modelSent = route.target.model;
    meter.savedNanoUsd = trail ? () => savedByPasses(trail, meter.usage) : nothing;
    this.reply = reply;
    this.billable = asked;
  }
}

const nothing = (): number => 0;

/** A vendor that works in the background tells its usage later. */
function billable(
  { dialect }: Pick<GenerationInput, 'dialect'>,
  { body, route }: Prepared,
): ParsedBody['json'] | null {
  const isLater = route.dialect.id === 'openai-responses' && dialect.id === 'openai-responses';
  return isLater && body.json['background'] === true ? null : body.json;
}

function passThrough(exchange: Exchange, body: ParsedBody): StreamTransform {
  const { vendor, dialect, target } = exchange.route;
  return new PassThroughStream({
    vendor: vendor.id,
    token: dialect.token,
    reader: dialect.streamReader(target),
    passage: exchange.dialect.passage,
    body: body.json,
    annotate: usage => annotation(exchange, usage),
    estimate: outputTokens => exchange.asked && estimateUsage(exchange.asked, outputTokens),
  });
}

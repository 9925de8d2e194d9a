import { Injectable } from '@nestjs/common';
import { type CallMeter, Metering } from '@app/analytics';
import { type ClientDialect, type GenerationRequest, type Loss, Losses, parseExact } from '@app/dialects';
import { VendorClient, type VendorResponse } from '@app/providers';
import { ModelRouter, type Route } from '@app/routing';
import { type Call, GatewayError, Secrets, UpstreamError } from '@app/shared';
import type { CallerReply } from './caller-reply.js';
import { asksForUsage, canPassThrough, passThroughBody } from './chat-pass-through.js';
import { type Endpoint, EndpointService } from './endpoint.service.js';
import { estimateUsage } from './estimate.js';
import { annotation, type Exchange } from './exchange.js';
import { CallerLeftError } from './inference.errors.js';
import { OpenStreams } from './open-streams.js';
import { type ParsedBody, parseBody } from './parse-body.js';
import { PassThroughStream } from './pass-through.stream.js';
import { ProjectSeal } from './signature-seal.js';
import { StreamRelay, type StreamTransform } from './stream-relay.js';
import { TranslatedStream } from './translated.stream.js';
import { readVendorFailure } from './vendor-failure.js';
import { passWhole, readAnswer, translateWhole } from './whole-answer.js';

const ERROR_BODY_LIMIT_BYTES = 1024 * 1024;

export interface GenerationInput {
  readonly call: Call;
  /** Dialect of the endpoint that was called. */
  readonly dialect: ClientDialect;
  /** Path of that endpoint, for the ledger. */
  readonly endpoint: string;
  readonly body: Promise<Buffer>;
  readonly reply: CallerReply;
}

/** A vendor-bound request, ready to go. `translated` is null when the caller's bytes pass through. */
interface Prepared {
  readonly route: Route;
  readonly endpoint: Endpoint;
  readonly body: ParsedBody;
  readonly wire: Buffer | string;
  readonly translated: GenerationRequest | null;
  readonly losses: readonly Loss[];
  readonly headers: Readonly<Record<string, string>>;
}

/** The road of one text request: read, route, write for the vendor, carry the answer back, meter. */
@Injectable()
export class GenerationService {
  constructor(
    private readonly metering: Metering,
    private readonly router: ModelRouter,
    private readonly endpoints: EndpointService,
    private readonly client: VendorClient,
    private readonly streams: OpenStreams,
    private readonly secrets: Secrets,
  ) {}

  /**
   * Resolves when the answer is written, or the stream has told its failure.
   *
   * @throws GatewayError when it failed before the first byte; the call is metered all the same
   */
  async run(input: GenerationInput): Promise<void> {
    const meter = this.metering.open(input.call, input.endpoint);
    let prepared: Prepared | null = null;
    try {
      prepared = await this.prepare(input, meter);
      const response = await this.send(prepared, input.call, meter);
      await this.answer(input, prepared, { meter, response });
    } catch (error) {
      throw this.settleFailure(error, input.call, meter, prepared);
    }
  }

  private async prepare({ call, dialect, body }: GenerationInput, meter: CallMeter): Promise<Prepared> {
    const parsed = parseBody(await body);
    meter.modelAsked = parsed.model;
    meter.stream = parsed.stream;
    const route = this.router.resolve(parsed.model);
    meter.provider = route.vendor.id;
    meter.modelSent = route.target.model;
    const losses = new Losses();
    const { wire, translated } = this.write(dialect, parsed, route, { call, losses });
    const endpoint = await this.endpoints.of(call.projectId, route.vendor);
    return { route, endpoint, body: parsed, losses: losses.list, ...wire, translated };
  }

  private write(
    dialect: ClientDialect,
    parsed: ParsedBody,
    route: Route,
    { call, losses }: { call: Call; losses: Losses },
  ): { wire: Pick<Prepared, 'wire' | 'headers'>; translated: GenerationRequest | null } {
    const { vendor, target } = route;
    if (dialect.id === vendor.dialect.id && canPassThrough(route, parsed)) {
      return {
        wire: { wire: passThroughBody(parsed, target.model), headers: vendor.dialect.headers },
        translated: null,
      };
    }
    const request = dialect.readRequest(parseExact(parsed.bytes.toString()), this.seal(call));
    const body = vendor.dialect.writeRequest(request, target, losses);
    losses.assertAcceptable(vendor.id, call.strict);
    const headers = { ...vendor.dialect.headers, ...vendor.dialect.requestHeaders?.(body) };
    return { wire: { wire: JSON.stringify(body), headers }, translated: request };
  }

  private async send(prepared: Prepared, { signal }: Call, meter: CallMeter): Promise<VendorResponse> {
    const { route, endpoint, wire, headers, body } = prepared;
    const { vendor, target } = route;
    meter.attempts = 1;
    const response = await this.client.send({
      vendor: vendor.id,
      url: endpoint.baseUrl + vendor.dialect.path(target.model, body.stream),
      headers: { 'content-type': 'application/json', ...headers, ...endpoint.headers },
      body: wire,
      signal,
    });
    if (response.status >= 400) {
      throw await readVendorFailure(route, response);
    }
    return response;
  }

  private async answer(
    { call, dialect, reply }: GenerationInput,
    { route, endpoint, body, losses, translated }: Prepared,
    { meter, response }: { meter: CallMeter; response: VendorResponse },
  ): Promise<void> {
    const requestBytes = body.bytes.length;
    const exchange: Exchange = {
      call,
      dialect,
      meter,
      reply,
      route,
      endpoint,
      losses,
      requestBytes,
      response,
    };
    if (!body.stream) {
      await (translated ? translateWhole(exchange, this.seal(call)) : passWhole(exchange));
      return;
    }
    if (!isEventStream(response)) {
      throw await this.notAStream(exchange);
    }
    const transform = translated ? this.translate(exchange, translated) : passThrough(exchange, body);
    await new StreamRelay(exchange, transform, this.streams).run();
  }

  private translate(exchange: Exchange, request: GenerationRequest): StreamTransform {
    const { call, dialect, meter, route } = exchange;
    const writer = dialect.streamWriter(request, {
      requestId: call.id,
      model: meter.modelAsked,
      seal: this.seal(call),
      llmhub: usage => annotation(exchange, usage),
    });
    return new TranslatedStream(route.vendor.id, route.vendor.dialect.streamReader(route.target), writer);
  }

  private seal(call: Call): ProjectSeal {
    return new ProjectSeal(this.secrets, call.projectId);
  }

  /** A 200 without a stream is most likely an error in disguise; the reader says so. */
  private async notAStream(exchange: Exchange): Promise<GatewayError> {
    const { response, route } = exchange;
    const bytes = await response.collect(route.vendor.id, ERROR_BODY_LIMIT_BYTES);
    readAnswer(exchange, bytes);
    return new UpstreamError({
      vendor: route.vendor.id,
      upstreamStatus: null,
      code: 'malformed_answer',
      message: `The vendor '${route.vendor.id}' was asked for a stream and sent none.`,
    });
  }

  private settleFailure(error: unknown, call: Call, meter: CallMeter, prepared: Prepared | null): unknown {
    if (call.signal.aborted) {
      if (prepared && meter.attempts > 0) {
        meter.usage ??= estimateUsage(prepared.body.bytes.length, 0);
      }
      meter.close({ status: 499, outcome: 'aborted', errorCode: 'caller_left' });
      return new CallerLeftError();
    }
    const known = error instanceof GatewayError;
    meter.close({
      status: known ? error.status : 500,
      outcome: 'failed',
      errorCode: known ? (error.code ?? undefined) : 'internal_error',
    });
    return error;
  }
}

function passThrough(exchange: Exchange, body: ParsedBody): StreamTransform {
  const { vendor, target } = exchange.route;
  return new PassThroughStream({
    vendor: vendor.id,
    reader: vendor.dialect.streamReader(target),
    showUsage: asksForUsage(body),
    annotate: usage => annotation(exchange, usage),
  });
}

function isEventStream(response: VendorResponse): boolean {
  return /^text\/event-stream\b/i.test(response.header('content-type') ?? '');
}

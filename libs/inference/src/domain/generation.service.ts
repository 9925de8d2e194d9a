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

/** The road of one text request: read, route, write for the vendor, carry the answer back, meter. */
@Injectable()
export class GenerationService {
  constructor(
    private readonly metering: Metering,
    private readonly preparer: RequestPreparer,
    private readonly upstream: UpstreamService,
    private readonly streams: OpenStreams,
  ) {}

  /**
   * Resolves when the answer is written, or the stream has told its failure.
   *
   * @throws GatewayError when it failed before the first byte; the call is metered all the same
   */
  async run(input: GenerationInput): Promise<void> {
    const meter = this.open(input);
    await this.carry(input, await this.prepare(input, meter), meter);
  }

  /** Whoever opens a meter prepares and carries, or closes it. */
  open({ call, endpoint }: GenerationInput): CallMeter {
    return this.metering.open(call, endpoint);
  }

  /** The first half of the road, as `RequestPreparer` goes it. @throws GatewayError; the call is metered all the same */
  async prepare(input: GenerationInput, meter: CallMeter, amend?: Amend): Promise<Prepared> {
    try {
      return await this.preparer.prepare(input, meter, amend);
    } catch (error) {
      throw closeBroken(input, meter, error, null);
    }
  }

  /** The second half: asks the vendor and answers the caller. @throws as `run` */
  async carry(input: GenerationInput, prepared: Prepared, meter: CallMeter): Promise<void> {
    try {
      const answer = await this.upstream.send(requestOf(input, prepared, meter));
      await this.answer(exchangeOf(input, prepared, meter, answer), prepared);
    } catch (error) {
      throw closeBroken(input, meter, error, billable(input, prepared));
    }
  }

  private async answer(exchange: Exchange, { body, vendorBody, seal }: Prepared): Promise<void> {
    const { request } = vendorBody;
    try {
      if (!body.stream) {
        await (request ? translateWhole(exchange, request, seal) : passWhole(exchange));
        return;
      }
      if (!isEventStream(exchange.response)) {
        await refuseWithoutStream(exchange.route, exchange.response);
      }
      const transform = request ? translate(exchange, request, seal) : passThrough(exchange, body);
      await new StreamRelay(exchange, transform, this.streams).run();
    } catch (error) {
      throw concealed(error, exchange.endpoint.apiKey);
    }
  }
}

function requestOf({ call }: GenerationInput, prepared: Prepared, meter: CallMeter): UpstreamRequest {
  const { body, route, vendorBody } = prepared;
  return {
    call,
    meter,
    route,
    path: route.dialect.path(route.target.model, body.stream),
    headers: { 'content-type': 'application/json', ...vendorBody.headers },
    body: vendorBody.wire,
  };
}

function exchangeOf(
  { call, dialect, reply, framing, echo }: GenerationInput,
  prepared: Prepared,
  meter: CallMeter,
  { endpoint, response }: UpstreamAnswer,
): Exchange {
  const { route, vendorBody } = prepared;
  const { losses } = vendorBody;
  const asked = billable({ dialect }, prepared);
  return { call, dialect, meter, reply, route, endpoint, losses, asked, response, framing, echo };
}

/** What is billed by estimate when no usage is told. A vendor that works in the background tells it later. */
function billable(
  { dialect }: Pick<GenerationInput, 'dialect'>,
  { body, route }: Prepared,
): ParsedBody['json'] | null {
  const isLater = route.dialect.id === 'openai-responses' && dialect.id === 'openai-responses';
  return isLater && body.json['background'] === true ? null : body.json;
}

function translate(exchange: Exchange, request: GenerationRequest, seal: ProjectSeal): StreamTransform {
  const { call, dialect, meter, route } = exchange;
  const asked = exchange.asked ?? {};
  const writer = dialect.streamWriter(request, {
    requestId: call.id,
    model: meter.modelAsked,
    seal,
    llmhub: usage => annotation(exchange, usage),
    echo: exchange.echo,
  });
  return new TranslatedStream({
    vendor: route.vendor.id,
    reader: readingFreeText(route.dialect.streamReader(route.target, dialect.id), request.tools),
    writer,
    estimate: outputTokens => estimateUsage(asked, outputTokens),
  });
}

function passThrough(exchange: Exchange, body: ParsedBody): StreamTransform {
  const { vendor, dialect, target } = exchange.route;
  return new PassThroughStream({
    vendor: vendor.id,
    reader: dialect.streamReader(target),
    passage: exchange.dialect.passage,
    body: body.json,
    annotate: usage => annotation(exchange, usage),
  });
}

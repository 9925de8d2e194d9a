import { Injectable } from '@nestjs/common';
import { type CallMeter, Metering } from '@app/analytics';
import { openAiResponsesClient } from '@app/dialects';
import { type Call, explainDepth, GatewayError } from '@app/shared';
import { estimateUsage } from './estimate.js';
import { answerHeaders, type Exchange } from './exchange.js';
import type { GenerationInput } from './generation-input.js';
import { CallerLeftError } from './inference.errors.js';
import { type Prepared, RequestPreparer } from './request-preparer.js';
import { UpstreamService } from './upstream.service.js';

const ENDPOINT = '/v1/responses/input_tokens';
const ANSWER_LIMIT_BYTES = 1024 * 1024;

/** How many tokens a request to Responses would bring to its model: as the vendor counts them, else estimated. */
@Injectable()
export class InputTokensService {
  constructor(
    private readonly metering: Metering,
    private readonly preparer: RequestPreparer,
    private readonly upstream: UpstreamService,
  ) {}

  /** @throws GatewayError when the request is wrong or the vendor fails; nothing is billed in either case */
  async count(input: Pick<GenerationInput, 'call' | 'body' | 'reply'>): Promise<void> {
    const meter = this.metering.open(input.call, ENDPOINT);
    const generation = { ...input, dialect: openAiResponsesClient, endpoint: ENDPOINT };
    try {
      const prepared = this.preparer.prepare(await input.body, generation, meter);
      const isNative = prepared.route.dialect.id === openAiResponsesClient.id;
      await (isNative ? this.ask(generation, prepared, meter) : estimate(generation, prepared, meter));
    } catch (error) {
      throw closed(meter, input.call, error);
    }
  }

  private async ask({ call, reply }: GenerationInput, prepared: Prepared, meter: CallMeter): Promise<void> {
    const { route, vendorBody, body } = prepared;
    const { endpoint, response } = await this.upstream.send({
      call,
      meter,
      route,
      path: `${route.dialect.path(route.target.model, false)}/input_tokens`,
      headers: { 'content-type': 'application/json', ...vendorBody.headers },
      body: vendorBody.wire,
    });
    const bytes = await response.collect(route.vendor.id, ANSWER_LIMIT_BYTES);
    const exchange: Exchange = {
      call,
      meter,
      reply,
      route,
      endpoint,
      response,
      losses: vendorBody.losses,
      dialect: openAiResponsesClient,
      asked: body.json,
    };
    send(reply, bytes, meter, answerHeaders(exchange, JSON_TYPE));
  }
}

const JSON_TYPE = 'application/json; charset=utf-8';

function estimate(
  { call, reply }: GenerationInput,
  { body, route }: Prepared,
  meter: CallMeter,
): Promise<void> {
  const { inputTokens } = estimateUsage(body.json, 0);
  const bytes = Buffer.from(JSON.stringify({ object: 'response.input_tokens', input_tokens: inputTokens }));
  send(reply, bytes, meter, {
    'x-request-id': call.id,
    'content-type': JSON_TYPE,
    'x-llmhub-provider': route.vendor.id,
    'x-llmhub-warnings': 'approximated=input_tokens',
  });
  return Promise.resolve();
}

function send(
  reply: GenerationInput['reply'],
  bytes: Buffer,
  meter: CallMeter,
  headers: Record<string, string | number>,
): void {
  meter.close({ status: 200, outcome: 'completed' });
  reply.writeHead(200, { ...headers, 'content-length': bytes.length });
  reply.end(bytes);
}

function closed(meter: CallMeter, call: Call, error: unknown): unknown {
  const told = call.signal.aborted ? new CallerLeftError() : explainDepth(error);
  const isKnown = told instanceof GatewayError;
  meter.close({
    status: isKnown ? told.status : 500,
    outcome: call.signal.aborted ? 'aborted' : 'failed',
    errorCode: isKnown ? told.code : 'internal_error',
  });
  return told;
}

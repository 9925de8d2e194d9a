import { Injectable } from '@nestjs/common';
import type { CallMeter } from '@app/analytics';
import {
  type ImageAnswer,
  type ImageDialect,
  type ImageTask,
  Losses,
  openAiChatClient,
  readImageRequest,
  readImageUsage,
  writeImageEvents,
  writeImages,
} from '@app/dialects';
import { ModelRouter, type Route } from '@app/routing';
import { type Call, InvalidRequestError, isObject, spliceMembers, UpstreamError } from '@app/shared';
import type { CallerReply } from '../caller-reply.js';
import { annotated, annotation, answerHeaders, type Exchange } from '../exchange.js';
import { NamedEventStream } from '../named-event.stream.js';
import { OpenStreams } from '../open-streams.js';
import { StreamRelay } from '../stream-relay.js';
import { UpstreamService } from '../upstream.service.js';
import { admitBody, admitForm } from '../scoped-fields.js';
import { isEventStream, malformed, parseVendorJson } from '../vendor-answer.js';
import { ANSWER_LIMIT_BYTES, sendWhole } from '../whole-answer.js';
import { type ImageBody, readForm, vendorForm } from './image-body.js';

/** Errors have the shape of chat's, and no usage is guessed. */
const SPOKEN = { dialect: openAiChatClient, asked: null };

export interface ImageInput {
  readonly call: Call;
  readonly meter: CallMeter;
  readonly task: ImageTask;
  readonly body: ImageBody;
  readonly reply: CallerReply;
}

/** Pictures from any vendor that makes some: OpenAI's requests pass as they came, for Google they are translated. */
@Injectable()
export class ImagesService {
  constructor(
    private readonly router: ModelRouter,
    private readonly upstream: UpstreamService,
    private readonly streams: OpenStreams,
  ) {}

  /** @throws GatewayError when it failed before the first byte of the answer */
  async run(input: ImageInput): Promise<void> {
    const { meter, task, body } = input;
    meter.modelAsked = body.model;
    meter.stream = body.stream;
    const route = this.router.resolve(body.model);
    const { vendor } = route;
    admitImage(input, route);
    const { images } = vendor.dialect;
    if (vendor.imageTasks?.includes(task)) {
      await this.pass(input, route);
    } else if (images) {
      await this.translate(input, route, images);
    } else {
      throw new InvalidRequestError(
        `The vendor '${vendor.id}' has no image ${task}. Choose another model.`,
        'model',
      );
    }
  }

  private async pass(input: ImageInput, route: Route): Promise<void> {
    const { call, meter, task, body, reply } = input;
    const { vendor, target } = route;
    const json = { 'content-type': 'application/json' };
    const { endpoint, response } = await this.upstream.send({
      call,
      meter,
      route,
      path: `/images/${task}`,
      headers: { ...(body.bytes && json), ...vendor.dialect.headers },
      body: body.bytes
        ? spliceMembers(body.bytes, { model: JSON.stringify(target.model) })
        : await vendorForm(body, target.model),
    });
    const exchange: Exchange = { ...SPOKEN, call, meter, reply, route, endpoint, response, losses: [] };
    if (body.stream && isEventStream(response)) {
      const type = `${task === 'edits' ? 'image_edit' : 'image_generation'}.completed`;
      const ending = { what: 'the picture', type, usage: readImageUsage };
      const errors = vendor.dialect.streamReader(target);
      await new StreamRelay(exchange, new NamedEventStream(vendor.id, errors, ending), this.streams).run();
    } else {
      await passWhole(exchange);
    }
  }

  private async translate(input: ImageInput, route: Route, dialect: ImageDialect): Promise<void> {
    const { call, meter, task, body, reply } = input;
    const { vendor, target } = route;
    const { fields, images } = await readForm(body);
    const losses = new Losses();
    const written = dialect.writeRequest(readImageRequest(task, fields, images), target, losses);
    losses.assertAcceptable(vendor.id, call.strict);
    const { endpoint, response } = await this.upstream.send({
      call,
      meter,
      route,
      path: dialect.path(target.model),
      headers: { 'content-type': 'application/json', ...vendor.dialect.headers },
      body: JSON.stringify(written),
    });
    const bytes = await response.collect(vendor.id, ANSWER_LIMIT_BYTES);
    const answer = dialect.readAnswer(parseVendorJson(vendor.id, bytes), target);
    note(meter, answer);
    assertImages(vendor.id, answer);
    const { list } = losses;
    answerTranslated(
      { ...SPOKEN, call, meter, reply, route, endpoint, response, losses: list },
      answer,
      input,
    );
  }
}

/** The vendor's bytes, with `x_llmhub` before the last brace. */
async function passWhole(exchange: Exchange): Promise<void> {
  const { response, route, meter } = exchange;
  const { id } = route.vendor;
  const bytes = await response.collect(id, ANSWER_LIMIT_BYTES);
  const answer = parseVendorJson(id, bytes);
  if (!isObject(answer) || !Array.isArray(answer['data'])) {
    throw malformed(id, 'answered without pictures');
  }
  meter.usage = readImageUsage(answer);
  meter.finish = 'stop';
  sendWhole(exchange, annotated(exchange, bytes));
}

function answerTranslated(exchange: Exchange, answer: ImageAnswer, { task, body }: ImageInput): void {
  const { call, meter, reply } = exchange;
  const created = Math.floor(call.receivedAt / 1000);
  if (body.stream) {
    meter.close({ status: 200, outcome: 'completed' });
    reply.writeHead(200, answerHeaders(exchange, 'text/event-stream; charset=utf-8'));
    reply.end(writeImageEvents(answer, task, created));
    return;
  }
  const llmhub = annotation(exchange, null);
  const written = { ...writeImages(answer, created), ...(llmhub && { x_llmhub: llmhub }) };
  sendWhole(exchange, Buffer.from(JSON.stringify(written)));
}

function note(meter: CallMeter, { id, model, usage, finish }: ImageAnswer): void {
  meter.upstreamId = id || null;
  meter.modelUsed = model || null;
  meter.usage = usage;
  meter.finish = finish;
}

/** @throws InvalidRequestError (400) for a prompt that the vendor refuses, UpstreamError (502) for any other reason */
function assertImages(vendor: string, { images, finish, native }: ImageAnswer): void {
  if (images.length > 0) {
    return;
  }
  const why = native === null ? '' : ` (${native})`;
  if (finish === 'content-filter') {
    throw new InvalidRequestError(
      `The vendor '${vendor}' refuses to make this picture${why}. Change the prompt.`,
      'prompt',
      'moderation_blocked',
    );
  }
  throw new UpstreamError({
    vendor,
    upstreamStatus: null,
    code: 'no_image',
    message: `The vendor '${vendor}' answered without a picture${why}. Ask for one in the prompt, or choose another model.`,
  });
}

function admitImage(input: ImageInput, route: Route): void {
  const { bytes, fields, model, stream } = input.body;
  if (bytes) {
    admitBody(input, route, { bytes, json: fields, model, stream });
  } else {
    const others = Object.entries(fields).filter(([name]) => name !== 'model');
    admitForm(input, route, others);
  }
}

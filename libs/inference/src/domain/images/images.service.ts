import { Injectable } from '@nestjs/common';
import type { CallMeter } from '@app/analytics';
import {
  estimateInput,
  type ImageAnswer,
  type ImageDialect,
  type ImageTask,
  Losses,
  readImageRequest,
  readImageUsage,
  writeImageEvents,
  writeImages,
} from '@app/dialects';
import type { Vendor } from '@app/providers';
import type { Route } from '@app/routing';
import {
  type Call,
  type GatewayError,
  InvalidRequestError,
  isObject,
  spliceMembers,
  UpstreamError,
} from '@app/shared';
import type { CallerReply } from '../caller-reply.js';
import { annotated, annotation, type Exchange } from '../exchange.js';
import { NamedEventStream } from '../named-event.stream.js';
import { OpenStreams } from '../open-streams.js';
import { StreamRelay } from '../stream-relay.js';
import { admitBody, admitForm } from '../scoped-fields.js';
import { mostOfPictures } from '../most-use.js';
import { type Leg, TaskRoads } from '../task.road.js';
import { isEventStream, malformed, parseVendorJson } from '../vendor-answer.js';
import { ANSWER_LIMIT_BYTES, sendEvents, sendWhole } from '../whole-answer.js';
import { type ImageBody, readForm, vendorForm, withoutFields } from './image-body.js';

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
    private readonly roads: TaskRoads,
    private readonly streams: OpenStreams,
  ) {}

  /** @throws GatewayError when it failed before the first byte of the answer */
  async run(input: ImageInput): Promise<void> {
    const { call, meter, reply, task, body } = input;
    const { model, stream, fields } = body;
    await this.roads.run({
      call,
      meter,
      reply,
      model,
      stream,
      fields,
      inputTokens: estimateInput(fields),
      offers: ({ vendor }) => takesAsIs(vendor, task) || vendor.dialect.images !== undefined,
      prepare: (route, ownMembers) =>
        this.prepare({ ...input, body: withoutFields(body, ownMembers) }, route),
      most: () => mostOfPictures(fields, body.bytes?.length ?? JSON.stringify(fields).length),
      spent: () => null,
    });
  }

  private prepare(input: ImageInput, route: Route): Promise<Leg> {
    const { vendor } = route;
    admitImage(input, route);
    const { images } = vendor.dialect;
    if (takesAsIs(vendor, input.task)) {
      return this.passing(input, route);
    }
    if (images) {
      return translating(input, route, images);
    }
    throw new InvalidRequestError(
      `The vendor '${vendor.id}' has no image ${input.task}. Choose another model.`,
      'model',
    );
  }

  private async passing({ task, body }: ImageInput, { vendor, target }: Route): Promise<Leg> {
    const json = { 'content-type': 'application/json' };
    return {
      path: `/images/${task}`,
      headers: { ...(body.bytes && json), ...vendor.dialect.headers },
      body: body.bytes
        ? spliceMembers(body.bytes, { model: JSON.stringify(target.model) })
        : await vendorForm(body, target.model),
      losses: [],
      answer: exchange =>
        body.stream && isEventStream(exchange.response) ? this.relay(exchange, task) : passWhole(exchange),
    };
  }

  private relay(exchange: Exchange, task: ImageTask): Promise<GatewayError | null> {
    const { vendor, target } = exchange.route;
    const type = `${task === 'edits' ? 'image_edit' : 'image_generation'}.completed`;
    const ending = { what: 'the picture', type, usage: readImageUsage };
    const errors = vendor.dialect.streamReader(target);
    const events = new NamedEventStream({
      vendor: vendor.id,
      errors,
      ending,
      annotate: usage => annotation(exchange, usage),
    });
    return new StreamRelay(exchange, events, this.streams).run();
  }
}

function takesAsIs({ imageTasks }: Vendor, task: ImageTask): boolean {
  return imageTasks?.includes(task) === true;
}

async function translating(
  input: ImageInput,
  { vendor, target }: Route,
  dialect: ImageDialect,
): Promise<Leg> {
  const { call, task, body } = input;
  const { fields, images } = await readForm(body);
  const losses = new Losses();
  const written = dialect.writeRequest(readImageRequest(task, fields, images), target, losses);
  losses.assertAcceptable(vendor.id, call.strict);
  return {
    path: dialect.path(target.model),
    headers: { 'content-type': 'application/json', ...vendor.dialect.headers },
    body: JSON.stringify(written),
    losses: losses.list,
    answer: async exchange => {
      const bytes = await exchange.response.collect(vendor.id, ANSWER_LIMIT_BYTES);
      const answer = dialect.readAnswer(parseVendorJson(vendor.id, bytes), target);
      note(exchange.meter, answer);
      assertImages(vendor.id, answer);
      await answerTranslated(exchange, answer, input);
      return null;
    },
  };
}

/** The vendor's bytes, with `x_llmhub` before the last brace. */
async function passWhole(exchange: Exchange): Promise<null> {
  const { response, route, meter } = exchange;
  const { id } = route.vendor;
  const bytes = await response.collect(id, ANSWER_LIMIT_BYTES);
  const answer = parseVendorJson(id, bytes);
  if (!isObject(answer) || !Array.isArray(answer['data'])) {
    throw malformed(id, 'answered without pictures');
  }
  meter.usage = readImageUsage(answer);
  meter.finish = 'stop';
  await sendWhole(exchange, annotated(exchange, bytes));
  return null;
}

async function answerTranslated(
  exchange: Exchange,
  answer: ImageAnswer,
  { task, body }: ImageInput,
): Promise<void> {
  const { call } = exchange;
  const created = Math.floor(call.receivedAt / 1000);
  const llmhub = annotation(exchange, null);
  if (body.stream) {
    return sendEvents(exchange, writeImageEvents(answer, task, created, llmhub));
  }
  await sendWhole(exchange, Buffer.from(JSON.stringify(writeImages(answer, created, llmhub))));
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

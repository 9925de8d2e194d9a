import { Injectable } from '@nestjs/common';
import type { CallMeter } from '@app/analytics';
import {
  asWritten,
  Losses,
  openAiChatClient,
  parseExact,
  type TaskAnswer,
  type TaskClient,
  type TaskRequest,
  type TaskVendor,
} from '@app/dialects';
import type { Vendor, VendorTasks } from '@app/providers';
import { ModelRouter, type Route } from '@app/routing';
import { type Call, InvalidRequestError, spliceMembers } from '@app/shared';
import type { CallerReply } from './caller-reply.js';
import { type Endpoint, EndpointService } from './endpoint.service.js';
import type { Exchange } from './exchange.js';
import { type ParsedBody, parseBody } from './parse-body.js';
import { admitBody } from './scoped-fields.js';
import { estimateTask, sendTaskAnswer } from './task-answer.js';
import { UpstreamService } from './upstream.service.js';

/** A question with one whole answer: as callers ask it, and how vendors take it. */
export interface Task<Request extends TaskRequest, Answer extends TaskAnswer> {
  readonly client: TaskClient<Request, Answer>;
  /** Undefined when the vendor does not offer it. */
  readonly of: (tasks: VendorTasks) => TaskVendor<Request, Answer> | undefined;
}

export interface TaskInput {
  readonly call: Call;
  readonly meter: CallMeter;
  readonly body: Promise<Buffer>;
  readonly reply: CallerReply;
  /** Of a caller that names it in the URL (Gemini). */
  readonly model?: string;
}

/** A task on its way to one model of one vendor. */
interface Errand<Request extends TaskRequest, Answer extends TaskAnswer> {
  readonly route: Route;
  readonly vendor: TaskVendor<Request, Answer>;
  readonly request: Request;
  readonly wire: Buffer | string;
  readonly losses: Losses;
}

/** The road of embeddings, moderations and rankings: read, route, say it as the vendor does, answer whole. */
@Injectable()
export class TaskService {
  constructor(
    private readonly router: ModelRouter,
    private readonly endpoints: EndpointService,
    private readonly upstream: UpstreamService,
  ) {}

  /** @throws GatewayError when it failed; the interceptor of the route meters it all the same */
  async run<Request extends TaskRequest, Answer extends TaskAnswer>(
    task: Task<Request, Answer>,
    input: TaskInput,
  ): Promise<void> {
    const { call, meter, model } = input;
    const asked = model === undefined ? undefined : { model, stream: false };
    const body = parseBody(await input.body, task.client.defaultModel, asked);
    const errand = prepare(task, body, this.route(body, input), call.strict);
    const { client } = task;
    const { vendor, request } = errand;
    try {
      await sendTaskAnswer(await this.send(errand, input), { client, vendor, request });
    } catch (error) {
      if (call.signal.aborted && meter.attempts > 0) {
        meter.usage ??= estimateTask(client, request); // the vendor has read it all, and bills it
      }
      throw error;
    }
  }

  private route(body: ParsedBody, input: TaskInput): Route {
    input.meter.modelAsked = body.model;
    const route = this.router.resolve(body.model);
    admitBody(input, route, body);
    return route;
  }

  private async send<Request extends TaskRequest, Answer extends TaskAnswer>(
    { route, vendor, wire, losses }: Errand<Request, Answer>,
    { call, meter, reply }: TaskInput,
  ): Promise<Exchange> {
    const { endpoint, response } = await this.upstream.send({
      call,
      meter,
      route,
      path: vendor.path(route.target.model),
      headers: { 'content-type': 'application/json' },
      body: wire,
      endpoint: await this.endpoint(call, route.vendor, vendor),
    });
    const dialect = openAiChatClient;
    return { call, dialect, meter, reply, route, endpoint, losses: losses.list, asked: null, response };
  }

  private async endpoint(
    { projectId }: Call,
    vendor: Vendor,
    task: Pick<TaskVendor<never, never>, 'address'>,
  ): Promise<Endpoint> {
    const endpoint = await this.endpoints.of(projectId, vendor);
    const { baseUrl } = endpoint;
    return { ...endpoint, baseUrl: task.address?.(baseUrl) ?? baseUrl };
  }
}

/**
 * The caller's bytes when the vendor takes them as they are, else what it understands.
 *
 * @throws InvalidRequestError (400) naming the field that cannot be read
 * @throws UnsupportedFieldsError (400) naming what the vendor cannot do
 */
function prepare<Request extends TaskRequest, Answer extends TaskAnswer>(
  { client, of }: Task<Request, Answer>,
  { bytes, json, model }: ParsedBody,
  route: Route,
  strict: boolean,
): Errand<Request, Answer> {
  const { target } = route;
  const vendor = of(route.vendor.tasks ?? {});
  if (!vendor) {
    throw new InvalidRequestError(`The vendor '${route.vendor.id}' offers no ${client.name}.`, 'model');
  }
  const request = client.readRequest(parseExact(bytes.toString()) as ParsedBody['json']);
  const losses = new Losses(client.fieldNames && asWritten(client.fieldNames, json));
  if (client.isUsual && vendor.fitsAsIs(request)) {
    const isNamed = model === target.model && json['model'] === model;
    const wire = isNamed ? bytes : spliceMembers(bytes, { model: JSON.stringify(target.model) });
    return { route, vendor, request, wire, losses };
  }
  const wire = JSON.stringify(vendor.writeRequest(request, target, losses));
  losses.assertAcceptable(target.vendor, strict);
  return { route, vendor, request, wire, losses };
}

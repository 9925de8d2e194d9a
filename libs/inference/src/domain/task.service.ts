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
import { AnswerCache } from '@app/optimization';
import { ReplayedResponse, type VendorTasks } from '@app/providers';
import { allowsRoute, type PlannedCall, type Route } from '@app/routing';
import { type Call, InvalidRequestError, spliceMembers } from '@app/shared';
import { Flights } from './cache/flights.js';
import { TaskVisit } from './cache/task-visit.js';
import type { Told } from './cache/told.js';
import type { CallerReply } from './caller-reply.js';
import type { Exchange } from './exchange.js';
import { nowhere } from './endpoint.service.js';
import { estimateTokens } from './estimate.js';
import { mostOfTask } from './most-use.js';
import { type ParsedBody, parseBody, withoutMembers } from './parse-body.js';
import { admitBody } from './scoped-fields.js';
import { estimateTask, sendTaskAnswer } from './task-answer.js';
import { TaskRoads } from './task.road.js';

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

interface PlannedTask {
  readonly input: TaskInput;
  readonly body: ParsedBody;
  readonly planned: PlannedCall;
}

/** A task on its way to one model of one vendor. */
interface Prepared<Request extends TaskRequest, Answer extends TaskAnswer> {
  readonly vendor: TaskVendor<Request, Answer>;
  readonly request: Request;
  readonly wire: Buffer | string;
  readonly losses: Losses;
}

/** The road of embeddings, moderations and rankings: read, say it as each vendor does, answer whole. */
@Injectable()
export class TaskService {
  constructor(
    private readonly roads: TaskRoads,
    private readonly cache: AnswerCache,
    private readonly flights: Flights,
  ) {}

  /** @throws GatewayError when it failed; the interceptor of the route meters it all the same */
  async run<Request extends TaskRequest, Answer extends TaskAnswer>(
    task: Task<Request, Answer>,
    input: TaskInput,
  ): Promise<void> {
    const { call, meter, reply, model } = input;
    const { client } = task;
    const asked = model === undefined ? undefined : { model, stream: false };
    const body = parseBody(await input.body, call, client.defaultModel, asked);
    let read: Request | null = null;
    const visit = this.visit(task, input, body);
    await this.roads.run({
      call,
      meter,
      reply,
      model: body.model,
      stream: false,
      fields: body.json,
      inputTokens: estimateTokens(body.bytes.length),
      offers: ({ vendor }) => task.of(vendor.tasks ?? {}) !== undefined,
      kept: visit,
      prepare: (route, ownMembers) => {
        const theirs = withoutMembers(body, ownMembers);
        admitBody(input, route, theirs);
        const { vendor, request, wire, losses } = prepare(task, theirs, route, call.strict);
        read = request;
        return {
          path: vendor.path(route.target.model),
          headers: { 'content-type': 'application/json' },
          body: wire,
          address: baseUrl => vendor.address?.(baseUrl) ?? baseUrl,
          losses: losses.list,
          answer: async exchange => {
            const bytes = await sendTaskAnswer(exchange, { client, vendor, request });
            visit?.isAnsweredBy(exchange, bytes);
            return null;
          },
        };
      },
      most: () => mostOfTask(body.json, body.bytes.length),
      spent: () => read && estimateTask(client, read),
    });
  }

  /** Null where nothing is cached. */
  private visit<Request extends TaskRequest, Answer extends TaskAnswer>(
    task: Task<Request, Answer>,
    input: TaskInput,
    body: ParsedBody,
  ): TaskVisit | null {
    const { call, meter, reply } = input;
    const { cache: use } = call;
    return (
      use &&
      new TaskVisit(this.cache, this.flights, { call, meter, reply, use, body }, (told, planned) =>
        tell(task, { input, body, planned }, told),
      )
    );
  }
}

/** False when that is not for this caller. @throws GatewayError (400, 403) */
async function tell<Request extends TaskRequest, Answer extends TaskAnswer>(
  task: Task<Request, Answer>,
  { input, body, planned }: PlannedTask,
  { answer, note, savedNanoUsd }: Told,
): Promise<boolean> {
  const { call, meter, reply } = input;
  const route = planned.routes.find(({ id }) => id === `${answer.vendor}/${answer.model}`);
  if (!route || !allowsRoute(call.permission, route)) {
    return false;
  }
  const theirs = withoutMembers(body, planned.ownMembers);
  admitBody(input, route, theirs);
  const { vendor, request, losses } = prepare(task, theirs, route, call.strict);
  meter.cached = true;
  meter.savedNanoUsd = savedNanoUsd;
  const exchange: Exchange = {
    call,
    meter,
    reply,
    route,
    dialect: openAiChatClient,
    endpoint: nowhere(answer.simulated),
    losses: losses.list, // the caller is told of them again
    asked: null,
    response: new ReplayedResponse(answer.contentType, answer.tape, call.signal),
    policy: planned.policy,
    cache: note,
  };
  await sendTaskAnswer(exchange, { client: task.client, vendor, request });
  return true;
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
): Prepared<Request, Answer> {
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
    return { vendor, request, wire, losses };
  }
  const wire = JSON.stringify(vendor.writeRequest(request, target, losses));
  losses.assertAcceptable(target.vendor, strict);
  return { vendor, request, wire, losses };
}

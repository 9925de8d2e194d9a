import { Injectable } from '@nestjs/common';
import type { CallMeter } from '@app/analytics';
import {
  asWritten,
  Losses,
  parseExact,
  type TaskAnswer,
  type TaskClient,
  type TaskRequest,
  type TaskVendor,
} from '@app/dialects';
import type { VendorTasks } from '@app/providers';
import type { Route } from '@app/routing';
import { type Call, hasDoubledMembers, InvalidRequestError, spliceMembers } from '@app/shared';
import { refersElsewhere } from './cache/elsewhere.js';
import { tapeOf, type TaskQuestion } from './cache/task-visit.js';
import { TaskVisits } from './cache/task-visits.js';
import type { CallerReply } from './caller-reply.js';
import { estimateTokens } from './estimate.js';
import { mostOfTask } from './most-use.js';
import { type ParsedBody, parseBody, withoutMembers } from './parse-body.js';
import { admitBody } from './scoped-fields.js';
import { estimateTask, sendTaskAnswer } from './task-answer.js';
import { TaskRoads, type TaskTrip } from './task.road.js';

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
    private readonly visits: TaskVisits,
  ) {}

  /** @throws GatewayError when it failed; the interceptor of the route meters it all the same */
  async run<Request extends TaskRequest, Answer extends TaskAnswer>(
    task: Task<Request, Answer>,
    input: TaskInput,
  ): Promise<void> {
    const { call, meter, reply, model } = input;
    const { client } = task;
    const named = model === undefined ? undefined : { model, stream: false };
    const body = parseBody(await input.body, call, client.defaultModel, named);
    let read: Request | null = null;
    const asked: Pick<TaskTrip, 'call' | 'meter' | 'reply' | 'model' | 'stream'> = {
      call,
      meter,
      reply,
      model: body.model,
      stream: false,
    };
    const visit = this.visits.of({ ...asked, question: () => questionOf(meter.endpoint, body) }, call.cache);
    await this.roads.run({
      ...asked,
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
            visit?.isAnsweredBy(exchange, tapeOf(bytes));
            return null;
          },
        };
      },
      most: () => mostOfTask(body.json, body.bytes.length),
      spent: () => read && estimateTask(client, read),
    });
  }
}

/** As it stands, with numbers as they stand there; null for one that refers elsewhere, or that vendors may read otherwise. */
function questionOf(endpoint: string, { bytes, json }: ParsedBody): TaskQuestion | null {
  const text = bytes.toString();
  return refersElsewhere(json) || hasDoubledMembers(text)
    ? null
    : { endpoint, body: parseExact(text) as ParsedBody['json'] };
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

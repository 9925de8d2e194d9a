import { readDirectives } from '../answering/directives.js';
import type { BillLine } from '../bill.js';
import type { ChatRequest } from '../chat-dialect.js';
import type { Exchange } from '../http/exchange.js';
import { readJson } from '../http/exchange.js';
import { firstHalf } from '../http/reply.js';
import { strikeFault, vendorCall } from '../http/vendor-call.js';
import { Refusal } from '../refusal.js';
import type { World } from '../world.js';

/** A question with one whole answer, as one vendor takes it: embeddings, moderation, rerank. */
export interface Task {
  /** Who it is billed to when the path names nobody. */
  readonly vendor: string;
  /** Throws a `Refusal` for whatever the vendor would not accept, key included. */
  check(request: ChatRequest): void;
  answer(request: ChatRequest, id: number): TaskAnswer;
  errorBody(refusal: Refusal): unknown;
}

export interface TaskAnswer {
  readonly model: string;
  /** What was read; directives stand in the first. */
  readonly texts: readonly string[];
  readonly body: object;
  /** Added to the body unless a fault has the vendor forget it. */
  readonly usage: object;
  readonly sold: Partial<BillLine>;
}

export async function serveTask(task: Task, exchange: Exchange, world: World): Promise<void> {
  const id = world.nextId();
  const vendor = exchange.vendor ?? task.vendor;
  const { reply, received, url } = exchange;
  const headers = { 'content-type': 'application/json', 'x-request-id': `req_sim_${id}` };
  await vendorCall(exchange, task, headers, async () => {
    const request = { url, headers: received.headers, body: await readJson(exchange, world.traffic) };
    task.check(request);
    const answer = task.answer(request, id);
    const { directives } = readDirectives(answer.texts[0] ?? '');
    const told = directives.get('fault');
    const fault = await strikeFault(exchange, world, { vendor, model: answer.model, told });
    if (!fault) {
      return;
    }
    world.bill.add(vendor, answer.model, answer.sold, directives.get('receipt'));
    const whole = fault.noUsage ? answer.body : { ...answer.body, ...answer.usage };
    const failed = task.errorBody(new Refusal(503, 'The model is overloaded.'));
    const text = JSON.stringify(fault.errorEvent === undefined ? whole : failed);
    await reply.send(200, headers, fault.malformed ? firstHalf(text) : text);
  });
}

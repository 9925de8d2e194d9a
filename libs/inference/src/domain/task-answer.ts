import type { TaskAnswer, TaskClient, TaskRequest, TaskVendor, Usage } from '@app/dialects';
import { estimateTokens } from './estimate.js';
import { annotated, type Exchange } from './exchange.js';
import { parseVendorJson } from './vendor-answer.js';
import { ANSWER_LIMIT_BYTES, sendWhole } from './whole-answer.js';

interface Asked<Request extends TaskRequest, Answer extends TaskAnswer> {
  readonly client: TaskClient<Request, Answer>;
  readonly vendor: TaskVendor<Request, Answer>;
  readonly request: Request;
}

/** The vendor's bytes when they are what the caller wants, else the answer in the caller's words; metered either way. */
export async function sendTaskAnswer<Request extends TaskRequest, Answer extends TaskAnswer>(
  exchange: Exchange,
  { client, vendor, request }: Asked<Request, Answer>,
): Promise<void> {
  const { call, meter, response, route } = exchange;
  const bytes = await response.collect(route.vendor.id, ANSWER_LIMIT_BYTES);
  const answer = vendor.readAnswer(parseVendorJson(route.vendor.id, bytes), request, route.target);
  const usage = answer.usage ?? estimateTask(client, request);
  meter.upstreamId = answer.id || null;
  meter.modelUsed = answer.model || null;
  meter.usage = usage;
  const meta = { requestId: call.id, model: meter.modelAsked, usage };
  const body =
    client.isUsual && answer.fitsCaller
      ? bytes
      : Buffer.from(JSON.stringify(client.writeAnswer(answer, request, meta)));
  await sendWhole(exchange, client.isUsual ? annotated(exchange, body) : body);
}

/** What the vendor must have read when it tells nothing: marked, so that nobody takes it for a count. */
export function estimateTask<Request extends TaskRequest, Answer extends TaskAnswer>(
  client: TaskClient<Request, Answer>,
  request: Request,
): Usage {
  return { inputTokens: estimateTokens(client.charactersIn(request)), outputTokens: 0, estimated: true };
}

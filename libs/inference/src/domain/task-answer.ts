import type { TaskAnswer, TaskClient, TaskRequest, TaskVendor, Usage } from '@app/dialects';
import { appendMember } from '@app/shared';
import { estimateTokens } from './estimate.js';
import { annotation, answerHeaders, costHeader, type Exchange } from './exchange.js';
import { parseVendorJson } from './vendor-answer.js';

/** Thousands of vectors of thousands of numbers, as text. */
const ANSWER_LIMIT_BYTES = 256 * 1024 * 1024;

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
  const { call, meter, reply, response, route } = exchange;
  const bytes = await response.collect(route.vendor.id, ANSWER_LIMIT_BYTES);
  const answer = vendor.readAnswer(parseVendorJson(route.vendor.id, bytes), request, route.target);
  const usage = answer.usage ?? estimateTask(client, request);
  meter.upstreamId = answer.id || null;
  meter.modelUsed = answer.model || null;
  meter.usage = usage;
  const llmhub = client.isUsual ? annotation(exchange, null) : null;
  const meta = { requestId: call.id, model: meter.modelAsked, usage };
  const body =
    client.isUsual && answer.fitsCaller
      ? bytes
      : Buffer.from(JSON.stringify(client.writeAnswer(answer, request, meta)));
  const annotated = llmhub ? appendMember(body, 'x_llmhub', JSON.stringify(llmhub)) : body;
  const headers = {
    ...answerHeaders(exchange, 'application/json; charset=utf-8'),
    ...costHeader(meter),
    'content-length': annotated.length,
  };
  meter.close({ status: 200, outcome: 'completed' });
  reply.writeHead(200, headers);
  reply.end(annotated);
}

/** What the vendor must have read when it tells nothing: marked, so that nobody takes it for a count. */
export function estimateTask<Request extends TaskRequest, Answer extends TaskAnswer>(
  client: TaskClient<Request, Answer>,
  request: Request,
): Usage {
  return { inputTokens: estimateTokens(client.charactersIn(request)), outputTokens: 0, estimated: true };
}

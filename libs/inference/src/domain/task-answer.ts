import type { TaskAnswer, TaskClient, TaskRequest, TaskVendor, Usage } from '@app/dialects';
import { spliceMembers } from '@app/shared';
import { estimateTokens } from './estimate.js';
import { annotated, type Exchange } from './exchange.js';
import { parseVendorJson } from './vendor-answer.js';
import { ANSWER_LIMIT_BYTES, sendWhole } from './whole-answer.js';

interface Asked<Request extends TaskRequest, Answer extends TaskAnswer> {
  readonly client: TaskClient<Request, Answer>;
  readonly vendor: TaskVendor<Request, Answer>;
  readonly request: Request;
}

type Written = Readonly<Record<string, unknown>>;

/** Members of answers that are about the call, and not what was asked. */
const OF_ONE_CALL = ['id', 'usage', 'meta'] as const;
const NOTHING_USED: Usage = { inputTokens: 0, outputTokens: 0 };

/**
 * The vendor's bytes when they are what the caller wants, else the answer in the caller's words; metered either way. What was
 * answered to another call before has used nothing, and no id of its own.
 *
 * @returns the vendor's bytes
 */
export async function sendTaskAnswer<Request extends TaskRequest, Answer extends TaskAnswer>(
  exchange: Exchange,
  { client, vendor, request }: Asked<Request, Answer>,
): Promise<Buffer> {
  const { call, meter, response, route } = exchange;
  const bytes = await response.collect(route.vendor.id, ANSWER_LIMIT_BYTES);
  const read = vendor.readAnswer(parseVendorJson(route.vendor.id, bytes), request, route.target);
  const answer = meter.cached ? { ...read, id: '', usage: NOTHING_USED } : read;
  const usage = answer.usage ?? estimateTask(client, request);
  meter.upstreamId = answer.id || null;
  meter.modelUsed = answer.model || null;
  meter.usage = usage;
  const meta = { requestId: call.id, model: meter.modelAsked, usage };
  const write = (): Written => client.writeAnswer(answer, request, meta);
  const passes = client.isUsual && answer.fitsCaller;
  const body = !passes
    ? Buffer.from(JSON.stringify(write()))
    : meter.cached
      ? ofThisCall(bytes, write())
      : bytes;
  await sendWhole(exchange, client.isUsual ? annotated(exchange, body) : body);
  return bytes;
}

/** The vendor's bytes, in which what they tell of the first call is told of this one. */
function ofThisCall(bytes: Buffer, written: Written): Buffer {
  const own = OF_ONE_CALL.filter(name => written[name] !== undefined);
  return spliceMembers(bytes, Object.fromEntries(own.map(name => [name, JSON.stringify(written[name])])));
}

/** What the vendor must have read when it tells nothing: marked, so that nobody takes it for a count. */
export function estimateTask<Request extends TaskRequest, Answer extends TaskAnswer>(
  client: TaskClient<Request, Answer>,
  request: Request,
): Usage {
  return { inputTokens: estimateTokens(client.charactersIn(request)), outputTokens: 0, estimated: true };
}

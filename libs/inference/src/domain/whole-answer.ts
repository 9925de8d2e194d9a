import {
  type Answer,
  type AnswerSummary,
  type GenerationRequest,
  summaryOf,
  withFreeText,
} from '@app/dialects';
import { estimateAnswer, estimateUsage } from './estimate.js';
import { annotated, annotation, answerHeaders, costHeader, type Exchange } from './exchange.js';
import { assertPromptTaken } from './prompt-refusal.js';
import type { ProjectSeal } from './signature-seal.js';
import { readVendorAnswer, readVendorSummary } from './vendor-answer.js';

/** Pictures, or thousands of vectors of thousands of numbers as text. */
export const ANSWER_LIMIT_BYTES = 256 * 1024 * 1024;
const JSON_TYPE = 'application/json; charset=utf-8';

/** Vendor and caller speak the same dialect: the bytes go on as they came, with `x_llmhub` before the last brace. */
export async function passWhole(exchange: Exchange): Promise<void> {
  const bytes = await collect(exchange);
  const summary = readVendorSummary(exchange.route, bytes);
  meterAnswer(exchange, summary, () => readVendorAnswer(exchange.route, bytes));
  await sendWhole(exchange, annotated(exchange, bytes));
}

/** Reads the vendor's answer and writes it in the caller's dialect. */
export async function translateWhole(
  exchange: Exchange,
  request: GenerationRequest,
  seal: ProjectSeal,
): Promise<void> {
  const bytes = await collect(exchange);
  const answer = withFreeText(readVendorAnswer(exchange.route, bytes), request.tools);
  meterAnswer(exchange, summaryOf(answer), () => answer);
  const { call, dialect, meter } = exchange;
  const body = dialect.writeAnswer(
    { ...answer, usage: meter.usage },
    {
      requestId: call.id,
      model: meter.modelAsked,
      seal,
      llmhub: annotation(exchange, null),
      legacyFunctions: request.native.spelling?.['tools'] === 'functions',
      request,
      echo: exchange.echo,
    },
  );
  await sendWhole(exchange, Buffer.from(JSON.stringify(body)));
}

function collect({ response, route }: Exchange): Promise<Buffer> {
  return response.collect(route.vendor.id, ANSWER_LIMIT_BYTES);
}

/**
 * @param read asked only when the vendor told no usage, or may have refused the prompt
 * @throws UpstreamError when it did, and another model is asked then
 */
function meterAnswer(
  { meter, asked, route, fallsBack }: Exchange,
  { id, model, finish, usage }: AnswerSummary,
  read: () => Answer,
): void {
  meter.upstreamId = id || null;
  meter.modelUsed = model || meter.modelUsed;
  meter.finish = finish;
  meter.usage = usage ?? (asked && estimateUsage(asked, estimateAnswer(read())));
  if (fallsBack && finish === 'content-filter') {
    assertPromptTaken(route.vendor.id, read());
  }
}

/** Closes the meter, which knows the usage, and sends a whole answer once that is safe. */
export async function sendWhole(exchange: Exchange, body: Buffer, type = JSON_TYPE): Promise<void> {
  const { reply, meter } = exchange;
  const headers = answerHeaders(exchange, type);
  Object.assign(headers, costHeader(meter));
  headers['content-length'] = body.length;
  await meter.close({ status: 200, outcome: 'completed' });
  reply.writeHead(200, headers);
  reply.end(body);
}

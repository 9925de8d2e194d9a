import {
  type Answer,
  type AnswerMeta,
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
  const { call, meter } = exchange;
  const { answer, summary } = readWhole(exchange, request, await collect(exchange));
  meterAnswer(exchange, summary, () => answer);
  const told = { requestId: call.id, seal, llmhub: annotation(exchange, null) };
  const body = writeWhole(exchange, { ...answer, usage: meter.usage }, request, told);
  await sendWhole(exchange, Buffer.from(JSON.stringify(body)));
}

/** What a vendor answered, and what of it the ledger wants. @throws UpstreamError when the body is no answer */
export function readWhole(
  { route }: Pick<Exchange, 'route'>,
  { tools }: Pick<GenerationRequest, 'tools'>,
  bytes: Buffer,
): { readonly answer: Answer; readonly summary: AnswerSummary } {
  const answer = withFreeText(readVendorAnswer(route, bytes), tools);
  return { answer, summary: summaryOf(answer) };
}

/** In the caller's dialect. @param told of the call */
export function writeWhole(
  { dialect, meter, echo, givenAt }: Exchange,
  answer: Answer,
  request: GenerationRequest,
  told: Pick<AnswerMeta, 'requestId' | 'seal' | 'llmhub'>,
): Record<string, unknown> {
  return dialect.writeAnswer(answer, {
    ...told,
    model: meter.modelAsked,
    legacyFunctions: request.native.spelling?.['tools'] === 'functions',
    request,
    echo,
    givenAt,
  });
}

function collect({ response, route }: Exchange): Promise<Buffer> {
  return response.collect(route.vendor.id, ANSWER_LIMIT_BYTES);
}

/**
 * @param read asked only when the vendor told no usage, or may have refused the prompt
 * @throws UpstreamError when it did, and another model is asked then
 */
function meterAnswer(exchange: Exchange, summary: AnswerSummary, read: () => Answer): void {
  const { meter, asked, route, fallsBack } = exchange;
  meterSummary(exchange, summary);
  meter.usage ??= asked && estimateUsage(asked, estimateAnswer(read()));
  if (fallsBack && summary.finish === 'content-filter') {
    assertPromptTaken(route.vendor.id, read());
  }
}

/** What an answer says of itself. */
export function meterSummary(
  { meter }: Pick<Exchange, 'meter'>,
  { id, model, finish, usage }: AnswerSummary,
): void {
  meter.upstreamId = id || null;
  meter.modelUsed = model || meter.modelUsed;
  meter.finish = finish;
  meter.usage = usage;
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

/** The same of a stream that is all there. */
export async function sendEvents(exchange: Exchange, events: string): Promise<void> {
  const { reply, meter } = exchange;
  await meter.close({ status: 200, outcome: 'completed' });
  reply.writeHead(200, answerHeaders(exchange, 'text/event-stream; charset=utf-8'));
  reply.end(events);
}

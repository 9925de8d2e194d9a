import type { AttemptMade, CallCourse, UsageRecord } from '@app/analytics';
import { redact, usdOf } from '@app/shared';
import { operationOf, providerName } from './gen-ai.js';
import type { Attributes, AttemptSpan, SpanFacts, ToldCall } from './told-call.js';

/** Of an attempt that was given up: the call that gave it up has its span. */
const GIVEN_UP = 'attempt_abandoned';
/** Of a target that was not asked. */
const NOT_AFFORDED = 'retry_budget';
/** Another attempt was faster. */
const OUTRUN = 'slower';

/** A call that has ended. */
export interface EndedCall {
  readonly record: UsageRecord;
  readonly course: CallCourse;
  /** Monotonic ms. */
  readonly endedAt: number;
}

/** @param vendor id @returns null when nobody knows */
export type AddressOf = (vendor: string) => { readonly host: string; readonly port: number } | null;

/** What a collector is told of a call. */
export function toldCall(ended: EndedCall, addressOf: AddressOf): ToldCall {
  const { record, course, endedAt } = ended;
  const { startedAt, trace } = course.call;
  const isPartOfAnother = record.errorCode === GIVEN_UP;
  return {
    id: record.id,
    trace,
    served: isPartOfAnother ? null : served(ended),
    attempts: isPartOfAnother ? [] : attemptsOf(ended, addressOf),
    tokens: tokensOf(record),
    stream: streamOf(record, endedAt - startedAt),
    labels: labelsOf(record),
  };
}

function served({ record, course, endedAt }: EndedCall): SpanFacts {
  const { startedAt, trace } = course.call;
  const { receivedAt, endpoint, status, outcome, errorCode, costNanoUsd } = record;
  return {
    name: trace?.partOf === undefined ? `${trace?.method ?? ''} ${endpoint}` : endpoint,
    startedAt: receivedAt,
    endedAt: receivedAt + endedAt - startedAt,
    isError: outcome === 'cut' || (outcome === 'failed' && status >= 500),
    attributes: known({
      'http.request.method': trace?.method,
      'http.route': endpoint,
      'http.response.status_code': status,
      'error.type': outcome === 'completed' ? null : (errorCode ?? String(status)),
      'gen_ai.operation.name': operationOf(endpoint),
      'gen_ai.request.model': record.modelAsked === null ? null : redact(record.modelAsked),
      'llmhub.request.id': record.id,
      'llmhub.project.id': record.projectId,
      'llmhub.key.id': record.keyId,
      'llmhub.outcome': outcome,
      'llmhub.attempts': record.attempts,
      'llmhub.cached': record.cached,
      'llmhub.cost_usd': costNanoUsd === null ? null : usdOf(costNanoUsd),
    }),
  };
}

function attemptsOf(ended: EndedCall, addressOf: AddressOf): AttemptSpan[] {
  const { record, course } = ended;
  if (record.attempts === 0) {
    return []; // also where an attempt was begun, and refused before anything was sent
  }
  const made = course.attemptsMade.filter(({ error }) => error !== NOT_AFFORDED);
  if (made.length === 0) {
    return record.provider === null ? [] : [onlyAttempt(ended, record.provider, addressOf)];
  }
  const isLastTaken = record.outcome === 'cut' || record.outcome === 'aborted';
  const answered = made.findLast(({ error }) => error === null) ?? (isLastTaken ? made.at(-1) : undefined);
  return made.map(attempt => attemptSpan(ended, attempt, attempt === answered, addressOf));
}

/** Of a call that was not planned: all that is known of it is its record. */
function onlyAttempt(ended: EndedCall, provider: string, addressOf: AddressOf): AttemptSpan {
  const { record, course } = ended;
  const startedMs = (course.askedAt ?? course.call.startedAt) - course.call.startedAt;
  const target = `${provider}/${record.modelSent ?? record.modelUsed ?? ''}`;
  const error = isBroken(record) ? (record.errorCode ?? String(record.status)) : null;
  return attemptSpan(ended, { target, startedMs, ms: null, status: null, error }, true, addressOf);
}

function attemptSpan(
  { record, course, endedAt }: EndedCall,
  attempt: AttemptMade,
  isAnswer: boolean,
  addressOf: AddressOf,
): AttemptSpan {
  const slash = attempt.target.indexOf('/');
  const [vendor, model] = [attempt.target.slice(0, slash), redact(attempt.target.slice(slash + 1))];
  const totalMs = endedAt - course.call.startedAt;
  const startedMs = Math.min(attempt.startedMs, totalMs); // rounded, it may be later than a fast end
  const endedMs = isAnswer ? totalMs : Math.min(startedMs + (attempt.ms ?? totalMs), totalMs);
  const operation = operationOf(record.endpoint);
  const address = addressOf(vendor);
  const error = attempt.error ?? (isAnswer && record.outcome !== 'completed' ? record.errorCode : null);
  return {
    name: model === '' ? operation : `${operation} ${model}`,
    startedAt: record.receivedAt + startedMs,
    endedAt: record.receivedAt + endedMs,
    isError: isAnswer ? isBroken(record) : error !== OUTRUN,
    firstChunkSeconds:
      isAnswer && record.firstTokenMs !== null ? Math.max(record.firstTokenMs - startedMs, 0) / 1000 : null,
    attributes: known({
      'gen_ai.operation.name': operation,
      'gen_ai.provider.name': providerName(vendor),
      'gen_ai.request.model': model,
      'gen_ai.request.stream': record.stream || null,
      'server.address': address?.host,
      'server.port': address?.port,
      'http.response.status_code': attempt.status,
      'error.type': error,
      ...(isAnswer && answerFacts(record)),
    }),
  };
}

function isBroken({ outcome }: UsageRecord): boolean {
  return outcome === 'failed' || outcome === 'cut';
}

function answerFacts(record: UsageRecord): Partial<Record<string, string | number | string[] | null>> {
  const isKnown = record.inputTokens + record.outputTokens > 0;
  return {
    'gen_ai.response.id': record.upstreamId,
    'gen_ai.response.model': record.modelUsed,
    'gen_ai.response.finish_reasons': record.finish === null ? null : [record.finish],
    ...(isKnown && {
      'gen_ai.usage.input_tokens': record.inputTokens,
      'gen_ai.usage.output_tokens': record.outputTokens,
      'gen_ai.usage.cache_read.input_tokens': record.cacheReadTokens || null,
      'gen_ai.usage.cache_creation.input_tokens': record.cacheWriteTokens || null,
      'gen_ai.usage.reasoning.output_tokens': record.reasoningTokens || null,
    }),
  };
}

function labelsOf({ endpoint, provider, modelSent, modelUsed }: UsageRecord): Attributes {
  const model = modelSent ?? modelUsed;
  return known({
    'gen_ai.operation.name': operationOf(endpoint),
    'gen_ai.provider.name': provider && providerName(provider),
    'gen_ai.request.model': model && redact(model),
    'gen_ai.response.model': modelUsed && redact(modelUsed),
  });
}

function tokensOf({ inputTokens: input, outputTokens: output, cached }: UsageRecord): ToldCall['tokens'] {
  return cached || input + output === 0 ? null : { input, output };
}

function streamOf(record: UsageRecord, totalMs: number): ToldCall['stream'] {
  const { stream, outcome, firstTokenMs, outputTokens, voice } = record;
  if (!stream || outcome !== 'completed' || firstTokenMs === null || voice) {
    return null;
  }
  return {
    firstTokenSeconds: firstTokenMs / 1000,
    tokenSeconds: outputTokens > 1 ? Math.max(totalMs - firstTokenMs, 0) / 1000 / (outputTokens - 1) : null,
  };
}

function known(attributes: Partial<Record<string, Attributes[string] | null>>): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).filter((entry): entry is [string, Attributes[string]] => entry[1] != null),
  );
}

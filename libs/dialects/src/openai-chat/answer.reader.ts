import { UpstreamError } from '@app/shared';
import type { Answer, AnswerSummary, Choice } from '../domain/answer.js';
import type { Target } from '../domain/dialect.js';
import type { Part } from '../domain/part.js';
import type { Finish } from '../domain/finish-reason.js';
import { findError } from './embedded-error.js';
import { upstreamError } from './error.reader.js';
import { isFailure, readFinish } from './finish-reason.js';
import { callsTools, readLogprobs, readMessage, unknownIn } from './answer-parts.reader.js';
import { readUsage } from './usage.js';
import { meantUsage } from '../domain/usage.js';
import { isObject, leftover, objectAt, objectsAt, textAt, type Wire } from '../domain/wire.js';

/** Members of an answer that are read. */
export const ANSWER_KEYS: ReadonlySet<string> = new Set([
  'choices',
  'created',
  'id',
  'model',
  'object',
  'service_tier',
  'usage',
]);

/**
 * Reads a whole chat completion of any vendor of this dialect.
 *
 * @throws UpstreamError when the body is an error or no answer, whatever its status was
 */
export function readAnswer(wire: unknown, target: Target): Answer {
  const body = completionIn(wire, target);
  const serviceTier = textAt(body, 'service_tier');
  const native = leftover(body, ANSWER_KEYS);
  return {
    id: textAt(body, 'id'),
    model: textAt(body, 'model'),
    ...(typeof body['created'] === 'number' && { created: body['created'] }),
    choices: objectsAt(body, 'choices').map((choice, index) => readChoice(choice, index, target)),
    usage: usageOf(body, serviceTier, target),
    ...(serviceTier && { serviceTier }),
    ...(native && { native: { dialect: 'openai-chat', fields: native } }),
  };
}

/** @throws as `readAnswer` */
export function readSummary(wire: unknown, target: Target): AnswerSummary {
  const body = completionIn(wire, target);
  const finishes = objectsAt(body, 'choices').map(choice =>
    finishOf(choice, target, callsTools(objectAt(choice, 'message') ?? {})),
  );
  return {
    id: textAt(body, 'id'),
    model: textAt(body, 'model'),
    finish: finishes[0]?.reason ?? null,
    usage: usageOf(body, textAt(body, 'service_tier'), target),
  };
}

function completionIn(wire: unknown, { vendor }: Target): Wire {
  const error = findError(wire);
  if (error) {
    throw upstreamError(vendor, error);
  }
  if (!isObject(wire) || !Array.isArray(wire['choices']) || wire['choices'].length === 0) {
    throw new UpstreamError({
      vendor,
      upstreamStatus: null,
      code: 'malformed_answer',
      message: `The vendor '${vendor}' answered something that is no chat completion.`,
    });
  }
  return wire;
}

/** Groq reports usage twice, and may leave out the usual place. */
function usageOf(body: Wire, serviceTier: string, target: Target): Answer['usage'] {
  const outside = target.quirks.reasoningOutsideCompletion;
  const usage = readUsage(body['usage'], outside) ?? readUsage(objectAt(body, 'x_groq')?.['usage'], outside);
  return meantUsage(usage && serviceTier ? { ...usage, serviceTier } : usage);
}

function readChoice(choice: Wire, position: number, target: Target): Choice {
  const parts: Part[] = readMessage(objectAt(choice, 'message') ?? {}, target);
  const callsTool = parts.some(part => part.kind === 'tool-call');
  const logprobs = readLogprobs(choice['logprobs']);
  const unknown = unknownIn(choice, 'message');
  return {
    index: typeof choice['index'] === 'number' ? choice['index'] : position,
    parts,
    finish: finishOf(choice, target, callsTool),
    ...(logprobs && { logprobs }),
    ...(unknown && { native: { dialect: 'openai-chat', fields: unknown } }),
  };
}

/** @throws UpstreamError when the vendor gave up in the middle */
function finishOf(choice: Wire, { vendor }: Target, callsTool: boolean): Finish {
  const error = findError(choice);
  const native = typeof choice['finish_reason'] === 'string' ? choice['finish_reason'] : null;
  if (error || isFailure(native)) {
    throw upstreamError(
      vendor,
      error ?? {
        message: `The vendor broke off with '${native}'.`,
        type: null,
        code: native,
        param: null,
        status: null,
      },
    );
  }
  return readFinish(native, callsTool);
}

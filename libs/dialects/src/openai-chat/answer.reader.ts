import { UpstreamError } from '@app/shared';
import type { Answer, Choice } from '../domain/answer.js';
import type { Target } from '../domain/dialect.js';
import type { Part } from '../domain/part.js';
import { findError } from './embedded-error.js';
import { upstreamError } from './error.reader.js';
import { isFailure, readFinish } from './finish-reason.js';
import { readMessage } from './answer-parts.reader.js';
import { readUsage } from './usage.js';
import { isObject, leftover, objectAt, objectsAt, textAt, type Wire } from './wire.js';

const ANSWER_KEYS: ReadonlySet<string> = new Set([
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
export function readAnswer(body: unknown, target: Target): Answer {
  const error = findError(body);
  if (error) {
    throw upstreamError(target.vendor, error);
  }
  if (!isObject(body) || !Array.isArray(body['choices']) || body['choices'].length === 0) {
    throw new UpstreamError({
      vendor: target.vendor,
      upstreamStatus: null,
      code: 'malformed_answer',
      message: `The vendor '${target.vendor}' answered something that is no chat completion.`,
    });
  }
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

/** Groq reports usage twice, and may leave out the usual place. */
function usageOf(body: Wire, serviceTier: string, target: Target): Answer['usage'] {
  const outside = target.quirks.reasoningOutsideCompletion;
  const usage = readUsage(body['usage'], outside) ?? readUsage(objectAt(body, 'x_groq')?.['usage'], outside);
  return usage && serviceTier ? { ...usage, serviceTier } : usage;
}

function readChoice(choice: Wire, position: number, target: Target): Choice {
  const error = findError(choice);
  const native = typeof choice['finish_reason'] === 'string' ? choice['finish_reason'] : null;
  if (error || isFailure(native)) {
    throw upstreamError(
      target.vendor,
      error ?? { message: `The vendor broke off with '${native}'.`, code: native, param: null, status: null },
    );
  }
  const parts: Part[] = readMessage(objectAt(choice, 'message') ?? {}, target);
  const logprobs = objectAt(choice, 'logprobs');
  return {
    index: typeof choice['index'] === 'number' ? choice['index'] : position,
    parts,
    finish: readFinish(
      native,
      parts.some(part => part.kind === 'tool-call'),
    ),
    ...(logprobs && { logprobs }),
  };
}

import type { Answer, Choice } from '../domain/answer.js';
import type { AnswerMeta } from '../domain/dialect.js';
import { writeMessage } from './answer-message.writer.js';
import { writeFinish } from './finish-reason.js';
import { writeUsage } from './usage.js';
import { merge } from '../domain/wire.js';

/** A whole chat completion. The vendor's id and model name stand where it gave them, in streams alike. */
export function writeAnswer(answer: Answer, meta: AnswerMeta): Record<string, unknown> {
  const native = answer.native?.dialect === 'openai-chat' ? answer.native.fields : undefined;
  return {
    id: answerId(answer.id, meta.requestId),
    object: 'chat.completion',
    created: answer.created ?? secondsOf(meta),
    model: answer.model || meta.model,
    choices: answer.choices.map(choice => writeChoice(choice, meta)),
    ...(answer.usage && { usage: writeUsage(answer.usage, meta.llmhub) }),
    ...(answer.serviceTier && { service_tier: answer.serviceTier }),
    ...native,
    ...(meta.llmhub && { x_llmhub: meta.llmhub }),
  };
}

export function answerId(vendorId: string, requestId: string): string {
  return vendorId || `chatcmpl-${requestId}`;
}

/** When it was given. */
export function secondsOf({ givenAt }: Pick<AnswerMeta, 'givenAt'>): number {
  return givenAt ?? nowSeconds();
}

export function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

function writeChoice(
  { index, parts, finish, logprobs, native }: Choice,
  meta: AnswerMeta,
): Record<string, unknown> {
  const message = writeMessage(parts, meta);
  const choice = {
    index,
    message,
    logprobs: logprobs ?? null,
    ...writeFinish(finish, message['function_call'] !== undefined),
  };
  return merge(choice, native?.dialect === 'openai-chat' ? native.fields : undefined);
}

import type { Answer } from '../domain/answer.js';
import type { AnswerMeta } from '../domain/dialect.js';
import type { Part } from '../domain/part.js';
import { secondsOf } from '../openai-chat/answer.writer.js';
import { writeUsage } from '../openai-chat/usage.js';
import { writeChoice } from './choice.writer.js';

/** A whole legacy completion. What the model thought has no place in it. */
export function writeAnswer(answer: Answer, meta: AnswerMeta): Record<string, unknown> {
  return {
    id: completionId(answer.id, meta.requestId),
    object: 'text_completion',
    created: answer.created ?? secondsOf(meta),
    model: answer.model || meta.model,
    choices: answer.choices.map(({ index, parts, finish, logprobs }) =>
      writeChoice(index, parts.map(textOf).join(''), finish, logprobs),
    ),
    ...(answer.usage && { usage: writeUsage(answer.usage, meta.llmhub) }),
    ...(meta.llmhub && { x_llmhub: meta.llmhub }),
  };
}

export function completionId(vendorId: string, requestId: string): string {
  return vendorId || `cmpl-${requestId}`;
}

function textOf(part: Part): string {
  return part.kind === 'text' || part.kind === 'refusal' ? part.text : '';
}

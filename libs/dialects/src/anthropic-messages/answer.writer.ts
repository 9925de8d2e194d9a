import type { Answer } from '../domain/answer.js';
import type { AnswerMeta } from '../domain/dialect.js';
import type { Wire } from '../domain/wire.js';
import { writeBlocks } from './answer-blocks.writer.js';
import { writeFinish } from './finish-reason.js';
import { NO_USAGE, writeUsage } from './usage.js';

/** A whole message. This API gives one answer per request. */
export function writeAnswer(answer: Answer, meta: AnswerMeta): Record<string, unknown> {
  const [choice] = answer.choices;
  const { parts = [], finish = { reason: 'stop', native: null } } = choice ?? {};
  const content = withThoughtsFirst(parts.flatMap(part => writeBlocks(part, meta.seal)));
  const tier = answer.usage?.serviceTier ?? answer.serviceTier;
  return {
    ...messageHead(answer, meta),
    content:
      content.length > 0 || finish.reason !== 'malformed-call' ? content : [unreadableCall(finish.detail)],
    ...writeFinish(
      finish,
      parts.some(({ kind }) => kind === 'refusal'),
    ),
    usage: writeUsage(
      { ...(answer.usage ?? NO_USAGE), ...(tier !== undefined && { serviceTier: tier }) },
      meta.llmhub,
    ),
    ...(answer.native?.dialect === 'anthropic-messages' && answer.native.fields),
    ...(meta.llmhub && { x_llmhub: meta.llmhub }),
  };
}

/** A last thought that says nothing, but proves what was said, goes before that: no client takes it for the answer then. */
function withThoughtsFirst(content: readonly Wire[]): readonly Wire[] {
  const last = content.at(-1);
  const isBare = last?.['type'] === 'thinking' && last['thinking'] === '';
  return isBare && content.length > 1 ? [...content.slice(0, -2), last, ...content.slice(-2, -1)] : content;
}

/** The vendor's id and model name stand where it gave them, in streams alike. */
export function messageHead(
  { id, model }: Pick<Answer, 'id' | 'model'>,
  meta: Pick<AnswerMeta, 'requestId' | 'model'>,
): Wire {
  return {
    id: id || `msg_${meta.requestId}`,
    type: 'message',
    role: 'assistant',
    model: model || meta.model,
  };
}

/** This API has no word for it, and an empty answer would look like a success. */
export function unreadableCall(detail = 'The model wrote a tool call that cannot be read.'): Wire {
  return { type: 'text', text: detail, citations: null };
}

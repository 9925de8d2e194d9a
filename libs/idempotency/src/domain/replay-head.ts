import { type Call, quotaHeaders } from '@app/shared';
import type { AnswerHead } from './kept-answer.entity.js';

/** About the first caller's connection, time, or quota. */
const NOT_REPEATED =
  /^(connection|keep-alive|transfer-encoding|date|server-timing|x-request-id|request-id|x-ratelimit-(limit|remaining|reset)-(requests|tokens))$/;

/** The head of an answer that was given before, as another call of the same request gets it: its own id, and no cost. */
export function replayHead(
  { status, headers }: AnswerHead,
  { id, quota }: Pick<Call, 'id' | 'quota'>,
  firstCallId: string,
): AnswerHead {
  const repeated = Object.entries(headers).filter(([name]) => !NOT_REPEATED.test(name));
  return {
    status,
    headers: {
      ...Object.fromEntries(repeated),
      'x-request-id': id,
      ...('request-id' in headers && { 'request-id': id }),
      'idempotent-replayed': 'true',
      'x-llmhub-original-request-id': firstCallId,
      'x-llmhub-attempts': '0',
      'x-llmhub-cost-usd': (0).toFixed(9),
      ...(quota && quotaHeaders(quota)),
    },
  };
}

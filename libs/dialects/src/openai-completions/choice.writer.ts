import type { Logprobs } from '../domain/answer.js';
import type { Finish } from '../domain/finish-reason.js';
import { numberOr, recordsOf, stringOr } from '../domain/wire.js';
import { writeFinish } from '../openai-chat/finish-reason.js';

/** A choice as legacy completions have it. */
export function writeChoice(
  index: number,
  text: string,
  finish: Finish | null,
  logprobs?: Logprobs,
): Record<string, unknown> {
  return {
    text,
    index,
    logprobs: logprobs?.content ? writeLogprobs(logprobs.content) : null,
    finish_reason: finish && finishReason(finish),
  };
}

/** There are three words only. */
function finishReason(finish: Finish): unknown {
  const { finish_reason: reason } = writeFinish(finish, false);
  return reason === 'length' || reason === 'content_filter' ? reason : 'stop';
}

/** From chat's list of tokens to four lists, one for each thing that is told. */
function writeLogprobs(content: readonly unknown[]): Record<string, unknown> {
  const tokens = recordsOf(content);
  const texts = tokens.map(({ token }) => stringOr(token, ''));
  let offset = 0;
  return {
    tokens: texts,
    token_logprobs: tokens.map(({ logprob }) => numberOr(logprob, null)),
    top_logprobs: tokens.map(({ top_logprobs: top }) =>
      Object.fromEntries(
        recordsOf(top).map(({ token, logprob }) => [stringOr(token, ''), numberOr(logprob, null)]),
      ),
    ),
    text_offset: texts.map(text => {
      offset += text.length;
      return offset - text.length;
    }),
  };
}

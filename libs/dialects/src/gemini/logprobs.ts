import type { Logprobs } from '../domain/answer.js';
import { isObject, recordsOf, stringOr, type Wire } from '../domain/wire.js';

/** `logprobsResult` in OpenAI chat's shape; undefined when the candidate has none. */
export function readLogprobs(candidate: Wire): Logprobs | undefined {
  const result = candidate['logprobsResult'];
  if (!isObject(result)) {
    return undefined;
  }
  const alternatives = recordsOf(result['topCandidates']);
  return {
    content: recordsOf(result['chosenCandidates']).map((chosen, position) => ({
      ...readToken(chosen),
      top_logprobs: recordsOf(alternatives[position]?.['candidates']).map(readToken),
    })),
  };
}

function readToken(candidate: Wire): { token: string; logprob: number; bytes: number[] } {
  const token = stringOr(candidate['token'], '');
  // `parseExact` keeps a decimal longer than a double's as raw JSON.
  const logprob = Number(JSON.stringify(candidate['logProbability'] ?? 0));
  return { token, logprob, bytes: [...Buffer.from(token)] };
}

/** The opposite: `logprobsResult`; undefined when no token is known. */
export function writeLogprobs({ content }: Logprobs): Wire | undefined {
  const tokens = recordsOf(content);
  return tokens.length === 0
    ? undefined
    : {
        chosenCandidates: tokens.map(writeToken),
        topCandidates: tokens.map(token => ({
          candidates: recordsOf(token['top_logprobs']).map(writeToken),
        })),
      };
}

function writeToken({ token, logprob }: Wire): Wire {
  return { token, logProbability: logprob };
}

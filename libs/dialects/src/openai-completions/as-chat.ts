import { isObject, recordsOf, type Wire } from '../domain/wire.js';

/**
 * A legacy completion in chat's words, so that one reader reads both: the text of each choice moves into a `message`, or
 * into the `delta` of a chunk. What is no completion (an error) stays as it is.
 */
export function asChat(body: unknown, member: 'message' | 'delta'): unknown {
  return isObject(body) && Array.isArray(body['choices'])
    ? { ...body, choices: recordsOf(body['choices']).map(choice => asChatChoice(choice, member)) }
    : body;
}

function asChatChoice({ text, logprobs: _logprobs, ...choice }: Wire, member: string): Wire {
  return { ...choice, [member]: { role: 'assistant', content: text } };
}

import type { Quirks } from '../domain/dialect.js';
import { isCallIdOf } from './call-ids.js';
import { objectAt, objectsAt, type Wire } from '../domain/wire.js';

/**
 * Does this vendor take a body of this dialect as its caller wrote it, and answer as callers expect? If not, the writer has
 * something to change, in the question or in the answer.
 */
export function fitsAsIs(body: Wire, quirks: Quirks): boolean {
  const { unsupported = [], renamed = {}, requiredToolChoice } = quirks;
  return (
    !answersOtherwise(quirks) &&
    !unsupported.some(field => body[field] !== undefined) &&
    !(unsupported.includes('stream_options') && body['stream'] === true) &&
    !(unsupported.includes('json_schema') && asksForSchema(body)) &&
    !hasOtherLimit(body, quirks) &&
    !Object.keys(renamed).some(field => body[field] !== undefined) &&
    !(requiredToolChoice && body['tool_choice'] === 'required') &&
    (!looksIntoMessages(quirks) || objectsAt(body, 'messages').every(message => messageFits(message, quirks)))
  );
}

/**
 * Reasoning stands where OpenAI's SDK does not look, in a content that it takes for a text, or is missing in the output
 * tokens; such a vendor (Mistral) also sends tool calls without a type or index, which that SDK loses.
 */
function answersOtherwise({ reasoningIn, reasoningOutsideCompletion }: Quirks): boolean {
  return reasoningIn !== undefined || reasoningOutsideCompletion === true;
}

export function asksForSchema(body: Wire): boolean {
  return objectAt(body, 'response_format')?.['type'] === 'json_schema';
}

/** The output limit goes by the name that this vendor does not know. */
function hasOtherLimit(body: Wire, { maxTokensField }: Quirks): boolean {
  const other = maxTokensField === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens';
  return maxTokensField !== undefined && body[other] !== undefined;
}

function looksIntoMessages({ unsupported = [], callIdLength, documentUrl }: Quirks): boolean {
  return Boolean(
    callIdLength ||
    documentUrl ||
    unsupported.some(name => name === 'developer' || name === 'reasoning_content' || isOfMessages(name)),
  );
}

function isOfMessages(name: string): boolean {
  return name.startsWith(OF_MESSAGES);
}

const OF_MESSAGES = 'messages.';

function messageFits(message: Wire, quirks: Quirks): boolean {
  const { unsupported = [], callIdLength, documentUrl } = quirks;
  const refused = unsupported.filter(isOfMessages).map(name => name.slice(OF_MESSAGES.length));
  if (unsupported.includes('reasoning_content')) {
    refused.push('reasoning_content', 'reasoning');
  }
  return (
    !(unsupported.includes('developer') && message['role'] === 'developer') &&
    !refused.some(field => message[field] !== undefined) &&
    !(callIdLength && !idsOf(message).every(id => isCallIdOf(id, callIdLength))) &&
    !(documentUrl && objectsAt(message, 'content').some(part => part['type'] === 'file'))
  );
}

function idsOf(message: Wire): readonly string[] {
  const ids = [message['tool_call_id'], ...objectsAt(message, 'tool_calls').map(call => call['id'])];
  return ids.filter(id => typeof id === 'string');
}

import type { Quirks } from '../domain/dialect.js';
import { isCallIdOf } from './call-ids.js';
import { objectAt, objectsAt, type Wire } from './wire.js';

/** Does this vendor take a body of this dialect as its caller wrote it? If not, the writer has something to change. */
export function fitsAsIs(body: Wire, quirks: Quirks): boolean {
  const { unsupported = [], renamed = {}, requiredToolChoice } = quirks;
  return (
    !unsupported.some(field => body[field] !== undefined) &&
    !(unsupported.includes('stream_options') && body['stream'] === true) &&
    !(unsupported.includes('json_schema') && asksForSchema(body)) &&
    !hasOtherLimit(body, quirks) &&
    !Object.keys(renamed).some(field => body[field] !== undefined) &&
    !(requiredToolChoice && body['tool_choice'] === 'required') &&
    (!looksIntoMessages(quirks) || objectsAt(body, 'messages').every(message => messageFits(message, quirks)))
  );
}

export function asksForSchema(body: Wire): boolean {
  return objectAt(body, 'response_format')?.['type'] === 'json_schema';
}

/** The output limit goes by the name that this vendor does not know. */
function hasOtherLimit(body: Wire, { maxTokensField }: Quirks): boolean {
  const other = maxTokensField === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens';
  return maxTokensField !== undefined && body[other] !== undefined;
}

const IN_MESSAGES: readonly string[] = ['developer', 'messages.name', 'reasoning_content'];

function looksIntoMessages({ unsupported, callIdLength, reasoningIn, documentUrl }: Quirks): boolean {
  return Boolean(
    callIdLength || reasoningIn || documentUrl || unsupported?.some(name => IN_MESSAGES.includes(name)),
  );
}

function messageFits(message: Wire, quirks: Quirks): boolean {
  const { unsupported = [], callIdLength, documentUrl } = quirks;
  return (
    !(unsupported.includes('developer') && message['role'] === 'developer') &&
    !(unsupported.includes('messages.name') && message['name'] !== undefined) &&
    !reasoningFields(quirks).some(field => message[field] !== undefined) &&
    !(callIdLength && !idsOf(message).every(id => isCallIdOf(id, callIdLength))) &&
    !(documentUrl && objectsAt(message, 'content').some(part => part['type'] === 'file'))
  );
}

/** Spellings of reasoning that this vendor does not take. */
function reasoningFields({ unsupported, reasoningIn }: Quirks): readonly string[] {
  if (unsupported?.includes('reasoning_content') || reasoningIn === 'thinking') {
    return ['reasoning_content', 'reasoning'];
  }
  return reasoningIn === 'reasoning' ? ['reasoning_content'] : [];
}

function idsOf(message: Wire): readonly string[] {
  const ids = [message['tool_call_id'], ...objectsAt(message, 'tool_calls').map(call => call['id'])];
  return ids.filter(id => typeof id === 'string');
}

import { UpstreamError } from '@app/shared';
import type { Answer } from '../domain/answer.js';
import type { Target } from '../domain/dialect.js';
import type { Part, TextPart } from '../domain/part.js';
import { nativePart, readCitation, signatureOf } from './content.reader.js';
import { errorFromBody } from './error.reader.js';
import { mapFinish } from './finish-reason.js';
import { readUsage, serviceTier } from './usage.js';
import { meantUsage } from '../domain/usage.js';
import { isObject, listOr, stringOr, type Wire } from '../domain/wire.js';

const KNOWN = new Set([
  'id',
  'type',
  'role',
  'model',
  'content',
  'stop_reason',
  'stop_sequence',
  'stop_details',
  'usage',
]);

/** A whole message. @throws UpstreamError when the body is an error or no message, though its status was 200 */
export function readAnswer(body: unknown, target: Target): Answer {
  if (!isObject(body) || !Array.isArray(body['content'])) {
    throw isObject(body) && isObject(body['error'])
      ? errorFromBody(body, target.vendor)
      : new UpstreamError({
          vendor: target.vendor,
          // Its 200 was none; as 502 the call may be tried elsewhere.
          upstreamStatus: 502,
          message: `The vendor '${target.vendor}' answered with something that is no message.`,
        });
  }
  const usage = isObject(body['usage']) ? body['usage'] : null;
  const tier = usage ? serviceTier(usage) : undefined;
  const rest = Object.entries(body).filter(([field, value]) => !KNOWN.has(field) && value !== null);
  return {
    id: stringOr(body['id'], ''),
    model: stringOr(body['model'], ''),
    choices: [
      {
        index: 0,
        parts: body['content'].filter(isObject).map(block => readBlock(block, target)),
        finish: mapFinish(body),
      },
    ],
    usage: usage && meantUsage(readUsage(usage, target.model)),
    ...(tier !== undefined && { serviceTier: tier }),
    ...(rest.length > 0 && { native: { dialect: 'anthropic-messages', fields: Object.fromEntries(rest) } }),
  };
}

function readBlock(block: Wire, target: Target): Part {
  switch (block['type']) {
    case 'text':
      return readText(block);
    case 'thinking': {
      const payload = stringOr(block['signature'], '');
      return {
        kind: 'reasoning',
        text: stringOr(block['thinking'], ''),
        ...(payload && { signature: signatureOf(payload, target) }),
      };
    }
    case 'redacted_thinking':
      return {
        kind: 'reasoning',
        text: '',
        redacted: true,
        signature: signatureOf(stringOr(block['data'], ''), target),
      };
    case 'tool_use':
      return {
        kind: 'tool-call',
        id: stringOr(block['id'], ''),
        name: stringOr(block['name'], ''),
        arguments: JSON.stringify(block['input'] ?? {}),
      };
    default:
      return nativePart(block);
  }
}

/** Anthropic cites by block: a citation supports all the text of its part. */
function readText(block: Wire): TextPart {
  const text = stringOr(block['text'], '');
  const citations = listOr(block['citations'])
    .filter(isObject)
    .map(citation => ({ ...readCitation(citation), start: 0, end: text.length }));
  return { kind: 'text', text, ...(citations.length > 0 && { citations }) };
}

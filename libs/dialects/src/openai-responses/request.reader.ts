import { InvalidRequestError } from '@app/shared';
import type { GenerationRequest, Turn } from '../domain/conversation.js';
import type { SignatureSeal } from '../domain/dialect.js';
import { invalid, optionalFlag, optionalText } from '../domain/fields.js';
import { isAbsent, isObject, leftover, type Wire } from '../domain/wire.js';
import { readItems, type ReadItems } from './items.reader.js';
import { KNOWN_FIELDS } from './setting-fields.js';
import { readSettings } from './settings.reader.js';
import { readTools } from './tools.reader.js';

/** Fields that stand for what was said before: with one of them there may be no input. */
const EARLIER_FIELDS = ['previous_response_id', 'conversation', 'prompt'] as const;

/**
 * Reads the body of POST /v1/responses. Null is absent, an item without a type is a message, and whatever only this
 * dialect knows is kept for vendors that speak it. Source: https://platform.openai.com/docs/api-reference/responses/create
 *
 * @throws InvalidRequestError (400) naming the bad field
 */
export function readRequest(body: unknown, seal: SignatureSeal): GenerationRequest {
  if (!isObject(body)) {
    throw new InvalidRequestError('The body must be a JSON object.', null, 'invalid_json');
  }
  const { model } = body;
  if (typeof model !== 'string' || model === '') {
    throw new InvalidRequestError("Send 'model', a text such as 'openai/gpt-5'.", 'model', 'missing_model');
  }
  const native: Record<string, unknown> = { ...leftover(body, KNOWN_FIELDS) };
  const items = readInput(body, seal);
  Object.assign(native, items.native);
  return {
    model,
    turns: [...readInstructions(body), ...items.turns],
    tools: readTools(body, items.tools, native),
    settings: readSettings(body, native),
    stream: optionalFlag(body, 'stream', '') ?? false,
    // Usage is part of the last event, asked for or not.
    streamUsage: true,
    native: { dialect: 'openai-responses', fields: native, body },
  };
}

function readInstructions(body: Wire): Turn[] {
  const text = optionalText(body, 'instructions', '') ?? '';
  return text === '' ? [] : [{ role: 'system', parts: [{ kind: 'text', text }] }];
}

function readInput(body: Wire, seal: SignatureSeal): ReadItems {
  const { input } = body;
  if (typeof input === 'string') {
    return { turns: [{ role: 'user', parts: [{ kind: 'text', text: input }] }], tools: [], native: {} };
  }
  if (Array.isArray(input)) {
    return readItems(input, seal);
  }
  assertInput(body);
  return { turns: [], tools: [], native: {} };
}

/** @throws InvalidRequestError (400) when the body holds nothing to answer */
export function assertInput(body: Wire): void {
  const { input } = body;
  if (!isAbsent(input) && typeof input !== 'string' && !Array.isArray(input)) {
    throw invalid('input', 'a text or a list of items');
  }
  const saysSomething = !isAbsent(input) || !isAbsent(body['instructions']);
  if (!saysSomething && EARLIER_FIELDS.every(field => isAbsent(body[field]))) {
    throw new InvalidRequestError("Send 'input', a text or a list of items.", 'input');
  }
}

import { modelsIn } from '@app/routing';
import {
  type Call,
  InvalidRequestError,
  removeMembers,
  type RoutingHeaders,
  spliceMembers,
} from '@app/shared';
import { assertShallow } from './nesting.js';

export interface ParsedBody {
  readonly bytes: Buffer;
  readonly json: Readonly<Record<string, unknown>>;
  readonly model: string;
  readonly stream: boolean;
}

/** The longest name goes into headers and the ledger. */
const MODEL_NAME_LENGTH = 191;

/** What else a request may name models in. */
type Caller = Pick<Call, 'routing'>;

/** What the URL says where a dialect has it there and not in the body. */
export type Asked = Pick<ParsedBody, 'model' | 'stream'>;

/**
 * What routing needs of a body; the rest is for the dialect's reader.
 *
 * @param defaultModel written into a body that names none, if there are no `models` either: then the first of these is
 * @throws InvalidRequestError (400) naming what is missing, or the header that is wrong
 */
export function parseBody(
  bytes: Buffer,
  caller: Caller,
  defaultModel: string | null = null,
  asked?: Asked,
): ParsedBody {
  const json = parseObject(bytes);
  if (asked) {
    assertModelName(asked.model);
    return { bytes, json, model: asked.model, stream: asked.stream };
  }
  if ((json['model'] ?? '') === '') {
    const instead = firstOfModels(caller.routing, json['models']) ?? defaultModel;
    if (instead !== null) {
      return parseBody(spliceMembers(bytes, { model: JSON.stringify(instead) }), caller);
    }
  }
  const { model, stream } = json;
  assertModelName(model);
  if (stream !== undefined && stream !== null && typeof stream !== 'boolean') {
    throw new InvalidRequestError("'stream' must be true or false.", 'stream');
  }
  return { bytes, json, model, stream: stream === true };
}

/**
 * OpenRouter's `models` may stand without a `model`; those of the headers go before those of the body.
 *
 * @throws InvalidRequestError (400) naming the header
 */
export function firstOfModels(headers: RoutingHeaders | null, models?: unknown): string | null {
  const named: unknown = headers?.models === undefined ? models : modelsIn(headers);
  const first: unknown = Array.isArray(named) ? named[0] : null;
  return typeof first === 'string' && first !== '' ? first : null;
}

/** The body without members that were for the gateway. */
export function withoutMembers(body: ParsedBody, members: readonly string[]): ParsedBody {
  if (members.length === 0) {
    return body;
  }
  const rest = Object.entries(body.json).filter(([name]) => !members.includes(name));
  return { ...body, bytes: removeMembers(body.bytes, members), json: Object.fromEntries(rest) };
}

/** @throws InvalidRequestError (400) */
export function assertModelName(model: unknown): asserts model is string {
  if (typeof model !== 'string' || model === '') {
    throw new InvalidRequestError("Send 'model', a text such as 'openai/gpt-5'.", 'model', 'missing_model');
  }
  if (model.length > MODEL_NAME_LENGTH) {
    throw new InvalidRequestError(`'model' may have ${MODEL_NAME_LENGTH} characters.`, 'model');
  }
}

/** @throws InvalidRequestError (400) */
export function parseObject(bytes: Buffer): Record<string, unknown> {
  const text = bytes.toString();
  assertShallow(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InvalidRequestError('The body is not valid JSON. Send a JSON object.', null, 'invalid_json');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidRequestError('The body must be a JSON object.', null, 'invalid_json');
  }
  return value as Record<string, unknown>;
}

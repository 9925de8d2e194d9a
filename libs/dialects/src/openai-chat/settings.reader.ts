import type { ReasoningSettings, ResponseFormat, Settings } from '../domain/conversation.js';
import {
  invalid,
  optionalFlag,
  optionalNumber,
  optionalObject,
  optionalText,
  optionalTexts,
  requiredText,
} from '../domain/fields.js';
import { FLAG_FIELDS, NUMBER_FIELDS, type Spelling, TEXT_FIELDS } from './setting-fields.js';
import {
  isAbsent,
  isObject,
  isRawNumber,
  leftover,
  type Mutable,
  objectAt,
  type Wire,
  withoutUndefined,
} from '../domain/wire.js';

/** What the settings of a body leave behind besides the settings themselves. */
export interface Remainder {
  /** Fields without a canonical home; grows. */
  readonly native: Record<string, unknown>;
  readonly spelling: Spelling;
}

export function readSettings(body: Wire, remainder: Remainder): Settings {
  const settings: Mutable<Settings> = {
    ...readPlain(body),
    maxOutputTokens: readMaxTokens(body, remainder),
    user: readUser(body, remainder),
    stop: readStop(body),
    seed: readSeed(body),
    logitBias: optionalObject(body, 'logit_bias', '') as Record<string, number> | undefined,
    metadata: optionalObject(body, 'metadata', ''),
    modalities: optionalTexts(body, 'modalities', ''),
    reasoning: readReasoning(body, remainder),
    format: readFormat(body, remainder),
  };
  return withoutUndefined(settings);
}

function readPlain(body: Wire): Mutable<Settings> {
  const settings: Mutable<Settings> = {};
  for (const [field, name] of Object.entries(NUMBER_FIELDS)) {
    settings[name] = optionalNumber(body, field, '');
  }
  for (const [field, name] of Object.entries(TEXT_FIELDS)) {
    settings[name] = optionalText(body, field, '');
  }
  for (const [field, name] of Object.entries(FLAG_FIELDS)) {
    settings[name] = optionalFlag(body, field, '');
  }
  return settings;
}

/** `max_tokens` is the older name; when both are there, the newer one rules and the older travels along. */
function readMaxTokens(body: Wire, { native, spelling }: Remainder): number | undefined {
  const older = optionalNumber(body, 'max_tokens', '');
  const newer = optionalNumber(body, 'max_completion_tokens', '');
  if (older !== undefined && newer !== undefined) {
    native['max_tokens'] = older;
  } else if (older !== undefined) {
    spelling.maxOutputTokens = 'max_tokens';
  }
  return newer ?? older;
}

/** `safety_identifier` replaces `user`. */
function readUser(body: Wire, { native, spelling }: Remainder): string | undefined {
  const user = optionalText(body, 'user', '');
  const identifier = optionalText(body, 'safety_identifier', '');
  if (user !== undefined && identifier !== undefined) {
    native['safety_identifier'] = identifier;
  } else if (identifier !== undefined) {
    spelling.user = 'safety_identifier';
  }
  return user ?? identifier;
}

function readStop(body: Wire): readonly string[] | undefined {
  return typeof body['stop'] === 'string' ? [body['stop']] : optionalTexts(body, 'stop', '');
}

function readSeed(body: Wire): unknown {
  const seed = body['seed'];
  if (isAbsent(seed)) {
    return undefined;
  }
  if (typeof seed !== 'number' && !isRawNumber(seed)) {
    throw invalid('seed', 'a whole number');
  }
  return seed;
}

const REASONING_KEYS: ReadonlySet<string> = new Set(['effort', 'max_tokens', 'summary']);

/** `reasoning_effort`, or OpenRouter's `reasoning` as far as it says what others understand. */
function readReasoning(body: Wire, { native, spelling }: Remainder): ReasoningSettings | undefined {
  const effort = optionalText(body, 'reasoning_effort', '');
  if (effort !== undefined || !isPlainReasoning(body['reasoning'])) {
    if (!isAbsent(body['reasoning'])) {
      native['reasoning'] = body['reasoning'];
    }
    return effort === undefined ? undefined : { effort };
  }
  spelling.reasoning = 'reasoning';
  const wire = body['reasoning'];
  return withoutUndefined({
    effort: optionalText(wire, 'effort', 'reasoning'),
    budget: optionalNumber(wire, 'max_tokens', 'reasoning'),
    summary: optionalText(wire, 'summary', 'reasoning'),
  });
}

function isPlainReasoning(value: unknown): value is Wire {
  return isObject(value) && leftover(value, REASONING_KEYS) === undefined;
}

const FORMAT_KEYS: ReadonlySet<string> = new Set(['type']);
const SCHEMA_KEYS: ReadonlySet<string> = new Set(['name', 'schema', 'strict', 'description']);

/** A format that has more to say than the canonical one also travels verbatim. */
function readFormat(body: Wire, { native }: Remainder): ResponseFormat | undefined {
  const wire = optionalObject(body, 'response_format', '');
  if (!wire) {
    return undefined;
  }
  const format = canonicalFormat(wire);
  if (!format || leftover(wire, FORMAT_KEYS, 'json_schema', SCHEMA_KEYS)) {
    native['response_format'] = wire;
  }
  return format;
}

function canonicalFormat(wire: Wire): ResponseFormat | undefined {
  switch (requiredText(wire, 'type', 'response_format')) {
    case 'text':
      return { kind: 'text' };
    case 'json_object':
      return { kind: 'json' };
    case 'json_schema':
      return jsonSchema(wire);
    default:
      return undefined;
  }
}

function jsonSchema(wire: Wire): ResponseFormat {
  const path = 'response_format.json_schema';
  const inner = objectAt(wire, 'json_schema');
  if (!inner) {
    throw invalid(path, 'an object with `name` and `schema`');
  }
  return withoutUndefined({
    kind: 'json-schema' as const,
    name: requiredText(inner, 'name', path),
    schema: optionalObject(inner, 'schema', path),
    strict: optionalFlag(inner, 'strict', path),
    description: optionalText(inner, 'description', path),
  });
}

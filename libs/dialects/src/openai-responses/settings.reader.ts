import type { ReasoningSettings, ResponseFormat, Settings } from '../domain/conversation.js';
import {
  optionalFlag,
  optionalNumber,
  optionalObject,
  optionalText,
  optionalTexts,
  requiredText,
} from '../domain/fields.js';
import { leftover, type Mutable, type Wire, withoutUndefined } from '../domain/wire.js';
import { INCLUDE_ENCRYPTED, INCLUDE_LOGPROBS, NUMBER_FIELDS, TEXT_FIELDS } from './setting-fields.js';

/** @param native grows by what has no canonical home */
export function readSettings(body: Wire, native: Record<string, unknown>): Settings {
  const include = optionalTexts(body, 'include', '') ?? [];
  const others = include.filter(name => name !== INCLUDE_ENCRYPTED && name !== INCLUDE_LOGPROBS);
  if (others.length > 0) {
    native['include'] = others;
  }
  // What the vendor does anyway asks for nothing.
  if (native['truncation'] === 'disabled') {
    delete native['truncation'];
  }
  const text = optionalObject(body, 'text', '');
  const settings: Mutable<Settings> = {
    logprobs: include.includes(INCLUDE_LOGPROBS) || undefined,
    user: optionalText(body, 'safety_identifier', '') ?? optionalText(body, 'user', ''),
    metadata: optionalObject(body, 'metadata', ''),
    store: optionalFlag(body, 'store', ''),
    reasoning: readReasoning(body, native),
    verbosity: text && optionalText(text, 'verbosity', 'text'),
    format: text && readFormat(text, native),
  };
  for (const [field, name] of Object.entries(NUMBER_FIELDS)) {
    settings[name] = optionalNumber(body, field, '');
  }
  for (const [field, name] of Object.entries(TEXT_FIELDS)) {
    settings[name] = optionalText(body, field, '');
  }
  // A number of alternatives asks for nothing while log probabilities are not included.
  if (!settings.logprobs) {
    delete settings.topLogprobs;
  }
  return withoutUndefined(settings);
}

const REASONING_KEYS: ReadonlySet<string> = new Set(['effort', 'summary', 'generate_summary']);

function readReasoning(body: Wire, native: Record<string, unknown>): ReasoningSettings | undefined {
  const reasoning = optionalObject(body, 'reasoning', '');
  if (!reasoning) {
    return undefined;
  }
  for (const [key, value] of Object.entries(leftover(reasoning, REASONING_KEYS) ?? {})) {
    native[`reasoning.${key}`] = value;
  }
  return withoutUndefined({
    effort: optionalText(reasoning, 'effort', 'reasoning'),
    // The older name of the same.
    summary:
      optionalText(reasoning, 'summary', 'reasoning') ??
      optionalText(reasoning, 'generate_summary', 'reasoning'),
  });
}

function readFormat(text: Wire, native: Record<string, unknown>): ResponseFormat | undefined {
  const path = 'text.format';
  const format = optionalObject(text, 'format', 'text');
  switch (format && requiredText(format, 'type', path)) {
    case undefined:
      return undefined;
    case 'text':
      return { kind: 'text' };
    case 'json_object':
      return { kind: 'json' };
    case 'json_schema':
      return format && readSchema(format, path);
    default:
      // Under chat's name, by which the other dialects know that it shapes the answer.
      native['response_format'] = format;
      return undefined;
  }
}

function readSchema(format: Wire, path: string): ResponseFormat {
  return withoutUndefined({
    kind: 'json-schema' as const,
    name: requiredText(format, 'name', path),
    schema: optionalObject(format, 'schema', path),
    strict: optionalFlag(format, 'strict', path),
    description: optionalText(format, 'description', path),
  });
}

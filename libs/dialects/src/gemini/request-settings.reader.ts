import type { ReasoningSettings, ResponseFormat, Settings } from '../domain/conversation.js';
import {
  at,
  optionalFlag,
  optionalNumber,
  optionalObject,
  optionalText,
  optionalTexts,
} from '../domain/fields.js';
import {
  isAbsent,
  isRawNumber,
  leftover,
  type Mutable,
  type Wire,
  withoutUndefined,
} from '../domain/wire.js';
import { camelNames } from './member-names.js';
import { toJsonSchema } from './schema.js';
import { KNOWN_SETTINGS, NUMBER_FIELDS, STANDARD_TIER } from './setting-fields.js';

const CONFIG = 'generationConfig';
const THINKING = `${CONFIG}.thinkingConfig`;
const THINKING_KEYS: ReadonlySet<string> = new Set(['thinkingLevel', 'thinkingBudget', 'includeThoughts']);

/** What only Google knows, by its path in the body, such as `generationConfig.imageConfig`; grows. */
export type NativeByPath = Record<string, unknown>;

/** @param body with the names of its members in camelCase */
export function readSettings(body: Wire, native: NativeByPath): Settings {
  const config = camelNames(optionalObject(body, CONFIG, '') ?? {});
  keepByPath(leftover(config, KNOWN_SETTINGS), CONFIG, native);
  const settings: Mutable<Settings> = {
    ...readNumbers(config),
    seed: readSeed(config),
    stop: optionalTexts(config, 'stopSequences', CONFIG),
    logprobs: optionalFlag(config, 'responseLogprobs', CONFIG),
    modalities: readModalities(config),
    reasoning: readThinking(config, native),
    format: readFormat(config, native),
    serviceTier: readTier(body),
    store: optionalFlag(body, 'store', ''),
  };
  return withoutUndefined(settings);
}

export function keepByPath(rest: Wire | undefined, path: string, native: NativeByPath): void {
  for (const [key, value] of Object.entries(rest ?? {})) {
    native[at(path, key)] = value;
  }
}

function readNumbers(config: Wire): Mutable<Settings> {
  const settings: Mutable<Settings> = {};
  for (const [field, name] of Object.entries(NUMBER_FIELDS)) {
    settings[name] = readNumber(config, field, CONFIG);
  }
  return settings;
}

/** Google's JSON takes numbers as strings too. */
function readNumber(wire: Wire, key: string, path: string): number | undefined {
  const value = wire[key];
  const isNumeric = typeof value === 'string' && /^-?\d+(?:\.\d+)?$/.test(value);
  return isNumeric ? Number(value) : optionalNumber(wire, key, path);
}

function readSeed(config: Wire): unknown {
  const { seed } = config;
  return isRawNumber(seed) ? seed : readNumber(config, 'seed', CONFIG);
}

/** Text alone is what everybody answers with. */
function readModalities(config: Wire): readonly string[] | undefined {
  const wanted = optionalTexts(config, 'responseModalities', CONFIG)
    ?.map(modality => modality.toLowerCase())
    .filter(modality => modality !== 'modality_unspecified');
  return wanted?.some(modality => modality !== 'text') ? wanted : undefined;
}

function readThinking(config: Wire, native: NativeByPath): ReasoningSettings | undefined {
  const given = optionalObject(config, 'thinkingConfig', CONFIG);
  if (!given) {
    return undefined;
  }
  const wire = camelNames(given);
  keepByPath(leftover(wire, THINKING_KEYS), THINKING, native);
  const level = optionalText(wire, 'thinkingLevel', THINKING)?.toLowerCase();
  const show = optionalFlag(wire, 'includeThoughts', THINKING);
  return withoutUndefined({
    effort: level === 'thinking_level_unspecified' ? undefined : level,
    budget: readNumber(wire, 'thinkingBudget', THINKING),
    summary: show === undefined ? undefined : show ? 'auto' : 'omitted',
  });
}

/** What is no JSON (`text/x.enum`) only Google can be held to. */
function readFormat(config: Wire, native: NativeByPath): ResponseFormat | undefined {
  const mime = optionalText(config, 'responseMimeType', CONFIG);
  const json = optionalObject(config, 'responseJsonSchema', CONFIG);
  const older = optionalObject(config, 'responseSchema', CONFIG);
  if (mime !== undefined && mime !== 'application/json') {
    if (mime !== '' && mime !== 'text/plain') {
      native[`${CONFIG}.responseMimeType`] = mime;
      keepByPath(withoutUndefined({ responseSchema: older, responseJsonSchema: json }), CONFIG, native);
    }
    return undefined;
  }
  const schema = json ?? (older && toJsonSchema(older));
  if (schema) {
    return { kind: 'json-schema', name: schemaName(schema), schema };
  }
  return mime === undefined ? undefined : { kind: 'json' };
}

/** OpenAI wants a name for it, Google has none. */
function schemaName({ title }: Wire): string {
  return typeof title === 'string' && /^[\w-]{1,64}$/.test(title) ? title : 'response';
}

/** `standard` is OpenAI's `default`. */
function readTier(body: Wire): string | undefined {
  const tier = optionalText(body, 'serviceTier', '')
    ?.toLowerCase()
    .replace(/^service_tier_/, '');
  if (isAbsent(tier) || tier === 'unspecified') {
    return undefined;
  }
  return tier === STANDARD_TIER ? 'default' : tier;
}

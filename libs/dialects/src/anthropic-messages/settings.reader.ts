import type { ReasoningSettings, ResponseFormat, Settings } from '../domain/conversation.js';
import {
  optionalNumber,
  optionalObject,
  optionalText,
  optionalTexts,
  requiredObject,
  requiredText,
} from '../domain/fields.js';
import { leftover, type Wire, withoutUndefined } from '../domain/wire.js';
import type { ReadContext } from './read-context.js';
import { canonicalTier } from './service-tier.js';
import { canonicalSummary } from './thinking-display.js';

/** Request fields that are read here. */
export const SETTING_FIELDS = [
  'max_tokens',
  'metadata',
  'output_config',
  'output_format',
  'service_tier',
  'stop_sequences',
  'temperature',
  'thinking',
  'top_k',
  'top_p',
] as const;

const USER_ID: ReadonlySet<string> = new Set(['user_id']);
const THINKING_KEYS: ReadonlySet<string> = new Set(['type', 'budget_tokens', 'display']);
const OUTPUT_KEYS: ReadonlySet<string> = new Set(['effort', 'format']);

export function readSettings(body: Wire, context: ReadContext): Settings {
  const tier = optionalText(body, 'service_tier', '');
  const output = optionalObject(body, 'output_config', '') ?? {};
  keep('output_config', leftover(output, OUTPUT_KEYS), context);
  return withoutUndefined({
    maxOutputTokens: optionalNumber(body, 'max_tokens', ''),
    temperature: optionalNumber(body, 'temperature', ''),
    topP: optionalNumber(body, 'top_p', ''),
    topK: optionalNumber(body, 'top_k', ''),
    stop: optionalTexts(body, 'stop_sequences', ''),
    serviceTier: tier === undefined ? undefined : canonicalTier(tier),
    user: readUser(body, context),
    reasoning: readReasoning(body, output, context),
    format: readFormat(body, output, context),
  });
}

function readUser(body: Wire, context: ReadContext): string | undefined {
  const metadata = optionalObject(body, 'metadata', '') ?? {};
  keep('metadata', leftover(metadata, USER_ID), context);
  return optionalText(metadata, 'user_id', 'metadata');
}

/** `thinking` says whether and how the model thinks, `output_config.effort` how much. */
function readReasoning(body: Wire, output: Wire, context: ReadContext): ReasoningSettings | undefined {
  const effort = optionalText(output, 'effort', 'output_config');
  const thinking = optionalObject(body, 'thinking', '');
  if (!thinking) {
    return effort === undefined ? undefined : { effort };
  }
  const type = requiredText(thinking, 'type', 'thinking', '"adaptive", "enabled" or "disabled"');
  const display = optionalText(thinking, 'display', 'thinking');
  context.spelling['reasoning'] = type;
  keep('thinking', leftover(thinking, THINKING_KEYS), context);
  if (type === 'disabled') {
    // Effort then is about the length of answers, which others have no setting for.
    keep('output_config', effort === undefined ? undefined : { effort }, context);
    return { effort: 'none' };
  }
  return withoutUndefined({
    effort,
    budget: optionalNumber(thinking, 'budget_tokens', 'thinking'),
    summary: display === undefined ? undefined : canonicalSummary(display),
  });
}

const FORMAT_KEYS: ReadonlySet<string> = new Set(['type', 'schema']);
/** Other dialects want a name for the schema. */
const FORMAT_NAME = 'answer';

/** `output_config.format`, or `output_format`, its name while it was in beta. One that says more also travels verbatim. */
function readFormat(body: Wire, output: Wire, context: ReadContext): ResponseFormat | undefined {
  const older = optionalObject(body, 'output_format', '');
  const format = optionalObject(output, 'format', 'output_config');
  const path = format ? 'output_config.format' : 'output_format';
  const wire = format ?? older;
  if (!wire) {
    return undefined;
  }
  const isSchema = requiredText(wire, 'type', path) === 'json_schema';
  if (!isSchema || leftover(wire, FORMAT_KEYS)) {
    keep('output_config', { format: wire }, context);
  }
  return isSchema
    ? {
        kind: 'json-schema',
        name: FORMAT_NAME,
        schema: requiredObject(wire, 'schema', path, 'a JSON schema'),
      }
    : undefined;
}

function keep(field: string, rest: Wire | undefined, { fields }: ReadContext): void {
  if (rest) {
    fields[field] = { ...(fields[field] as Wire | undefined), ...rest };
  }
}

import type { ModelTraits } from '@app/dialects';
import { ConfigError, isObject } from '@app/shared';
import { readModelsFile } from '../operator-file.js';
import { TRAIT_OF } from './capabilities.js';
import { modelPattern } from './model-pattern.js';

/** What the operator says of the models that fit a pattern. A trait that is undefined is not known, whatever we thought. */
export interface ModelOverride {
  readonly models: RegExp;
  readonly traits: ModelTraits;
}

const VARIABLE = 'AI_GATEWAY_MODELS_FILE';
const REASONING: readonly unknown[] = ['none', 'effort', 'adaptive', 'budget', 'level'];
const REASONING_OFF: readonly unknown[] = ['between_tools', 'never'];
const MODALITIES: readonly unknown[] = ['text', 'audio', 'image'];

type Name = keyof typeof TRAIT_OF;
type Check = readonly [expected: string, isValid: (value: unknown) => boolean];

const tokens: Check = ['a whole number of tokens', value => Number.isSafeInteger(value) && Number(value) > 0];
const flag: Check = ['true or false', value => typeof value === 'boolean'];

const CHECKS: Readonly<Record<Name, Check>> = {
  context_length: tokens,
  max_output_tokens: tokens,
  image_input: flag,
  document_input: flag,
  audio_input: flag,
  output_modalities: [
    `a list of ${MODALITIES.join(', ')}`,
    value => Array.isArray(value) && value.length > 0 && value.every(item => MODALITIES.includes(item)),
  ],
  tools: flag,
  parallel_tool_calls: flag,
  structured_output: flag,
  forced_tools: flag,
  reasoning: [`one of ${REASONING.join(', ')}`, value => REASONING.includes(value)],
  reasoning_off: [`one of ${REASONING_OFF.join(', ')}`, value => REASONING_OFF.includes(value)],
  sampling: flag,
  late_system: flag,
};

/**
 * Reads the operator's file: an object by `vendor/model`, in which `*` stands for any text, of objects with the names that
 * `GET /v1/models` shows.
 *
 * @throws ConfigError naming the entry and the field at fault
 */
export function readModelOverrides(file: string): readonly ModelOverride[] {
  return Object.entries(readModelsFile(VARIABLE, file)).map(([models, entry]) => {
    if (!/^[^/]+\/./.test(models)) {
      throw new ConfigError(
        VARIABLE,
        `entry '${models}' must be named as 'vendor/model'; * stands for any text.`,
      );
    }
    return { models: modelPattern(models), traits: readTraits(models, entry) };
  });
}

function readTraits(models: string, entry: unknown): ModelTraits {
  if (!isObject(entry)) {
    throw new ConfigError(VARIABLE, `entry '${models}' must be an object of capabilities.`);
  }
  const traits = Object.entries(entry).map(([name, value]) => {
    if (!isName(name)) {
      const known = Object.keys(CHECKS).join(', ');
      throw new ConfigError(
        VARIABLE,
        `entry '${models}' has an unknown field '${name}'. Known are ${known}.`,
      );
    }
    const [expected, isValid] = CHECKS[name];
    if (value !== null && !isValid(value)) {
      throw new ConfigError(
        VARIABLE,
        `entry '${models}': ${name} must be ${expected}, or null for not known.`,
      );
    }
    return [TRAIT_OF[name], value ?? undefined];
  });
  return Object.fromEntries(traits) as ModelTraits;
}

function isName(name: string): name is Name {
  return Object.hasOwn(CHECKS, name);
}

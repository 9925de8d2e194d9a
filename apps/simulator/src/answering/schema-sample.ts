import type { Json, JsonObject } from '../json.js';
import { asList, asNumber, asObject, asText, isObject } from '../json.js';

/** Deeper levels of a recursive schema get their required properties only, and empty lists. */
const FULL_DEPTH = 6;
const DEEPEST = 24;

const FORMATS: Readonly<Record<string, string>> = {
  date: '2026-01-02',
  'date-time': '2026-01-02T03:04:05Z',
  time: '03:04:05Z',
  email: 'someone@example.com',
  uri: 'https://example.com/',
  uuid: '00000000-0000-4000-8000-000000000000',
};

/**
 * A value that fits a JSON schema, the same for the same words: enums give their first value, strings take the words in
 * turn, numbers their minimum or a count. Reads the OpenAPI subset of Gemini (upper-case types, `nullable`) as well.
 */
export function sampleOf(schema: JsonObject, words: readonly string[]): Json {
  return new Sampler(schema, words).sample(schema, 0);
}

class Sampler {
  private taken = 0;

  constructor(
    private readonly root: JsonObject,
    private readonly words: readonly string[],
  ) {}

  sample(schema: JsonObject, depth: number): Json {
    if (depth > DEEPEST) {
      return null;
    }
    if (typeof schema.$ref === 'string') {
      return this.sample(this.resolve(schema.$ref), depth + 1);
    }
    const fixed = schema.const ?? asList(schema.enum)[0];
    if (fixed !== undefined) {
      return fixed;
    }
    const choice = firstChoice(schema);
    if (choice) {
      return this.sample(choice, depth + 1);
    }
    if (Array.isArray(schema.allOf)) {
      return this.sample(this.merge(schema), depth + 1);
    }
    return this.sampleType(schema, depth);
  }

  private sampleType(schema: JsonObject, depth: number): Json {
    switch (typeOf(schema)) {
      case 'object':
        return this.sampleObject(schema, depth);
      case 'array':
        return this.sampleArray(schema, depth);
      case 'integer':
      case 'number':
        return this.sampleNumber(schema);
      case 'boolean':
        return true;
      case 'null':
        return null;
      default:
        return this.sampleString(schema);
    }
  }

  private sampleObject(schema: JsonObject, depth: number): JsonObject {
    const required = new Set(asList(schema.required));
    const sample: Record<string, Json> = {};
    for (const [name, property] of Object.entries(asObject(schema.properties))) {
      if (depth < FULL_DEPTH || required.has(name)) {
        sample[name] = this.sample(asObject(property), depth + 1);
      }
    }
    return sample;
  }

  private sampleArray(schema: JsonObject, depth: number): Json {
    const fewest = Number(schema.minItems ?? 0);
    const length = Math.max(fewest, depth < FULL_DEPTH && schema.maxItems !== 0 ? 1 : 0);
    return Array.from({ length }, () => this.sample(asObject(schema.items), depth + 1));
  }

  private sampleNumber(schema: JsonObject): number {
    const step = asNumber(schema.multipleOf) ?? 1;
    const above = asNumber(schema.exclusiveMinimum);
    const least = asNumber(schema.minimum) ?? (above === undefined ? this.words.length : above + step);
    const most = asNumber(schema.maximum) ?? Number.POSITIVE_INFINITY;
    return Math.min(Math.ceil(least / step) * step, most);
  }

  private sampleString(schema: JsonObject): string {
    const known = FORMATS[asText(schema.format)];
    if (known !== undefined) {
      return known;
    }
    const word = this.words[this.taken++ % Math.max(this.words.length, 1)] ?? 'nothing';
    return word.padEnd(Number(schema.minLength ?? 0), 'x').slice(0, asNumber(schema.maxLength));
  }

  private merge(schema: JsonObject): JsonObject {
    const parts = asList(schema.allOf).map(part => {
      const object = asObject(part);
      return typeof object.$ref === 'string' ? this.resolve(object.$ref) : object;
    });
    const { allOf: _, ...own } = schema;
    return {
      ...Object.assign({}, ...parts),
      ...own,
      properties: Object.assign({}, ...[...parts, own].map(part => asObject(part.properties))) as JsonObject,
      required: [...parts, own].flatMap(part => asList(part.required)),
    };
  }

  private resolve(reference: string): JsonObject {
    let target: Json | undefined = this.root;
    for (const step of reference.split('/').slice(1)) {
      target = asObject(target)[step.replaceAll('~1', '/').replaceAll('~0', '~')];
    }
    return asObject(target);
  }
}

function firstChoice(schema: JsonObject): JsonObject | undefined {
  const choices = [...asList(schema.anyOf), ...asList(schema.oneOf)].filter(isObject);
  return choices.find(choice => typeOf(choice) !== 'null') ?? choices[0];
}

function typeOf(schema: JsonObject): string {
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  const type = types.find(each => each !== 'null') ?? types[0];
  return typeof type === 'string' ? type.toLowerCase() : isObject(schema.properties) ? 'object' : 'string';
}

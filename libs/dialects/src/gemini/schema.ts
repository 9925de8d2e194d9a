import { isObject, recordOr, type Wire } from '../domain/wire.js';
import { camelNames } from './member-names.js';

const COUNTS = new Set(['minItems', 'maxItems', 'minLength', 'maxLength', 'minProperties', 'maxProperties']);

/**
 * `parameters` and `responseSchema` hold a subset of OpenAPI 3.0 with types in capitals and counts as strings; all other
 * vendors take JSON Schema. The order Google is told in `propertyOrdering` becomes the order of the properties.
 * https://ai.google.dev/api/caching#Schema
 */
export function toJsonSchema(schema: Wire): Wire {
  const { nullable, propertyOrdering, example, ...given } = camelNames(schema);
  const json: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(given)) {
    const translated = translate(key, value, propertyOrdering);
    if (translated !== undefined) {
      json[key] = translated;
    }
  }
  if (example !== undefined) {
    json['examples'] = [example];
  }
  return nullable === true ? orNull(json) : json;
}

function translate(key: string, value: unknown, ordering: unknown): unknown {
  switch (key) {
    case 'type':
      return typeOf(value);
    case 'format':
      // Google's word for a text with an `enum`, which says so itself.
      return value === 'enum' ? undefined : value;
    case 'properties':
      return inOrder(recordOr(value), ordering);
    case '$defs':
      return inOrder(recordOr(value), undefined);
    case 'anyOf':
    case 'prefixItems':
      return Array.isArray(value) ? value.map(nested) : value;
    case 'items':
    case 'additionalProperties':
      return nested(value);
    default:
      return COUNTS.has(key) && typeof value === 'string' ? Number(value) : value;
  }
}

function typeOf(value: unknown): unknown {
  const type = typeof value === 'string' ? value.toLowerCase() : value;
  return type === 'type_unspecified' ? undefined : type;
}

function nested(value: unknown): unknown {
  return isObject(value) ? toJsonSchema(value) : value;
}

function inOrder(properties: Wire, ordering: unknown): Wire {
  const names = Object.keys(properties);
  const first = Array.isArray(ordering) ? ordering.filter(name => names.includes(name as string)) : [];
  const ordered = new Set([...(first as string[]), ...names]);
  return Object.fromEntries([...ordered].map(name => [name, nested(properties[name])]));
}

function orNull(json: Record<string, unknown>): Wire {
  const { type, enum: values, anyOf } = json;
  if (Array.isArray(anyOf)) {
    return { ...json, anyOf: [...anyOf, { type: 'null' }] };
  }
  return {
    ...json,
    ...(typeof type === 'string' && { type: [type, 'null'] }),
    ...(Array.isArray(values) && { enum: [...values, null] }),
  };
}

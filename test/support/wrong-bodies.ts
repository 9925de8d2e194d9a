import { exampleOf, type Schema } from './open-api.js';

/** A body with one thing wrong. */
export interface WrongBody {
  /** What is wrong, for the title of a test. */
  readonly what: string;
  /** The field that an answer must name; null when the body as a whole is wrong. */
  readonly field: string | null;
  readonly body: unknown;
}

/** Everything that can be wrong with a body of that schema, one thing at a time. */
export function wrongBodies(schema: Schema): WrongBody[] {
  const right = exampleOf(schema);
  const { properties = {}, required = [] } = schema;
  const missing = required.map(field => {
    const { [field]: _left, ...body } = right;
    return { what: 'missing', field, body };
  });
  const wrong = Object.entries(properties).flatMap(([field, property]) =>
    wrongValues(property).map(([what, value]) => ({ what, field, body: { ...right, [field]: value } })),
  );
  const unknown = ['unknownField', '__proto__', 'id', 'version']
    .filter(field => !Object.hasOwn(properties, field))
    .map(field => ({
      what: 'unknown',
      field,
      body: JSON.parse(`{${JSON.stringify(field)}: 1}`) as unknown,
    }));
  const whole = [[], [right], 'text', 7, null].map(body => ({
    what: `body ${JSON.stringify(body).slice(0, 20)}`,
    field: null,
    body,
  }));
  return [...missing, ...wrong, ...unknown, ...whole];
}

function wrongValues(schema: Schema): [what: string, value: unknown][] {
  const isFreeForm = schema.allOf?.some(({ additionalProperties }) => additionalProperties === true);
  const objects: [string, unknown][] = [
    ...(schema.allOf ? [] : [['an object', {}] as [string, unknown]]), // it may have nothing but defaults
    ...(isFreeForm
      ? []
      : [['a nested object', { a: { toString: 1, constructor: null } }] as [string, unknown]]),
  ];
  const nulls: [string, unknown][] = schema.nullable ? [] : [['null', null]];
  return [...objects, ...nulls, ...ofType(schema)];
}

function ofType({
  type,
  enum: words,
  minItems = 0,
  example,
  items,
}: Schema): [what: string, value: unknown][] {
  const long = 'x'.repeat(20_000);
  switch (type) {
    case 'boolean':
      return [
        ['text', 'true'],
        ['a number', 1],
        ['a list', [true]],
      ];
    case 'number':
    case 'integer':
      return [
        ['text', '5'],
        ['too large', 1e300],
        ['negative', -1],
        ...(typeof example === 'number' && !Number.isInteger(example)
          ? []
          : [['a fraction', 1.5] as [string, unknown]]),
        ['a list', [5]],
      ];
    case 'array':
      return [
        ['text', 'openai'],
        ...(minItems > 0 ? [['empty', []] as [string, unknown]] : []),
        ...(items?.type === 'number' ? [] : [['a list of numbers', [1]] as [string, unknown]]),
        ['a list of null', [null]],
        ['a list of lists', [['openai']]],
        ['a list of objects', [{}]],
        ['a bad item', [' \n']],
        ['a long item', [long]],
        ['too many items', Array.from({ length: 101 }, () => 'openai')],
      ];
    default:
      return [
        ['a number', 7],
        ['true', true],
        ['a list', ['text']],
        ['empty', ''],
        ['blank', '   '],
        ['too long', long],
        ['with a line break', 'two\nlines'],
        ['with NUL', 'a\0b'],
        ['half a surrogate', '\ud800'],
        ...(words ? [['no such word', 'OWNER'] as [string, unknown]] : []),
      ];
  }
}

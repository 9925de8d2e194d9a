import type { JsonObject } from '../json.js';
import { sampleOf } from './schema-sample.js';

describe('sampleOf', () => {
  it.each<[string, JsonObject, unknown]>([
    ['words in turn', { type: 'array', minItems: 3, items: { type: 'string' } }, ['red', 'fox', 'red']],
    ['the first of an enum', { type: 'string', enum: ['b', 'a'] }, 'b'],
    ['a constant', { const: 4 }, 4],
    ['a format', { type: 'string', format: 'date' }, '2026-01-02'],
    ['lengths', { type: 'string', minLength: 5, maxLength: 5 }, 'redxx'],
    ['a range', { type: 'integer', minimum: 5, maximum: 9 }, 5],
    ['an open range', { type: 'number', exclusiveMinimum: 0, maximum: 1 }, 1],
    ['steps', { type: 'integer', minimum: 5, multipleOf: 4 }, 8],
    ['how many words there are', { type: 'integer' }, 2],
    ['a nullable', { type: ['null', 'boolean'] }, true],
    ['a choice that is not null', { anyOf: [{ type: 'null' }, { type: 'string' }] }, 'red'],
    ['upper-case types', { type: 'OBJECT', properties: { a: { type: 'NUMBER', minimum: 1 } } }, { a: 1 }],
    ['a reference', { $ref: '#/$defs/a~1b', $defs: { 'a/b': { type: 'boolean' } } }, true],
    [
      'parts put together',
      { allOf: [{ properties: { a: { const: 1 } } }, { properties: { b: { const: 2 } } }] },
      { a: 1, b: 2 },
    ],
  ])('gives %s', (_, schema, expected) => {
    expect(sampleOf(schema, ['red', 'fox'])).toEqual(expected);
  });

  it('comes to an end in a recursive schema', () => {
    const node = {
      type: 'object',
      properties: { next: { $ref: '#/$defs/node' }, name: { type: 'string' } },
      required: ['name'],
    };
    let depth = 0;
    let sample = sampleOf({ $ref: '#/$defs/node', $defs: { node } }, ['x']) as {
      next?: typeof sample;
      name: string;
    };
    while (sample.next) {
      expect(sample.name).toBe('x');
      sample = sample.next;
      depth++;
    }
    expect(depth).toBeGreaterThan(0);
  });
});

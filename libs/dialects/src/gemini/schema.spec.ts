import { toJsonSchema } from './schema.js';

describe('a schema in Google’s older words', () => {
  it.each([
    [
      { type: 'STRING', format: 'enum', enum: ['a'] },
      { type: 'string', enum: ['a'] },
    ],
    [
      { type: 'STRING', nullable: true, enum: ['a'] },
      { type: ['string', 'null'], enum: ['a', null] },
    ],
    [{ any_of: [{ type: 'NUMBER' }], nullable: true }, { anyOf: [{ type: 'number' }, { type: 'null' }] }],
    [
      { type: 'ARRAY', min_items: '1', items: { type: 'INTEGER', format: 'int64' } },
      { type: 'array', minItems: 1, items: { type: 'integer', format: 'int64' } },
    ],
    [{ type: 'TYPE_UNSPECIFIED', example: 7 }, { examples: [7] }],
    [
      { type: 'object', $defs: { A: { type: 'STRING' } }, $ref: '#/$defs/A' },
      { type: 'object', $defs: { A: { type: 'string' } }, $ref: '#/$defs/A' },
    ],
  ])('%j is JSON Schema', (given, json) => {
    expect(toJsonSchema(given)).toEqual(json);
  });

  it('keeps the names of properties, in the order that it asks for', () => {
    const properties = {
      snake_name: { type: 'STRING' },
      type: { type: 'NUMBER' },
      last: { type: 'BOOLEAN' },
    };
    const json = toJsonSchema({ type: 'OBJECT', properties, propertyOrdering: ['last', 'type', 'nobody'] });

    expect(JSON.stringify(json)).toBe(
      '{"type":"object","properties":{"last":{"type":"boolean"},"type":{"type":"number"},"snake_name":{"type":"string"}}}',
    );
  });
});

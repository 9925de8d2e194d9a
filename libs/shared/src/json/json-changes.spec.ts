import { fc } from '../../../../test/support/properties.js';
import { spliceChanges } from './json-changes.js';

const change = (body: string, to: (value: never) => unknown): string => {
  const before = JSON.parse(body) as never;
  return spliceChanges(Buffer.from(body), before, to(before)).toString();
};

/** Every text is another. What holds none is the same object. */
function louder(value: unknown): unknown {
  if (typeof value === 'string') {
    return `${value}!"é\u2028😀`;
  }
  if (value === null || typeof value !== 'object' || !/"/.test(JSON.stringify(Object.values(value)))) {
    return value;
  }
  return Array.isArray(value)
    ? value.map(louder)
    : Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, louder(inner)]));
}

describe('splicing changes of JSON', () => {
  it('gives what was changed, wherever it stands and however it is laid out', () => {
    const values = fc.jsonValue({ stringUnit: 'binary' });
    fc.assert(
      fc.property(values, fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const before = JSON.parse(text) as unknown;
        const after = louder(before);
        const spliced = spliceChanges(Buffer.from(text), before, after).toString();

        expect(JSON.parse(spliced)).toEqual(JSON.parse(JSON.stringify(after)));
        expect(JSON.stringify(JSON.parse(spliced), null, indent)).toBe(JSON.stringify(after, null, indent));
      }),
    );
  });

  it('leaves every other byte as it came', () => {
    const body = '{ "n" : 18446744073709551615 , "é":[ 1.0, {"a" :"\\u00e9" , "b": [ ]} ,"c" ], "b": "\\/" }';

    expect(
      change(body, ({ é: [one, two, three], ...rest }: Record<'é', [number, object, string]>) => ({
        ...rest,
        é: [one, { ...two, a: 'ö"' }, three],
      })),
    ).toBe(body.replace('"\\u00e9"', '"ö\\""'));
  });

  it('changes the one that counts of members with one name', () => {
    const body = '{"a":{"b":"x"},"a":{"b":"x","\\u0062":"y"}}';

    expect(change(body, () => ({ a: { b: 'z' } }))).toBe('{"a":{"b":"x"},"a":{"b":"x","\\u0062":"z"}}');
  });

  it('adds members, and is the bytes that came when there is nothing to do', () => {
    expect(change('{"a":1 }', before => ({ ...(before as object), b: 'é' }))).toBe('{"a":1 ,"b":"\\u00e9"}');
    const body = Buffer.from('{}');
    const value = {};
    expect(spliceChanges(body, value, value)).toBe(body);
  });
});

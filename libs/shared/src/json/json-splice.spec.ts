import { fc } from '../../../../test/support/properties.js';
import {
  appendMember,
  changeMember,
  memberNames,
  removeMembers,
  setMember,
  spliceMembers,
} from './json-splice.js';

const objects = fc.dictionary(
  fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('model', 'stream', '"model"', '\\', 'mo\u0164el')),
  fc.jsonValue({ stringUnit: 'binary' }),
  {
    maxKeys: 6,
  },
);
const indents = fc.constantFrom(undefined, 1, '\t');

describe('splicing JSON members', () => {
  it('changes the named members and nothing else', () => {
    fc.assert(
      fc.property(objects, indents, fc.jsonValue({ stringUnit: 'binary' }), (object, indent, value) => {
        const body = Buffer.from(JSON.stringify(object, null, indent));
        const spliced = spliceMembers(body, { model: JSON.stringify(value), extra: '1' });

        expect(JSON.parse(spliced.toString())).toEqual({
          ...JSON.parse(body.toString()),
          model: JSON.parse(JSON.stringify(value)),
          extra: 1,
        });
      }),
    );
  });

  it('leaves every other byte as it came', () => {
    const body = Buffer.from('{ "seed" : 18446744073709551615 , "model":"a/b", "x": [ {"model":"kept"} ] }');

    expect(spliceMembers(body, { model: '"b"' }).toString()).toBe(
      '{ "seed" : 18446744073709551615 , "model":"b", "x": [ {"model":"kept"} ] }',
    );
  });

  it('replaces a key that occurs twice, so that no parser sees the old one', () => {
    expect(spliceMembers(Buffer.from('{"model":"a","model":"b"}'), { model: '"c"' }).toString()).toBe(
      '{"model":"c","model":"c"}',
    );
  });

  it('knows an escaped key', () => {
    expect(spliceMembers(Buffer.from('{"mod\\u0065l":"a"}'), { model: '"c"' }).toString()).toBe(
      '{"mod\\u0065l":"c"}',
    );
  });

  it('takes out a member whose name is not ASCII, written either way', () => {
    const body = Buffer.from('{"grö\u00dfe":1,"gr\\u00f6\\u00dfe":2,"größer":3}');

    expect(removeMembers(body, ['größe']).toString()).toBe('{"größer":3}');
  });

  it('takes members out, wherever they stand and as often as they occur', () => {
    fc.assert(
      fc.property(objects, indents, fc.boolean(), (object, indent, first) => {
        const { model: _, ...rest } = object;
        const body = JSON.stringify(first ? { model: 1, ...rest } : { ...rest, model: '}' }, null, indent);

        const kept = removeMembers(Buffer.from(body), ['model', 'absent']).toString();
        expect(JSON.parse(kept)).toEqual(JSON.parse(JSON.stringify(rest)));
      }),
    );
    for (const [body, kept] of [
      ['{"model":1,"model":2}', '{}'],
      ['{"a":1 , "model" : 1,"model":2 }', '{"a":1  }'],
      ['{"model":1,"b":[{"model":1}],"mod\\u0065l":3}', '{"b":[{"model":1}]}'],
    ]) {
      expect(removeMembers(Buffer.from(body ?? ''), ['model']).toString()).toBe(kept);
    }
  });

  it('appends before the closing brace', () => {
    fc.assert(
      fc.property(objects, indents, (object, indent) => {
        const { added: _, ...rest } = object;
        const body = JSON.stringify(rest, null, indent);

        expect(JSON.parse(appendMember(body, 'added', '{"a":1}'))).toEqual({
          ...JSON.parse(body),
          added: { a: 1 },
        });
      }),
    );
  });
});

describe('the names of members', () => {
  it('come as often as they stand there, and from the outermost object only', () => {
    const body = Buffer.from('{"a": {"b": 1}, "mod\\u0065l":"x" ,"model":[{"c":2}],"a":null}');

    expect(memberNames(body)).toEqual(['a', 'model', 'model', 'a']);
    expect(memberNames(Buffer.from(' { } '))).toEqual([]);
  });

  it('changes an object within the outermost one, wherever it stands and whatever is called like it', () => {
    const usage = fc.dictionary(fc.constantFrom('cost', 'usage', 'n'), fc.jsonValue());
    const others = fc.dictionary(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('usage', 'u\u0173age', 'a"usage', '\\"usage"', '{"usage":{'),
      ),
      fc.oneof(fc.jsonValue(), fc.record({ usage }), fc.constantFrom('usage', '"usage":{}', '{"usage":{')),
      { maxKeys: 5 },
    );
    fc.assert(
      fc.property(others, fc.option(usage), others, indents, (before, used, after, indent) => {
        const object = { ...before, ...(used && { usage: used }), ...after };
        const body = JSON.stringify(object, null, indent);
        const changed = changeMember(body, 'usage', inner => setMember(inner, 'cost', '0.5'));

        const plain = JSON.parse(body);
        const isObject = typeof plain.usage === 'object' && plain.usage && !Array.isArray(plain.usage);
        expect(JSON.parse(changed)).toEqual(
          isObject ? { ...plain, usage: { ...plain.usage, cost: 0.5 } } : plain,
        );
      }),
    );
  });

  it('changes the last object of a name, as parsers read it, and not a byte besides', () => {
    const body = '{"x":[{"usage":{"a":1}}], "usage":{"n": 1e3}, "usage" : { "n": 2 } ,"t":"\\"usage\\":"}\n';

    expect(changeMember(body, 'usage', () => '{}')).toBe(
      '{"x":[{"usage":{"a":1}}], "usage":{"n": 1e3}, "usage" : {} ,"t":"\\"usage\\":"}\n',
    );
  });
});

import { fc } from '../../../../test/support/properties.js';
import { hasDoubledMembers } from './doubled-members.js';

describe('doubled members', () => {
  it.each([
    '{"a":1,"a":1}',
    ' { "a" : 1 , "b" : [ 2 , {} ] , "a" : 1 } ',
    '{"a":{"x":"b"},"b":[1,{"c":{"d":1,"e":[],"d":2}}]}',
    '{"mod\\u0065l":1,"model":2}',
    '{"gr\\u00fcn":1,"grün":2}',
    '{"\\"":1,"\\u0022":2}',
    '{"":1,"":2}',
    '[{"a":1},{"a":1,"a":2}]',
    '{"__proto__":1,"__proto__":2}',
  ])('are found: %s', json => {
    expect(hasDoubledMembers(json)).toBe(true);
  });

  it.each([
    '{"a":"a","b":["a","a","b"]}',
    '{"a":{"a":{"a":1}},"b":{"a":1},"c":[{"a":1},{"a":1}]}',
    '{"a":"\\"a\\":1,\\"a\\":2","b":"{\\"a\\":1,","c":"\\\\"}',
    '{"a":[1,"b",2],"b":1,"A":2}',
    '{}',
  ])('are none: %s', json => {
    expect(hasDoubledMembers(json)).toBe(false);
  });

  it('are none in what was an object, and found when one is written again, wherever it stands', () => {
    const names = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('a', '"', '\\', '{', ',"a":'));
    const objects = fc.dictionary(names, fc.jsonValue({ stringUnit: 'binary' }), { minKeys: 1, maxKeys: 6 });
    fc.assert(
      fc.property(objects, fc.nat(), (object, at) => {
        const json = JSON.stringify(object);
        const name = Object.keys(object)[at % Object.keys(object).length];
        const doubled = `${json.slice(0, -1)},${JSON.stringify(name)}:null}`;

        expect(hasDoubledMembers(json)).toBe(false);
        expect(hasDoubledMembers(doubled)).toBe(true);
        expect(hasDoubledMembers(`{"b":[${doubled}],"c":${json}}`)).toBe(true);
      }),
    );
  });
});

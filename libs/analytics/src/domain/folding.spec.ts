import { fc } from '../../../../test/support/properties.js';
import { folded, unfolded } from './folding.js';

/** As it comes back from the store. */
const again = (value: unknown): unknown => unfolded(JSON.parse(JSON.stringify(folded(value))));

describe('folding', () => {
  it('makes a table of like objects, in which nothing is said twice', () => {
    const rows = [
      { vendor: 'openai', cost: 100, lacks: [], open: 0, why: null },
      { vendor: 'groq', cost: 200, lacks: [], open: 0, why: 'in provider.ignore' },
    ];
    expect(folded({ rows })).toEqual({
      rows: {
        '*rows': 2,
        vendor: ['openai', 'groq'],
        cost: [100, 200],
        lacks: { '*times': 2, '*all': [] },
        open: 0,
        why: [null, 'in provider.ignore'],
      },
    });
    expect(JSON.stringify(again({ rows }))).toBe(JSON.stringify({ rows }));
  });

  it('says repeated texts once', () => {
    const reasons = ['not in provider.only', null, 'not in provider.only', 'not in provider.only', null];
    expect(folded(reasons)).toEqual({ '*texts': ['not in provider.only', null], '*at': [0, 1, 0, 0, 1] });
    expect(folded([null, null, null, null])).toEqual({ '*times': 4, '*all': null });
    expect(again(reasons)).toEqual(reasons);
  });

  it('leaves alone what is no table', () => {
    for (const list of [
      [{ a: 1 }, { b: 1 }],
      [{ a: 1 }, { a: 1, b: 2 }],
      [{ a: 1 }, null],
      [{ a: 1 }],
      [1, 1],
    ]) {
      expect(folded(list)).toEqual(list);
    }
  });

  it('takes no name of a caller for one of its own', () => {
    const odd = [
      { '*rows': 7, '*all': [1] },
      { '*rows': 8, '*all': [2] },
    ];
    const hostile = { '*times': 1_000_000_000, '*all': 0, '**at': [1], '*texts': odd };
    expect(again(hostile)).toEqual(hostile);
    expect(again(JSON.parse('{"__proto__": [{"__proto__": 1}, {"__proto__": 2}]}'))).toEqual(
      JSON.parse('{"__proto__": [{"__proto__": 1}, {"__proto__": 2}]}'),
    );
  });

  it('gives back any JSON as it was, to the order of its members', () => {
    const leaf = fc.oneof(fc.constantFrom(null, 0, 1, '', 'a', '*', '*rows', true), fc.string(), fc.double());
    const name = fc.constantFrom('a', 'b', '*rows', '*times', '*all', '*texts', '*at', '**at', '__proto__');
    const { json } = fc.letrec<{ json: unknown }>(tie => ({
      json: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.array(tie('json'), { maxLength: 6 }),
        fc.dictionary(name, tie('json'), { maxKeys: 4 }),
        fc.tuple(tie('json'), fc.integer({ min: 2, max: 6 })).map(([one, times]) => Array(times).fill(one)),
        fc.array(fc.record({ a: tie('json'), '*rows': leaf }), { minLength: 2, maxLength: 5 }),
      ),
    }));
    fc.assert(
      fc.property(json, value => {
        expect(JSON.stringify(again(value))).toBe(JSON.stringify(value));
      }),
    );
  });
});

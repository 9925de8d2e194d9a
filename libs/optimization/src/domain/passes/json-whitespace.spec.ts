import type { Tool } from '@app/dialects';
import { fc } from '../../../../../test/support/properties.js';
import { callOf, saidIn, say, talk } from './fixtures.js';
import { compactJson, withoutWhitespace } from './json-whitespace.js';

const ANY = { after: 0, dialect: 'openai-chat' };
const pretty = JSON.stringify({ name: 'a  b', list: [1, 2.5, { deep: '\n' }] }, null, 2);
const compact = '{"name":"a  b","list":[1,2.5,{"deep":"\\n"}]}';

describe('withoutWhitespace', () => {
  it('leaves strings and the spelling of numbers as they are, and members that come twice', () => {
    const text =
      ' { "a" : 1.50e+3 , "a" : -0 , "b\\\\" : "  \\"  { } \\\\" ,\r\n\t"n" : 12345678901234567890 } ';

    expect(withoutWhitespace(text)).toBe(
      '{"a":1.50e+3,"a":-0,"b\\\\":"  \\"  { } \\\\","n":12345678901234567890}',
    );
  });

  it.each([
    ['a scalar', ' 12 '],
    ['a quoted text', '"a  b"'],
    ['lines of JSON', '{"a": 1}\n{"a": 2}'],
    ['JSON with comments', '{\n  // why\n  "a": 1\n}'],
    ['JSON that is cut', '{\n  "a": [1, 2'],
    ['a string that is not closed', '{ "a\\" : 1 }'],
    ['words around it', 'This:\n{ "a": 1 }'],
    ['code in braces', '{ a: 1 }'],
    ['a bare line break in a string', '{ "a": "b\nc" }'],
    ['a blank that JSON does not know', '{ "a":\u00a01 }'],
    ['nothing', ''],
  ])('leaves %s alone', (_, text) => {
    expect(withoutWhitespace(text)).toBe(text);
  });

  it('gives the very JSON of any value, however it was set, and changes nothing the second time', () => {
    const indent = fc.constantFrom<string | number>(1, 2, 4, '\t');
    fc.assert(
      fc.property(
        fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue())),
        indent,
        (value, by) => {
          const once = withoutWhitespace(JSON.stringify(value, null, by));
          expect(once).toBe(JSON.stringify(value));
          expect(withoutWhitespace(once)).toBe(once);
        },
      ),
    );
  });

  it('changes nothing of any other text', () => {
    const pieces = fc.constantFrom('{', '}', '[', ']', '"', '\\', ' ', '\n', ',', ':', '1', 'a', 'true');
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), list => {
        const text = list.join('');
        const given = withoutWhitespace(text);
        if (given !== text) {
          expect(JSON.stringify(JSON.parse(given))).toBe(JSON.stringify(JSON.parse(text)));
        }
      }),
      { numRuns: 20_000 },
    );
  });
});

describe('compactJson', () => {
  it('takes it from what users say and tools return, and from nothing else', () => {
    const request = talk([
      say('system', pretty),
      say('user', pretty),
      say('assistant', pretty),
      ...callOf('call_1', pretty),
      say('user', `See:\n${pretty}`),
    ]);
    const { request: shorter, tokens } = compactJson(request, ANY);

    expect(saidIn(shorter)).toEqual([compact, compact, `See:\n${pretty}`]);
    expect([0, 2, 3].map(at => shorter.turns[at])).toEqual([0, 2, 3].map(at => request.turns[at]));
    expect(tokens).toBe(2 * 2 * (pretty.split('\n').length - 1));
  });

  it('gives the very request where there is no such JSON', () => {
    const request = talk([say('user', compact), ...callOf('call_1', 'plain')]);

    expect(compactJson(request, ANY)).toEqual({ request, tokens: 0 });
    expect(compactJson(request, ANY).request).toBe(request);
  });

  it('leaves what the prompt begins with alone, as much as has to be there to be cached', () => {
    const request = talk([say('user', 'x'.repeat(100)), say('user', pretty)]); // behind a list of no tools, which is two long

    expect(compactJson(request, { ...ANY, after: 103 }).request).toBe(request);
    expect(saidIn(compactJson(request, { ...ANY, after: 102 }).request)[1]).toBe(compact);
  });

  it('leaves what stands behind more than any model reads', () => {
    const request = talk([
      say('user', 'x'.repeat(1_999_990 - compact.length)),
      say('user', pretty),
      say('user', pretty),
    ]);

    expect(compactJson(request, ANY).request).toBe(request);
    expect(saidIn(compactJson(talk(request.turns.slice(1)), ANY).request)).toEqual([compact, compact]);
  });

  it.each<[Tool]>([
    [{ kind: 'function', name: 'str_replace' }],
    [{ kind: 'function', name: 'mcp__files__write_file' }],
    [{ kind: 'custom', name: 'apply_patch' }],
    [{ kind: 'hosted', dialect: 'anthropic-messages', type: 'bash_20250124', value: {} }],
  ])('leaves all of it where the model may edit what it read: %j', tool => {
    const request = talk(callOf('call_1', pretty), { tools: { list: [tool] } });

    expect(compactJson(request, ANY).request).toBe(request);
  });

  it('leaves results to Gemini, which gets them as objects', () => {
    const request = talk([say('user', pretty), ...callOf('call_1', pretty)]);

    expect(saidIn(compactJson(request, { ...ANY, dialect: 'gemini' }).request)).toEqual([compact, pretty]);
  });
});

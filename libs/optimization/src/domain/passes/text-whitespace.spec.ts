import { fc } from '../../../../../test/support/properties.js';
import { callOf, saidIn, say, talk } from './fixtures.js';
import { tidyText, withoutIdleBlanks } from './text-whitespace.js';

const wordsOf = (text: string): readonly string[] => text.split(/\s+/);

describe('withoutIdleBlanks', () => {
  it.each([
    ['empty lines in a row', 'One.\n\n\n\nTwo.\n\nThree.', 'One.\n\nTwo.\n\nThree.'],
    ['blanks in empty lines', 'One.\n  \n\t\nTwo.', 'One.\n\nTwo.'],
    ['blanks behind a sentence', 'One. \nTwo\n', 'One.\nTwo\n'],
    ['more blanks than break a line', 'One.    \nTwo.', 'One.  \nTwo.'],
  ])('takes out %s', (_, text, tidy) => {
    expect(withoutIdleBlanks(text)).toBe(tidy);
  });

  it.each([
    ['fenced code', '```py\na = 1 \n\n\n\nb = 2 \n```\n\n\n\nAnd. '],
    ['inline code', 'Is `a \n\n\n b` it? \nYes. '],
    ['what is set in', 'See:\n\n\n    a = 1\n\n\n    b = 2\n\n\nSo.'],
    ['a list in a list', '- a\n\n\n  - b \n\n\n- c'],
    ['a table', 'a | b \n\n\n--|--'],
    ['tabs', 'a\tb \n\n\nc\td'],
    ['a quotation', '> One. \n\n\n> Two. '],
    ['what a quotation mark opens', 'He said: "One. \n\n\nTwo. " Yes. '],
    ['what a tag opens', '<data> \n\n\nOne. \n</data>'],
    ['code without a fence', 'function f() {\n}\n\n\n\nf();'],
    ['lines of Windows', 'One. \r\n\r\n\r\nTwo. \r\n'],
    ['both ends', '\n\n\nOne.\n\n\n'],
    ['the end, behind which another part may go on', 'See: '],
    ['nothing', ''],
  ])('leaves %s alone', (_, text) => {
    expect(withoutIdleBlanks(text)).toBe(text);
  });

  it('tidies what stands before the first of these', () => {
    expect(withoutIdleBlanks('One. \n\n\n\nTwo.\n```\n1 \n\n\n\n2\n```')).toBe(
      'One.\n\nTwo.\n```\n1 \n\n\n\n2\n```',
    );
  });

  it('leaves the words of any text in their order, from the first mark on every byte, and changes nothing the second time', () => {
    const pieces = fc.constantFrom(
      'One',
      'two.',
      ' ',
      '  ',
      '\n',
      '\n\n\n',
      '\t',
      '    ',
      '- ',
      '"',
      '`',
      '> ',
      '| ',
      'é:',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 20 }), list => {
        const text = list.join('');
        const tidy = withoutIdleBlanks(text);
        expect(wordsOf(tidy)).toEqual(wordsOf(text));
        expect(withoutIdleBlanks(tidy)).toBe(tidy);
        const marked = text.search(/[`|]|^>/m);
        expect(marked < 0 || tidy.endsWith(text.slice(marked))).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('tidyText', () => {
  it('tidies what users say, and leaves what tools return', () => {
    const loose = 'One. \n\n\n \nTwo. ';
    const request = talk([say('system', loose), say('user', loose), ...callOf('call_1', loose)]);
    const { request: tidy, tokens } = tidyText(request, { after: 0, dialect: 'openai-chat' });

    expect(saidIn(tidy)).toEqual(['One.\n\nTwo. ', loose]);
    expect(tidy.turns[0]).toBe(request.turns[0]);
    expect(tokens).toBe(1);
  });
});

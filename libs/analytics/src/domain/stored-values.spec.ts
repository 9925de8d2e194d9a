import { nameOf } from './stored-values.js';

describe('nameOf', () => {
  it.each([
    ['gpt-5', 'gpt-5'],
    ['a\0b', 'ab'],
    ['half \uD800', 'half \uFFFD'],
    ['half \uDC00', 'half \uFFFD'],
    [`${'x'.repeat(190)}😀`, `${'x'.repeat(190)}\uFFFD`],
    ['', null],
    [null, null],
  ])('of %j is what every store gives back', (text, name) => {
    expect(nameOf(text)).toBe(name);
    expect(Buffer.from(name ?? '').toString()).toBe(name ?? '');
  });
});

import { Sentences } from './sentences.js';

/** As it comes from a model, so many letters at a time. */
function cut(text: string, size: number): string[] {
  const sentences = new Sentences();
  const found: string[] = [];
  for (let at = 0; at < text.length; at += size) {
    found.push(...sentences.push(text.slice(at, at + size)));
  }
  return [...found, ...sentences.end()];
}

describe('sentences', () => {
  it.each([1, 3, 7, 1000])('are the same whatever pieces they come in (%d)', size => {
    const text = 'Dr. Smith paid $3.14. Then he left! "Really?" 你好。我是谁？ It is 5 p.m. now… Yes\nNo.';
    expect(cut(text, size)).toEqual(cut(text, 2));
    expect(cut(text, size).join('')).toBe(text);
    expect(cut(text, size).slice(0, 2)).toEqual(['Dr. Smith paid $3.14. ', 'Then he left! ']);
  });

  it('are told as soon as the next begins', () => {
    const sentences = new Sentences();
    expect(sentences.push('Hello there.')).toEqual([]); // it may be `there.com`
    expect(sentences.push(' H')).toEqual(['Hello there. ']);
    expect(sentences.end()).toEqual(['H']);
    expect(sentences.end()).toEqual([]);
  });

  it.each([
    ['words', 'word '.repeat(500)],
    ['signs without a blank', '字'.repeat(2000)],
    ['faces', '😀'.repeat(1000)],
  ])('of %s without an end are broken, without a loss', (_, text) => {
    const found = cut(text, 11);
    expect(found.join('')).toBe(text);
    expect(Math.max(...found.map(({ length }) => length))).toBeLessThanOrEqual(411);
    expect(found.every(part => Buffer.from(part).toString() === part)).toBe(true);
  });

  it('break at a pause where there is one', () => {
    const [first] = cut(`${'one '.repeat(60)}two, ${'three '.repeat(60)}`, 5);
    expect(first?.endsWith('two, ')).toBe(true);
  });
});

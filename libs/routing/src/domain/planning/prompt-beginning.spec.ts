import { PromptBeginning } from './prompt-beginning.js';

function beginningOf(value: unknown, most = 1000): PromptBeginning {
  const beginning = new PromptBeginning(most);
  beginning.add(value);
  return beginning;
}

describe('the beginning of a prompt', () => {
  it('is the same for the same prompt', () => {
    const prompt = [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }, 1, true, null];
    expect(beginningOf(prompt).text).toBe(beginningOf(structuredClone(prompt)).text);
  });

  it.each<[unknown, unknown]>([
    [
      ['ab', 'c'],
      ['a', 'bc'],
    ],
    [['ab'], ['a', 'b']],
    [['1:a'], ['a']],
    [{ a: 'b' }, { b: 'a' }],
    [[1], [2]],
    [[true], [false]],
    [[null], []],
  ])('tells %j from %j', (one, other) => {
    expect(beginningOf(one).text).not.toBe(beginningOf(other).text);
  });

  it('goes on where it stopped, and minds nothing that is missing', () => {
    const beginning = beginningOf('a');
    beginning.add(undefined);
    beginning.add([undefined, 'b']);

    expect(beginning.text).toBe(beginningOf(['a', 'b']).text);
    expect(beginning.characters).toBe(2);
  });

  it('counts names and values of everything, and keeps no more than it may', () => {
    const picture = 'x'.repeat(5_000_000);
    const beginning = beginningOf([{ text: 'abc', data: picture }, picture], 10);

    expect(beginning.characters).toBe('textabcdata'.length + 2 * picture.length);
    expect(beginning.text.length).toBeLessThan(50);
    expect(beginning.text).toBe(beginningOf([{ text: 'abc', data: picture }, 'y'], 10).text);
  });

  it('tells long texts with one beginning apart by their length', () => {
    expect(beginningOf('x'.repeat(20), 10).text).not.toBe(beginningOf('x'.repeat(21), 10).text);
  });
});

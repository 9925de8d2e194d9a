import { ThinkTags } from './think-tags.js';

/** All that was told of an answer that came in these pieces. */
function tell(pieces: readonly string[]) {
  const tags = new ThinkTags();
  const told = [...pieces.map(piece => tags.read(piece)), tags.end()];
  return {
    reasoning: told.map(({ reasoning }) => reasoning).join(''),
    text: told.map(({ text }) => text).join(''),
  };
}

describe('the reader of <think> tags', () => {
  it.each([
    ['an answer with reasoning', '<think>\nHm.\n</think>\nHello!', '\nHm.\n', 'Hello!'],
    ['an answer without', 'Hello <think>no</think>!', '', 'Hello <think>no</think>!'],
    ['an answer that begins almost so', '<thin ice', '', '<thin ice'],
    ['blank lines before the tag', '\n\n<think>Hm.</think>\n\nHi.', 'Hm.', 'Hi.'],
    ['angle brackets in the reasoning', '<think>a < b </t </think>Yes.', 'a < b </t ', 'Yes.'],
    ['reasoning that was cut', '<think>Hm. </thi', 'Hm. </thi', ''],
    ['an empty tag', '<think></think>Hi.', '', 'Hi.'],
    ['nothing', '', '', ''],
    ['a second tag', '<think>a</think>b<think>c</think>', 'a', 'b<think>c</think>'],
  ])('tells %s, however it is cut', (_, answer, reasoning, text) => {
    expect(tell([answer])).toEqual({ reasoning, text });
    expect(tell([...answer])).toEqual({ reasoning, text });
    for (let cut = 1; cut < answer.length; cut++) {
      expect(tell([answer.slice(0, cut), answer.slice(cut)])).toEqual({ reasoning, text });
    }
  });

  it('gives reasoning on as it comes', () => {
    const tags = new ThinkTags();

    expect(tags.read('<think>One ')).toEqual({ reasoning: 'One ', text: '' });
    expect(tags.read('two </')).toEqual({ reasoning: 'two ', text: '' });
    expect(tags.read('think>Three')).toEqual({ reasoning: '', text: 'Three' });
  });
});

import { ID_PLACE, LLMHUB_PLACE, WrittenText } from './written-text.js';

const ID = '019ac0de-1111-7222-8333-444455556666';
const LLMHUB = { cost: 0, cached: true, response_time: 3 };
const TOLD = { id: ID, llmhub: () => LLMHUB };

describe('a text that was written before', () => {
  it('has the id of the new call wherever that of the old one stood, with and without dashes', () => {
    const compact = ID_PLACE.replaceAll('-', '');
    const text = new WrittenText(`{"id":"msg_${ID_PLACE}","item":"rs_${compact}0001"}{"id":"${ID_PLACE}"}`);
    expect(text.for(TOLD)).toBe(`{"id":"msg_${ID}","item":"rs_${ID.replaceAll('-', '')}0001"}{"id":"${ID}"}`);
  });

  it('tells of the new call', () => {
    const text = new WrittenText(JSON.stringify({ id: ID_PLACE, x_llmhub: LLMHUB_PLACE }));
    expect(JSON.parse(text.for(TOLD))).toEqual({ id: ID, x_llmhub: LLMHUB });
  });

  it('has no line separators that are not escaped', () => {
    const llmhub = { ...LLMHUB, warnings: ['fo\u2028o'] };
    const told = new WrittenText(JSON.stringify(LLMHUB_PLACE)).for({ id: ID, llmhub: () => llmhub });
    expect(told).not.toContain('\u2028');
    expect(JSON.parse(told)).toEqual(llmhub);
  });

  it('asks what is to be told only where that stands', () => {
    let asked = 0;
    const told = { id: ID, llmhub: () => ({ cost: (asked += 1) }) };
    expect(new WrittenText(`data: {"id":"${ID_PLACE}"}\n\n`).for(told)).toBe(`data: {"id":"${ID}"}\n\n`);
    expect(asked).toBe(0);
  });

  it('is the same for every call when nothing in it was about one', () => {
    const text = 'data: [DONE]\n\n';
    expect(new WrittenText(text).for(TOLD)).toBe(text);
    expect(new WrittenText('').for(TOLD)).toBe('');
  });
});

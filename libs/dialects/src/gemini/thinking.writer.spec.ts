import type { ReasoningSettings } from '../domain/conversation.js';
import { type Case, written } from './fixtures/written.js';

function thinking(reasoning: ReasoningSettings | undefined, more: Case): [unknown, string[]] {
  const { body, losses } = written({ ...more, settings: { ...(reasoning && { reasoning }) } });
  const config = body['generationConfig'] as { thinkingConfig?: unknown } | undefined;
  return [config?.thinkingConfig, losses];
}

const LEVEL: Case = { traits: { reasoning: 'level' } };
const BUDGET: Case = { traits: { reasoning: 'budget' } };
const warned = ['approximated reasoning_effort'];

describe('thinking', () => {
  it.each([
    ['none', 'MINIMAL', warned],
    ['minimal', 'MINIMAL', []],
    ['low', 'LOW', []],
    ['medium', 'MEDIUM', []],
    ['high', 'HIGH', []],
    ['xhigh', 'HIGH', warned],
    ['max', 'HIGH', warned],
  ])('effort %s is the level %s', (effort, thinkingLevel, losses) => {
    const expected = [{ thinkingLevel, includeThoughts: true }, losses];
    expect(thinking({ effort }, LEVEL)).toEqual(expected);
    expect(thinking({ effort }, {})).toEqual(expected);
  });

  it.each([
    ['none', 0, false, []],
    ['low', 1024, true, []],
    ['medium', 8192, true, []],
    ['high', 24_576, true, []],
    ['max', 24_576, true, warned],
  ])('effort %s is a budget of %i on older models', (effort, thinkingBudget, includeThoughts, losses) => {
    expect(thinking({ effort }, BUDGET)).toEqual([{ thinkingBudget, includeThoughts }, losses]);
  });

  it('cannot be turned off on 2.5 Pro', () => {
    expect(thinking({ effort: 'none' }, { ...BUDGET, model: 'gemini-2.5-pro' })).toEqual([
      { thinkingBudget: 128, includeThoughts: true },
      warned,
    ]);
  });

  it('takes budgets by bands where there are levels', () => {
    const level = (budget: number) => thinking({ budget }, LEVEL)[0];
    expect([0, 4095, 4096, 16_384].map(level)).toMatchObject([
      { thinkingLevel: 'MINIMAL' },
      { thinkingLevel: 'LOW' },
      { thinkingLevel: 'MEDIUM' },
      { thinkingLevel: 'HIGH' },
    ]);
    expect(thinking({ budget: -1 }, LEVEL)).toEqual([{ includeThoughts: true }, []]);
    expect(thinking({ budget: 777 }, BUDGET)).toEqual([{ thinkingBudget: 777, includeThoughts: true }, []]);
  });

  it('is shown whenever there may be some', () => {
    expect(thinking(undefined, LEVEL)).toEqual([{ includeThoughts: true }, []]);
    expect(thinking(undefined, BUDGET)).toEqual([{ includeThoughts: true }, []]);
    expect(thinking(undefined, {})).toEqual([undefined, []]);
    expect(thinking(undefined, { ...BUDGET, model: 'gemini-2.5-flash-image' })).toEqual([undefined, []]);
    expect(thinking({ summary: 'omitted', effort: 'low' }, LEVEL)).toEqual([{ thinkingLevel: 'LOW' }, []]);
    const native = { dialect: 'gemini', fields: {} } as const;
    expect(thinking({ effort: 'low' }, { ...LEVEL, native })).toEqual([{ thinkingLevel: 'LOW' }, []]);
  });

  it('is dropped where there is none', () => {
    expect(thinking({ effort: 'low' }, { traits: { reasoning: 'none' } })).toEqual([
      undefined,
      ['dropped reasoning_effort'],
    ]);
    expect(thinking({ effort: 'none' }, { traits: { reasoning: 'none' } })).toEqual([undefined, []]);
    expect(thinking({ effort: 'galactic' }, LEVEL)).toEqual([
      { includeThoughts: true },
      ['dropped reasoning_effort'],
    ]);
  });
});

import type { Prompt, Turn } from './prompt.js';
import { nextStep } from './steps.js';

const TOLD: Turn = {
  role: 'user',
  text: 'Do it. [[sim:step write {"to":"a"}]] [[sim:step read {}]]',
  media: [],
};
const RESULT: Turn = { role: 'tool', text: 'done', media: [] };
const CALL: Turn = { role: 'assistant', text: '', media: [] };
const REMINDER: Turn = { role: 'user', text: 'Mind the budget.', media: [] };

function promptOf(turns: readonly Turn[], toolNames = ['read', 'write']): Prompt {
  return {
    model: 'any',
    turns,
    tools: toolNames.map(name => ({ name, schema: {} })),
    mustCall: false,
    mayCallInParallel: true,
    answerSchema: undefined,
    reasoning: false,
    maxTokens: undefined,
    stops: [],
    cache: 'none',
  };
}

describe('nextStep', () => {
  it('goes on by one call with each result', () => {
    expect(nextStep(promptOf([TOLD]))).toEqual({ name: 'write', arguments: '{"to":"a"}' });
    expect(nextStep(promptOf([TOLD, CALL, RESULT]))).toEqual({ name: 'read', arguments: '{}' });
    expect(nextStep(promptOf([TOLD, CALL, RESULT, CALL, RESULT]))).toBeUndefined();
  });

  it('is not put off by texts of the program behind the text of its user', () => {
    expect(nextStep(promptOf([TOLD, CALL, RESULT, REMINDER]))?.name).toBe('read');
  });

  it('begins anew with a new text that has steps', () => {
    expect(nextStep(promptOf([TOLD, CALL, RESULT, TOLD]))?.name).toBe('write');
  });

  it('is nothing without tools, and without steps', () => {
    expect(nextStep(promptOf([TOLD], []))).toBeUndefined();
    expect(nextStep(promptOf([REMINDER]))).toBeUndefined();
  });
});

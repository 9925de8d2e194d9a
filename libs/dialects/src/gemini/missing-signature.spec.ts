import { targetWith } from './fixtures/written.js';
import { lacksSignature } from './missing-signature.js';

const GEMINI_3 = targetWith({}, 'gemini-3-pro');
const said = { role: 'user', parts: [{ text: 'Hi' }] };
const result = { role: 'user', parts: [{ functionResponse: { name: 'f', response: {} } }] };
const call = (more: object = {}): object => ({
  role: 'model',
  parts: [{ text: 'Let me see.' }, { functionCall: { name: 'f' }, ...more }, { functionCall: { name: 'g' } }],
});
const signed = call({ thoughtSignature: 'c2ln' });

describe('a signature that Gemini 3 demands', () => {
  it.each<[string, object[], boolean]>([
    ['is missing on the first call of a step', [said, call(), result], true],
    ['is missing in one of several steps', [said, call(), result, signed, result], true],
    ['is missing in snake case', [said, { role: 'model', parts: [{ function_call: { name: 'f' } }] }], true],
    ['is there', [said, signed, result], false],
    ['is there in snake case', [said, call({ thought_signature: 'c2ln' }), result], false],
    ['is not asked for in earlier turns', [said, call(), result, said], false],
    ['is not asked for without calls', [said], false],
  ])('%s', (_what, contents, lacks) => {
    expect(lacksSignature({ contents }, GEMINI_3)).toBe(lacks);
  });

  it('is demanded by no other model', () => {
    expect(lacksSignature({ contents: [said, call(), result] }, targetWith({}, 'gemini-2.5-pro'))).toBe(
      false,
    );
  });

  it.each([undefined, null, 'Hi', [7, null, { parts: 7 }], {}])('is not looked for in %j', contents => {
    expect(lacksSignature({ contents }, GEMINI_3)).toBe(false);
  });
});

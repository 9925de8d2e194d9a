import { aPolicy } from '../../../../../test/support/planning.js';
import type { PolicyRule } from '../policies/policy-rule.entity.js';
import { type Labels, readLabels } from '../wishes/labels.js';
import type { RequestFacts } from './routing-snapshot.js';
import { ruleFor } from './rule-match.js';

const FACTS: RequestFacts = { inputTokens: 100, maxOutputTokens: null, stream: false, needs: [] };
const NO_LABELS: Labels = { tags: [], metadata: {} };

const rulesOf = (...conditions: PolicyRule['when'][]) =>
  aPolicy({ rules: conditions.map(when => ({ when, targets: ['openai/gpt-5-mini'] })) }).rules;

function holds(
  when: PolicyRule['when'],
  facts: Partial<RequestFacts> = {},
  labels: Partial<Labels> = {},
): boolean {
  return ruleFor(rulesOf(when), { ...FACTS, ...facts }, { ...NO_LABELS, ...labels }) === 0;
}

describe('the rule for a request', () => {
  it('is the first that holds, null when none does', () => {
    const rules = rulesOf({ stream: true }, { minInputTokens: 50 }, { minInputTokens: 10 });

    expect(ruleFor(rules, FACTS, NO_LABELS)).toBe(1);
    expect(ruleFor(rules, { ...FACTS, stream: true }, NO_LABELS)).toBe(0);
    expect(ruleFor(rules, { ...FACTS, inputTokens: 20 }, NO_LABELS)).toBe(2);
    expect(ruleFor(rules, { ...FACTS, inputTokens: 9 }, NO_LABELS)).toBeNull();
    expect(ruleFor([], FACTS, NO_LABELS)).toBeNull();
  });

  it('goes by the length of the input, both ends included', () => {
    const between = { minInputTokens: 100, maxInputTokens: 200 };

    expect([99, 100, 200, 201].map(inputTokens => holds(between, { inputTokens }))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(holds({ maxInputTokens: 0 }, { inputTokens: 0 })).toBe(true);
  });

  it.each(['stream', 'tools'] as const)('tells apart whether there is %s, or not, or either', name => {
    const facts = { stream: name === 'stream', needs: name === 'tools' ? ['tools'] : [] };

    expect(holds({ [name]: true }, facts)).toBe(true);
    expect(holds({ [name]: true })).toBe(false);
    expect(holds({ [name]: false }, facts)).toBe(false);
    expect(holds({ [name]: false })).toBe(true);
    expect(holds({ [name]: null, minInputTokens: 1 }, facts)).toBe(true);
  });

  it('wants every modality that it names, and minds no other', () => {
    const when: PolicyRule['when'] = { modalities: ['image', 'document'] };

    expect(holds(when, { needs: ['image_input'] })).toBe(false);
    expect(holds(when, { needs: ['document_input', 'tools', 'image_input'] })).toBe(true);
    expect(holds({ modalities: ['audio'] }, { needs: ['audio_input'] })).toBe(true);
  });

  it('wants every tag that it names', () => {
    expect(holds({ tags: ['a', 'b'] }, {}, { tags: ['b', 'c', 'a'] })).toBe(true);
    expect(holds({ tags: ['a', 'b'] }, {}, { tags: ['a'] })).toBe(false);
  });

  it('wants every pair of metadata, to the letter', () => {
    const when = { metadata: { tier: 'free', team: 'a' } };

    expect(holds(when, {}, { metadata: { team: 'a', tier: 'free', more: '1' } })).toBe(true);
    expect(holds(when, {}, { metadata: { tier: 'free' } })).toBe(false);
    expect(holds(when, {}, { metadata: { tier: 'Free', team: 'a' } })).toBe(false);
  });

  it('wants numbers and truth values as JSON has them, whether as such or as texts', () => {
    const when = { metadata: { user: 7, share: 0.5, beta: true, tier: '2' } };
    const said = (metadata: object) => holds(when, {}, readLabels(metadata, null));

    expect(said({ user: 7, share: 0.5, beta: true, tier: 2 })).toBe(true);
    expect(said({ user: '7', share: '0.5', beta: 'true', tier: '2' })).toBe(true);
    expect(said({ user: 7.5, share: 0.5, beta: true, tier: 2 })).toBe(false);
    expect(said({ user: 7, share: 0.5, beta: false, tier: 2 })).toBe(false);
  });

  it('holds only when all of its conditions do', () => {
    const when = { stream: true, tags: ['a'], minInputTokens: 100 };

    expect(holds(when, { stream: true }, { tags: ['a'] })).toBe(true);
    expect(holds(when, { stream: true })).toBe(false);
    expect(holds(when, {}, { tags: ['a'] })).toBe(false);
    expect(holds(when, { stream: true, inputTokens: 99 }, { tags: ['a'] })).toBe(false);
  });
});

import type { FunctionTool, ReasoningSettings, Turn } from '../domain/conversation.js';
import type { Signature } from '../domain/part.js';
import { type Case, MODEL, user, written } from './fixtures/written.js';

function sent(reasoning: ReasoningSettings, rest: Case = {}) {
  const { body, losses } = written({ ...rest, settings: { ...rest.settings, reasoning } });
  const { thinking, output_config, max_tokens } = body;
  return { thinking, output_config, max_tokens, losses };
}

const responses = { native: { dialect: 'openai-responses', fields: {} } } as const;

const look: FunctionTool = { kind: 'function', name: 'look' };
const own: Signature = { issuer: 'anthropic', model: MODEL, payload: 'sig' };
const off = { thinking: { type: 'disabled' } };

function loop(signature?: Signature | null, ...after: Turn[]): Turn[] {
  const reasoning = { kind: 'reasoning' as const, text: 'hm', signature: signature ?? undefined };
  const call = { kind: 'tool-call' as const, id: '1', name: 'look', arguments: '' };
  return [
    user('go'),
    { role: 'assistant', parts: signature === null ? [call] : [reasoning, call] },
    { role: 'tool', parts: [{ kind: 'tool-result', callId: '1', parts: [{ kind: 'text', text: 'x' }] }] },
    ...after,
  ];
}

describe('reasoning of models that take an effort', () => {
  it.each(['low', 'medium', 'high', 'xhigh', 'max', 'ultra'])('sends %s as it is', effort => {
    expect(sent({ effort }, responses)).toEqual({
      thinking: { type: 'adaptive' },
      output_config: { effort },
      max_tokens: 4096,
      losses: [],
    });
  });

  it('takes minimal as low, with a warning', () => {
    expect(sent({ effort: 'minimal' })).toMatchObject({
      output_config: { effort: 'low' },
      losses: ['approximated reasoning_effort'],
    });
  });

  it.each([{ effort: 'none' }, { budget: 0 }])('turns thinking off for %j', reasoning => {
    expect(sent(reasoning)).toEqual({
      thinking: { type: 'disabled' },
      output_config: undefined,
      max_tokens: 4096,
      losses: [],
    });
  });

  it.each([{ effort: 'none' }, { budget: 0 }])(
    'does with what a model can for %j, where thinking cannot be turned off',
    reasoning => {
      const between = { traits: { reasoning: 'adaptive', reasoningOff: 'between_tools' } } as const;
      const never = { traits: { reasoning: 'adaptive', reasoningOff: 'never' } } as const;

      expect(sent(reasoning, between)).toMatchObject({ thinking: { type: 'between_tools' }, losses: [] });
      expect(sent(reasoning, never)).toMatchObject({
        thinking: undefined,
        output_config: { effort: 'low' },
        losses: ['approximated reasoning_effort'],
      });
    },
  );

  it('goes on thinking in a tool loop whose reasoning is lost, where nothing else is possible', () => {
    const traits = { reasoning: 'adaptive', reasoningOff: 'never' } as const;

    expect(sent({ effort: 'high' }, { turns: loop(), traits })).toMatchObject({
      thinking: { type: 'adaptive' },
      output_config: { effort: 'high' },
    });
  });

  it.each([
    [1024, 'low'],
    [4096, 'medium'],
    [16_384, 'high'],
  ])('takes a budget of %d as %s, with a warning', (budget, effort) => {
    expect(sent({ budget })).toMatchObject({
      output_config: { effort },
      losses: ['approximated thinking.budget_tokens'],
    });
  });

  it('shows reasoning as the caller wants it; a chat caller always can see it', () => {
    expect(sent({ effort: 'low' }).thinking).toEqual({ type: 'adaptive', display: 'summarized' });
    expect(sent({ summary: 'auto' }, responses).thinking).toEqual({
      type: 'adaptive',
      display: 'summarized',
    });
    expect(sent({ effort: 'low', summary: 'omitted' }).thinking).toEqual({
      type: 'adaptive',
      display: 'omitted',
    });
  });

  it('is not asked of a model that has none', () => {
    const traits = { reasoning: 'none' } as const;
    expect(sent({ effort: 'high' }, { traits })).toEqual({
      thinking: undefined,
      output_config: undefined,
      max_tokens: 4096,
      losses: ['dropped reasoning_effort'],
    });
    expect(sent({ effort: 'none' }, { traits }).losses).toEqual([]);
  });
});

describe('reasoning of models that take a budget', () => {
  const traits = { reasoning: 'budget' } as const;

  it.each([
    ['minimal', 1024],
    ['low', 2048],
    ['medium', 8192],
    ['high', 16_384],
    ['xhigh', 24_576],
    ['max', 32_768],
  ])('takes %s as %d tokens and leaves room for the answer', (effort, budget) => {
    expect(sent({ effort }, { traits })).toEqual({
      thinking: { type: 'enabled', budget_tokens: budget },
      output_config: undefined,
      max_tokens: budget + 4096,
      losses: [],
    });
  });

  it('leaves half of a given limit for the answer', () => {
    expect(sent({ effort: 'high' }, { traits, settings: { maxOutputTokens: 6000 } })).toMatchObject({
      thinking: { budget_tokens: 3000 },
      max_tokens: 6000,
      losses: [],
    });
  });

  it('raises a limit that has no room for the least budget, with a warning', () => {
    expect(sent({ effort: 'low' }, { traits, settings: { maxOutputTokens: 100 } })).toMatchObject({
      thinking: { budget_tokens: 1024 },
      max_tokens: 1124,
      losses: ['approximated max_completion_tokens'],
    });
  });

  it('keeps the budget of the caller, which must fit below the limit', () => {
    expect(sent({ budget: 3000 }, { traits, settings: { maxOutputTokens: 4096 } })).toMatchObject({
      thinking: { budget_tokens: 3000 },
      max_tokens: 4096,
      losses: [],
    });
    expect(sent({ budget: 5000 }, { traits, settings: { maxOutputTokens: 4096 } })).toMatchObject({
      thinking: { budget_tokens: 5000 },
      max_tokens: 9096,
      losses: ['approximated max_completion_tokens'],
    });
    expect(sent({ budget: 10 }, { traits })).toMatchObject({ thinking: { budget_tokens: 1024 } });
  });

  it('takes an unknown effort as medium, with a warning', () => {
    expect(sent({ effort: 'ultra' }, { traits })).toMatchObject({
      thinking: { budget_tokens: 8192 },
      losses: ['approximated reasoning_effort'],
    });
  });

  it('stays off when only its display was spoken of, and is not missed in a tool loop', () => {
    expect(sent({ summary: 'auto' }, { traits })).toMatchObject({ thinking: undefined, losses: [] });
    expect(sent({ summary: 'auto' }, { traits, turns: loop(null) })).toMatchObject({
      thinking: undefined,
      losses: [],
    });
  });
});

describe('thinking is turned off', () => {
  it('when a tool is forced', () => {
    for (const choice of [{ kind: 'required' }, { kind: 'named', name: 'look' }] as const) {
      const out = sent({ effort: 'low' }, { tools: { list: [look], choice } });
      expect(out).toMatchObject({ ...off, losses: ['dropped reasoning_effort'] });
    }
  });

  it('when the reasoning of a running tool loop is lost', () => {
    expect(sent({ effort: 'low' }, { turns: loop() })).toMatchObject({
      ...off,
      losses: ['dropped messages.reasoning_content', 'dropped reasoning_effort'],
    });
  });

  it('when a budget is set and the running answer began without reasoning', () => {
    const turns = loop(null);
    expect(sent({ effort: 'low' }, { turns, traits: { reasoning: 'budget' } })).toMatchObject({
      ...off,
      max_tokens: 4096,
      losses: ['dropped reasoning_effort'],
    });
    expect(sent({ effort: 'low' }, { turns }).thinking).toMatchObject({ type: 'adaptive' });
  });

  it('but not when the reasoning is at hand, nor when the loop is over', () => {
    for (const reasoning of ['budget', 'adaptive'] as const) {
      const traits = { reasoning };
      const type = reasoning === 'budget' ? 'enabled' : 'adaptive';
      expect(sent({ effort: 'low' }, { traits, turns: loop(own) }).thinking).toMatchObject({ type });
      const done: Turn[] = [{ role: 'assistant', parts: [{ kind: 'text', text: 'done' }] }, user('thanks')];
      expect(sent({ effort: 'low' }, { traits, turns: loop(undefined, ...done) }).thinking).toMatchObject({
        type,
      });
    }
  });
});

import type { Turn } from '../domain/conversation.js';
import type { Part, Signature, ToolCallPart, ToolResultPart } from '../domain/part.js';
import { MODEL, user, written } from './fixtures/written.js';

function assistant(...parts: Part[]): Turn {
  return { role: 'assistant', parts };
}

function call(id: string, args = '{}'): ToolCallPart {
  return { kind: 'tool-call', id, name: 'look', arguments: args };
}

function tool(...callIds: string[]): Turn {
  const parts = callIds.map((callId): ToolResultPart => ({ kind: 'tool-result', callId, parts: [] }));
  return { role: 'tool', parts };
}

const text = (value: string) => ({ type: 'text', text: value });

describe('tool calls', () => {
  it('get ids of allowed characters, unique, the same in call and result', () => {
    const turns = [
      assistant(call('fc:1/a'), call('fc_1_a')),
      tool('fc:1/a', 'fc_1_a'),
      assistant(call('fc:1/a')),
      tool('fc:1/a'),
    ];
    const { messages } = written({ turns }).body as { messages: { content: Record<string, unknown>[] }[] };
    expect(messages.map(({ content }) => content.map(block => block['id'] ?? block['tool_use_id']))).toEqual([
      ['fc_1_a', 'fc_1_a_2'],
      ['fc_1_a', 'fc_1_a_2'],
      ['fc_1_a_3'],
      ['fc_1_a_3'],
    ]);
  });

  it.each([
    ['{"a":[1]}', { a: [1] }, []],
    ['', {}, []],
    ['{"a":', { _raw: '{"a":' }, ['approximated messages.tool_calls.function.arguments']],
    ['[1]', { _raw: '[1]' }, ['approximated messages.tool_calls.function.arguments']],
    ['null', { _raw: 'null' }, ['approximated messages.tool_calls.function.arguments']],
    [
      '12345678901234567890',
      { _raw: '12345678901234567890' },
      ['approximated messages.tool_calls.function.arguments'],
    ],
  ])('take the arguments %s', (args, input, losses) => {
    const out = written({ turns: [assistant(call('1', args))] });
    expect((out.body['messages'] as { content: { input: unknown }[] }[])[0]?.content[0]?.input).toEqual(
      input,
    );
    expect(out.losses).toEqual(losses);
  });

  it('keep numbers that no double holds', () => {
    const { body } = written({ turns: [assistant(call('1', '{"id":12345678901234567890}'))] });
    expect(JSON.stringify(body['messages'])).toContain('"input":{"id":12345678901234567890}');
  });

  it('of a free-text tool wrap their text', () => {
    const { body } = written({ turns: [assistant({ ...call('1', 'SELECT 1'), custom: true })] });
    expect(body['messages']).toEqual([
      {
        role: 'assistant',
        content: [{ type: 'tool_use', id: '1', name: 'look', input: { input: 'SELECT 1' } }],
      },
    ]);
  });
});

describe('reasoning', () => {
  const own: Signature = { issuer: 'anthropic', model: MODEL, payload: 'sig' };

  it('goes back to its issuer and model in place, redacted or not', () => {
    const turns = [
      assistant(
        { kind: 'reasoning', text: 'hm', signature: own },
        { kind: 'reasoning', text: '', signature: { ...own, payload: 'dark' }, redacted: true },
        { kind: 'reasoning', text: '', signature: { ...own, payload: 'bare' } },
        call('1'),
      ),
    ];
    const { body, losses } = written({ turns });
    expect((body['messages'] as { content: unknown[] }[])[0]?.content.slice(0, 3)).toEqual([
      { type: 'thinking', thinking: 'hm', signature: 'sig' },
      { type: 'redacted_thinking', data: 'dark' },
      { type: 'thinking', thinking: '', signature: 'bare' },
    ]);
    expect(losses).toEqual([]);
  });

  it.each([
    ['another vendor', { ...own, issuer: 'openai' }],
    ['another model', { ...own, model: 'claude-test-0' }],
    ['nobody', undefined],
  ])('signed by %s is left out', (_name, signature) => {
    const { body, losses } = written({
      turns: [user('a'), assistant({ kind: 'reasoning', text: 'hm', signature }), user('b')],
    });
    expect(body['messages']).toEqual([{ role: 'user', content: [text('a'), text('b')] }]);
    expect(losses).toEqual(['dropped messages.reasoning_content']);
  });
});

describe('parts of one dialect', () => {
  it('of Anthropic go on verbatim, others are dropped with a warning', () => {
    const block = { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} };
    const { body, losses } = written({
      turns: [
        assistant(
          { kind: 'native', dialect: 'anthropic-messages', value: block },
          { kind: 'native', dialect: 'gemini', value: { executableCode: {} } },
        ),
      ],
    });
    expect(body['messages']).toEqual([{ role: 'assistant', content: [block] }]);
    expect(losses).toEqual(['dropped messages.content']);
  });

  it('of Anthropic bring their citations back, others do not', () => {
    const location = { type: 'web_search_result_location', url: 'https://x', encrypted_index: 'e' };
    const citations = [{ native: location }, { native: { type: 'url_citation' } }, {}];
    const { body } = written({ turns: [user('a'), assistant({ kind: 'text', text: 'b', citations })] });
    expect((body['messages'] as unknown[])[1]).toEqual({
      role: 'assistant',
      content: [{ ...text('b'), citations: [location] }],
    });
  });
});

import type { Turn } from '../domain/conversation.js';
import type { Part, Signature, ToolCallPart, ToolResultPart } from '../domain/part.js';
import { MODEL, user, written } from './fixtures/written.js';

function assistant(...parts: Part[]): Turn {
  return { role: 'assistant', parts };
}

function system(text: string): Turn {
  return { role: 'system', parts: [{ kind: 'text', text }] };
}

function call(id: string, args = '{}'): ToolCallPart {
  return { kind: 'tool-call', id, name: 'look', arguments: args };
}

function result(callId: string, text: string): ToolResultPart {
  return { kind: 'tool-result', callId, parts: [{ kind: 'text', text }] };
}

function tool(...parts: ToolResultPart[]): Turn {
  return { role: 'tool', parts };
}

const text = (value: string) => ({ type: 'text', text: value });

describe('system text', () => {
  it('of leading turns goes to `system`, with its cache marks', () => {
    const { body, losses } = written({
      turns: [
        { role: 'system', parts: [{ kind: 'text', text: 'Be brief.', cache: { ttl: '1h' } }] },
        { role: 'developer', parts: [{ kind: 'text', text: 'Be kind.' }] },
        user('Hi'),
      ],
    });
    expect(body['system']).toEqual([
      { ...text('Be brief.'), cache_control: { type: 'ephemeral', ttl: '1h' } },
      text('Be kind.'),
    ]);
    expect(body['messages']).toEqual([{ role: 'user', content: [text('Hi')] }]);
    expect(losses).toEqual([]);
  });

  it('in mid-conversation keeps its place behind the user turn', () => {
    const turns = [user('a'), assistant({ kind: 'text', text: 'b' }), user('c'), system('s')];
    const { body, losses } = written({ turns });
    expect(body['messages']).toEqual([
      { role: 'user', content: [text('a')] },
      { role: 'assistant', content: [text('b')] },
      { role: 'user', content: [text('c')] },
      { role: 'system', content: [text('s')] },
    ]);
    expect(losses).toEqual([]);
  });

  it('before or between user turns goes behind them, with a warning', () => {
    const turns = [
      user('a'),
      assistant({ kind: 'text', text: 'b' }),
      system('s'),
      user('c'),
      system('t'),
      user('d'),
    ];
    const { body, losses } = written({ turns });
    expect(body['messages']).toEqual([
      { role: 'user', content: [text('a')] },
      { role: 'assistant', content: [text('b')] },
      { role: 'user', content: [text('c'), text('d')] },
      { role: 'system', content: [text('s'), text('t')] },
    ]);
    expect(losses).toEqual(['moved messages']);
  });

  it('between assistant turns becomes tagged user text', () => {
    const turns = [user('a'), assistant({ kind: 'text', text: 'b' }), system('s'), assistant(call('1'))];
    const { body, losses } = written({ turns });
    expect((body['messages'] as unknown[])[2]).toEqual({
      role: 'user',
      content: [text('<system>s</system>')],
    });
    expect(losses).toEqual(['moved messages']);
  });

  it('for an older model becomes tagged user text in its place', () => {
    const { body, losses } = written({
      turns: [user('a'), system('s'), user('b')],
      traits: { lateSystem: false },
    });
    expect(body['messages']).toEqual([
      { role: 'user', content: [text('a'), text('<system>s</system>'), text('b')] },
    ]);
    expect(losses).toEqual(['moved messages']);
  });

  it('alone becomes the user turn that Anthropic demands', () => {
    const { body, losses } = written({ turns: [system('Say hello.')] });
    expect(body['system']).toBeUndefined();
    expect(body['messages']).toEqual([{ role: 'user', content: [text('Say hello.')] }]);
    expect(losses).toEqual(['moved messages']);
  });
});

describe('turns', () => {
  it('of one role in a row become one message', () => {
    const turns = [
      user('a'),
      user('b'),
      assistant({ kind: 'text', text: 'c' }),
      assistant({ kind: 'refusal', text: 'd' }),
    ];
    expect(written({ turns }).body['messages']).toEqual([
      { role: 'user', content: [text('a'), text('b')] },
      { role: 'assistant', content: [text('c'), text('d')] },
    ]);
  });

  it('lose empty and all-white text, and the white space that ends a prefill', () => {
    const turns = [
      user(''),
      user('a '),
      user(' \n'),
      assistant({ kind: 'text', text: '' }, { kind: 'text', text: 'Sure, ' }),
    ];
    expect(written({ turns }).body['messages']).toEqual([
      { role: 'user', content: [text('a ')] },
      { role: 'assistant', content: [text('Sure,')] },
    ]);
  });

  it('report the participant name that Anthropic does not know', () => {
    const { losses } = written({
      turns: [
        { ...user('a'), name: 'Ann' },
        { ...user('b'), name: 'Bob' },
      ],
    });
    expect(losses).toEqual(['dropped messages.name']);
  });
});

describe('tool results', () => {
  it('come first in one message, in the order of the calls', () => {
    const turns = [
      user('go'),
      assistant({ kind: 'text', text: 'looking' }, call('1'), call('2')),
      user('hurry'),
      tool(result('2', 'two')),
      tool({ ...result('1', 'one'), isError: true }),
    ];
    expect((written({ turns }).body['messages'] as unknown[])[2]).toEqual({
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: '1', content: [text('one')], is_error: true },
        { type: 'tool_result', tool_use_id: '2', content: [text('two')] },
        text('hurry'),
      ],
    });
  });

  it('that come late go back behind their call', () => {
    const turns = [
      assistant(call('1')),
      user('x'),
      assistant({ kind: 'text', text: 'y' }),
      tool(result('1', 'one')),
    ];
    const { messages } = written({ turns }).body as {
      messages: { role: string; content: { type: string }[] }[];
    };
    expect(messages.map(({ role, content }) => [role, ...content.map(({ type }) => type)])).toEqual([
      ['assistant', 'tool_use'],
      ['user', 'tool_result', 'text'],
      ['assistant', 'text'],
    ]);
  });

  it('follow their call at once, before a system message', () => {
    const turns = [user('go'), assistant(call('1')), system('s'), tool(result('1', 'one'))];
    const { messages } = written({ turns }).body as { messages: { role: string }[] };
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'system']);
  });

  it('without text have no content, and may hold images', () => {
    const turns: Turn[] = [
      assistant(call('1'), call('2')),
      tool(result('1', ''), {
        kind: 'tool-result',
        callId: '2',
        parts: [{ kind: 'media', media: 'image', source: { kind: 'url', url: 'https://x/y.png' } }],
      }),
    ];
    expect((written({ turns }).body['messages'] as unknown[])[1]).toEqual({
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: '1' },
        {
          type: 'tool_result',
          tool_use_id: '2',
          content: [{ type: 'image', source: { type: 'url', url: 'https://x/y.png' } }],
        },
      ],
    });
  });
});

describe('tool calls', () => {
  it('get ids of allowed characters, unique, the same in call and result', () => {
    const turns = [
      assistant(call('fc:1/a'), call('fc_1_a')),
      tool(result('fc:1/a', 'x'), result('fc_1_a', 'y')),
      assistant(call('fc:1/a')),
      tool(result('fc:1/a', 'z')),
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

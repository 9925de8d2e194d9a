import type { Turn } from '../domain/conversation.js';
import type { Part, ToolCallPart, ToolResultPart } from '../domain/part.js';
import { user, written } from './fixtures/written.js';

function assistant(...parts: Part[]): Turn {
  return { role: 'assistant', parts };
}

function system(text: string): Turn {
  return { role: 'system', parts: [{ kind: 'text', text }] };
}

function call(id: string): ToolCallPart {
  return { kind: 'tool-call', id, name: 'look', arguments: '{}' };
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

import type { Turn } from '../domain/conversation.js';
import type { Part, ToolCallPart, ToolResultPart } from '../domain/part.js';
import { type Case, user, written } from './fixtures/written.js';

function contents(turns: readonly Turn[], more: Case = {}): unknown {
  return written({ turns, ...more }).body['contents'];
}

function assistant(...parts: Part[]): Turn {
  return { role: 'assistant', parts };
}

function call(id: string, args = '{}', more: Partial<ToolCallPart> = {}): ToolCallPart {
  return { kind: 'tool-call', id, name: 'look', arguments: args, ...more };
}

function result(callId: string, text: string, more: Partial<ToolResultPart> = {}): Turn {
  return {
    role: 'tool',
    parts: [{ kind: 'tool-result', callId, parts: [{ kind: 'text', text }], ...more }],
  };
}

function response(id: string, output: object): object {
  return { functionResponse: { id, name: 'look', response: output } };
}

const png: Part = {
  kind: 'media',
  media: 'image',
  mime: 'image/png',
  source: { kind: 'base64', data: 'AAAA' },
};
const wav: Part = { ...png, media: 'audio', mime: 'audio/wav' };

const inline = (mimeType: string) => ({ inlineData: { mimeType, data: 'AAAA' } });

describe('instructions', () => {
  it('become the system instruction when they lead', () => {
    const { body, losses } = written({
      turns: [
        {
          role: 'system',
          parts: [
            { kind: 'text', text: 'Be kind.' },
            { kind: 'text', text: 'Be brief.' },
          ],
        },
        { role: 'developer', parts: [{ kind: 'text', text: 'Rhyme.' }] },
        user('Hi'),
      ],
    });
    expect(body).toEqual({
      systemInstruction: { parts: [{ text: 'Be kind.\n\nBe brief.\n\nRhyme.' }] },
      contents: [{ role: 'user', parts: [{ text: 'Hi' }] }],
    });
    expect(losses).toEqual([]);
  });

  it('keep their place in tags when they come late', () => {
    const turns: Turn[] = [
      user('Hi'),
      assistant({ kind: 'text', text: 'Ho' }),
      { role: 'system', parts: [{ kind: 'text', text: 'Rhyme.' }] },
      user('Go on'),
    ];
    const { body, losses } = written({ turns });
    expect(body['contents']).toEqual([
      { role: 'user', parts: [{ text: 'Hi' }] },
      { role: 'model', parts: [{ text: 'Ho' }] },
      { role: 'user', parts: [{ text: '<system>Rhyme.</system>' }, { text: 'Go on' }] },
    ]);
    expect(losses).toEqual(['moved messages']);
  });

  it('cannot be all there is', () => {
    const turns: Turn[] = [{ role: 'system', parts: [{ kind: 'text', text: 'Be brief.' }] }];
    expect(written({ turns }).losses).toEqual(['refused messages']);
    expect(written({ turns: [] }).losses).toEqual(['refused messages']);
  });
});

describe('turns', () => {
  it('of one role in a row become one content, without empty parts', () => {
    expect(contents([user('a'), user(''), user('b'), assistant({ kind: 'refusal', text: 'No.' })])).toEqual([
      { role: 'user', parts: [{ text: 'a' }, { text: 'b' }] },
      { role: 'model', parts: [{ text: 'No.' }] },
    ]);
  });

  it('lose participant names and fields that only the caller knows, with one word on each', () => {
    const turn: Turn = { ...user('a'), name: 'Ann', native: { weight: 1, audio: null, annotations: [] } };
    expect(written({ turns: [turn, turn] }).losses).toEqual([
      'dropped messages.name',
      'dropped messages.weight',
    ]);
  });

  it('lose cache marks, with one word', () => {
    const part: Part = { kind: 'text', text: 'a', cache: {} };
    expect(written({ turns: [{ role: 'user', parts: [part, part] }] }).losses).toEqual([
      'dropped prompt_cache_breakpoint',
    ]);
  });

  it('keep parts of this dialect and leave out those of others', () => {
    const value = { executableCode: { code: '1' } };
    const own = assistant({ kind: 'native', dialect: 'gemini', value });
    const foreign = assistant({ kind: 'native', dialect: 'anthropic-messages', value });
    expect(contents([user('a'), own])).toContainEqual({ role: 'model', parts: [value] });
    expect(written({ turns: [user('a'), foreign] }).losses).toEqual(['dropped messages.content']);
  });
});

describe('tool calls and results', () => {
  it('have the arguments as an object, digit for digit', () => {
    const turns = [user('a'), assistant(call('1', '{"n":12345678901234567890}'), call('2', ''))];
    expect(JSON.stringify(contents(turns))).toContain(
      '{"functionCall":{"id":"1","name":"look","args":{"n":12345678901234567890}}},{"functionCall":{"id":"2","name":"look","args":{}}}',
    );
  });

  it.each(['[1]', '{"a":', '12345678901234567890', 'null'])('wrap arguments that are no object: %s', args => {
    const { body, losses } = written({ turns: [user('a'), assistant(call('1', args))] });
    expect(JSON.stringify(body)).toContain(`"args":${JSON.stringify({ _raw: args })}`);
    expect(losses).toEqual(['approximated messages.tool_calls.function.arguments']);
  });

  it('give the input of a free-text tool as such', () => {
    const turns = [user('a'), assistant(call('1', '{not json', { custom: true }))];
    expect(JSON.stringify(contents(turns))).toContain('"args":{"input":"{not json"}');
  });

  it('stand together behind their calls, in the order of the calls', () => {
    const turns = [
      user('a'),
      assistant(call('1'), call('2')),
      result('2', '{"b": 2}'),
      user('and?'),
      result('1', 'one'),
    ];
    expect(contents(turns)).toMatchObject([
      {},
      { role: 'model' },
      { role: 'user', parts: [response('1', { output: 'one' }), response('2', { b: 2 }), { text: 'and?' }] },
    ]);
  });

  it('may be very many', () => {
    const many = 150_000;
    const list = <T>(make: (n: number) => T) => Array.from({ length: many }, (_, n) => make(n));
    const turns: Turn[] = [
      user('a'),
      { role: 'assistant', parts: list(n => call(String(n))) },
      { role: 'tool', parts: list(n => ({ kind: 'tool-result', callId: String(n), parts: [] })) },
      { role: 'user', parts: list(() => ({ kind: 'text', text: 'b' })) },
    ];
    expect(contents(turns)).toMatchObject({ length: 3, 2: { parts: { length: 2 * many } } });
  });

  it('answer two calls under one id in turn', () => {
    const turns = [
      user('a'),
      assistant(call('look'), call('look', '{}', { name: 'listen' })),
      result('look', '1'),
      result('look', '2'),
    ];
    expect(contents(turns)).toContainEqual({
      role: 'user',
      parts: [
        response('look', { output: '1' }),
        { functionResponse: { id: 'look', name: 'listen', response: { output: '2' } } },
      ],
    });
  });

  it('say that a tool failed', () => {
    const turns = [user('a'), assistant(call('1')), result('1', '{"no": 1}', { isError: true })];
    expect(contents(turns)).toContainEqual({ role: 'user', parts: [response('1', { error: '{"no": 1}' })] });
  });

  it('are refused when no call waits for them', () => {
    const turns = [
      user('a'),
      assistant(call('1')),
      result('1', 'one'),
      result('1', 'again'),
      result('?', 'x'),
    ];
    expect(written({ turns }).losses).toEqual(['refused messages.tool_call_id']);
  });

  it('hold images from Gemini 3 on, and have other media beside them', () => {
    const turns = [user('a'), assistant(call('1')), result('1', '', { parts: [png, wav] as never })];
    const modern = written({ turns, traits: { reasoning: 'level' } });
    expect(modern.body['contents']).toContainEqual({
      role: 'user',
      parts: [
        {
          functionResponse: { id: '1', name: 'look', response: { output: '' }, parts: [inline('image/png')] },
        },
        inline('audio/wav'),
      ],
    });
    expect(modern.losses).toEqual(['moved messages.content']);
    expect(contents(turns, { traits: { reasoning: 'budget' } })).toContainEqual({
      role: 'user',
      parts: [response('1', { output: '' }), inline('image/png'), inline('audio/wav')],
    });
  });
});

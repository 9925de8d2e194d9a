import { recordings } from '../../../../test/support/recordings.js';
import type { Turn } from '../domain/conversation.js';
import type { Part, ToolCallPart } from '../domain/part.js';
import { type Case, MODEL, signed, targetWith, user, written } from './fixtures/written.js';
import { geminiVendor } from './vendor.js';

const SENTINEL = 'skip_thought_signature_validator';

function contents(turns: readonly Turn[], more: Case = {}): unknown {
  return written({ turns, ...more }).body['contents'];
}

function assistant(...parts: Part[]): Turn {
  return { role: 'assistant', parts };
}

function call(id: string, args = '{}', more: Partial<ToolCallPart> = {}): ToolCallPart {
  return { kind: 'tool-call', id, name: 'look', arguments: args, ...more };
}

function result(callId: string): Turn {
  return { role: 'tool', parts: [{ kind: 'tool-result', callId, parts: [{ kind: 'text', text: 'x' }] }] };
}

describe('signatures', () => {
  const own = signed('sig');
  const foreign = { issuer: 'anthropic', model: MODEL, payload: 'sig' };

  it('go back on the call they came with, to whom they belong only', () => {
    const turns = [
      user('a'),
      assistant(
        call('1', '{}', { signature: own }),
        call('2', '{}', { signature: foreign }),
        call('3', '{}', { signature: signed('sig', 'gemini-2.5-pro') }),
      ),
    ];
    expect(JSON.stringify(contents(turns)).match(/"thoughtSignature":"sig"/g)).toHaveLength(1);
    expect(contents(turns)).toMatchObject([{}, { parts: [{ thoughtSignature: 'sig' }, {}, {}] }]);
  });

  it('go back with the thought they came with; other thoughts stay away', () => {
    const turns = [
      user('a'),
      assistant(
        { kind: 'reasoning', text: 'Hm.', signature: own },
        { kind: 'reasoning', text: 'Unsigned.' },
        { kind: 'reasoning', text: 'Foreign.', signature: foreign },
        { kind: 'text', text: 'b' },
      ),
    ];
    const { body, losses } = written({ turns });
    expect(body['contents']).toContainEqual({
      role: 'model',
      parts: [{ text: 'Hm.', thought: true, thoughtSignature: 'sig' }, { text: 'b' }],
    });
    expect(losses).toEqual(['dropped messages.reasoning_content']);
  });

  it('without a thought stand on the part behind them, or on an empty one at the end', () => {
    const only: Part = { kind: 'reasoning', text: '', signature: own };
    expect(contents([user('a'), assistant(only, { kind: 'text', text: 'b' }, only)])).toContainEqual({
      role: 'model',
      parts: [
        { text: 'b', thoughtSignature: 'sig' },
        { text: '', thoughtSignature: 'sig' },
      ],
    });
    expect(
      contents([user('a'), assistant(only, call('1', '{}', { signature: signed('2') }))]),
    ).toContainEqual({
      role: 'model',
      parts: [{ text: '', thoughtSignature: 'sig' }, expect.objectContaining({ thoughtSignature: '2' })],
    });
  });

  const loop = [
    user('old'),
    assistant(call('0')),
    result('0'),
    assistant({ kind: 'text', text: 'done' }),
    user('new'),
    assistant(call('1'), call('2')),
    result('1'),
    result('2'),
    assistant(call('3', '{}', { signature: foreign })),
    result('3'),
  ];

  it('that are lost are stood in for on the first call of each step of the current turn, from Gemini 3 on', () => {
    for (const [traits, model] of [
      [{ reasoning: 'level' }],
      [{}, 'gemini-3-pro'],
      [{}, 'models/gemini-12'],
    ] as const) {
      const written = JSON.stringify(contents(loop, { traits, ...(model && { model }) }));
      expect(
        [...written.matchAll(/"id":"(\d)","name":"look","args":{}},"thoughtSignature":"(\w+)"/g)].map(
          ([, id, signature]) => [id, signature],
        ),
      ).toEqual([
        ['1', SENTINEL],
        ['3', SENTINEL],
      ]);
    }
  });

  it('are not invented for models that need none, nor for a turn that is over', () => {
    expect(JSON.stringify(contents(loop, { traits: { reasoning: 'budget' } }))).not.toContain(SENTINEL);
    expect(JSON.stringify(contents(loop, { model: 'gemini-2.5-pro' }))).not.toContain(SENTINEL);
    expect(
      JSON.stringify(contents([...loop, user('b')].slice(0, 5), { traits: { reasoning: 'level' } })),
    ).not.toContain(SENTINEL);
  });
});

interface WirePart {
  text?: string;
  thought?: boolean;
  thoughtSignature?: string;
  functionCall?: { id?: string };
}

describe('a recorded answer', () => {
  const answers = recordings('gemini').flatMap(([name, calls]) =>
    calls.flatMap(({ body, status }, n) => {
      const parts = partsOf(body);
      return status === 200 && parts.length > 0 ? [[`${name} ${n}`, body, parts] as const] : [];
    }),
  );

  for (const [name, body, parts] of answers) {
    it(`goes back as it came: ${name}`, () => {
      const answer = assistant(...(geminiVendor.readAnswer(body, targetWith()).choices[0]?.parts ?? []));
      const [, content] = contents([user('a'), answer]) as { parts: WirePart[] }[];
      const said = parts.filter(part => part.text !== '' && !part.thought);
      const back = (content?.parts ?? []).map((part, n) => withoutInvention(part, said[n]));
      expect(back).toEqual(said);
    });
  }
});

function partsOf(body: unknown): WirePart[] {
  const answer = body as { candidates?: { content?: { parts?: WirePart[] } }[] };
  return answer.candidates?.[0]?.content?.parts ?? [];
}

/** Ids that Google did not give are the gateway's own. */
function withoutInvention(part: WirePart, original: WirePart | undefined): WirePart {
  return part.functionCall && !original?.functionCall?.id
    ? { ...part, functionCall: { ...part.functionCall, id: undefined } as object }
    : part;
}

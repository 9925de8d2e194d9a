import { checkStreamGrammar } from '../../../../test/support/stream-grammar.js';
import type { StreamEvent } from '../domain/answer.js';
import type { Quirks } from '../domain/dialect.js';
import { ChatStreamReader } from './stream.reader.js';

/** Reads chunks; a string is the data itself. The body then ends. */
function read(
  chunks: readonly (object | string)[],
  { type, quirks = {} }: { type?: string; quirks?: Quirks } = {},
) {
  const reader = new ChatStreamReader({ vendor: 'vendor', model: 'model', traits: {}, quirks });
  const events: StreamEvent[] = [];
  for (const chunk of chunks) {
    reader.read(typeof chunk === 'string' ? chunk : JSON.stringify(chunk), type, events);
  }
  reader.end(events);
  checkStreamGrammar(events);
  return events;
}

function delta(content: object, finish_reason?: string, index = 0): object {
  return { id: 'i', model: 'm', choices: [{ index, delta: content, finish_reason }] };
}

function calls(...list: object[]): object {
  return delta({ tool_calls: list });
}

const done = delta({}, 'stop');
const start = { kind: 'start', id: 'i', model: 'm' };
const end = { kind: 'end' };

function toolsIn(events: readonly StreamEvent[]): string[] {
  const tools: string[] = [];
  for (const event of events) {
    if (event.kind === 'tool-start') {
      tools[event.tool] = `${event.id} ${event.name} `;
    } else if (event.kind === 'tool-arguments') {
      tools[event.tool] += event.delta;
    }
  }
  return tools;
}

const last = (events: readonly StreamEvent[]) => events.findLast(event => event.kind === 'usage')?.usage;

describe('the chat stream reader', () => {
  it('is content with a finish where [DONE] never comes, and with nothing less', () => {
    expect(read([delta({ content: 'a' }), done]).at(-1)).toEqual(end);
    expect(
      read([delta({ content: 'a' }), done, '[DONE]']).filter(event => event.kind === 'end'),
    ).toHaveLength(1);
    expect(read([delta({ content: 'a' })]).at(-1)).toMatchObject({ kind: 'error', code: 'upstream_cut' });
    expect(read([delta({ content: 'a' }), '[DONE]']).at(-1)).toMatchObject({ kind: 'error' });
    expect(read([]).at(-1)).toMatchObject({ kind: 'error' });
    expect(read(['[DONE]']).at(-1)).toMatchObject({ kind: 'error' });
  });

  it('waits for every choice', () => {
    const events = [delta({ content: 'a' }), delta({ content: 'b' }, undefined, 1), done];

    expect(read(events).at(-1)).toMatchObject({ kind: 'error' });
    expect(read([...events, delta({}, 'length', 1)]).slice(-2)).toEqual([
      { kind: 'finish', choice: 1, finish: { reason: 'length', native: 'length' } },
      end,
    ]);
  });

  it.each([
    ['an error key', {}, { error: { message: 'bad sk-abcdefghijklmnop', code: 429 } }],
    ['an error event', { type: 'error' }, { message: 'bad sk-abcdefghijklmnop', status_code: 429 }],
  ])('tells of %s, and hides keys', (_what, options, chunk) => {
    expect(read([chunk, done], options)).toEqual([
      { kind: 'error', message: 'bad [redacted]', code: null, status: 429 },
    ]);
  });

  it('tells of what is not JSON, and of a vendor that gives up', () => {
    expect(read(['<html>'])).toMatchObject([{ kind: 'error', code: 'malformed_stream' }]);
    expect(read([delta({ content: 'a' }, 'error')]).at(-1)).toMatchObject({ kind: 'error' });
  });

  it("starts with the first chunk that says something (Azure's first one does not)", () => {
    expect(
      read([{ id: '', choices: [], prompt_filter_results: [] }, delta({ content: 'a' }, 'stop')]),
    ).toEqual([
      start,
      { kind: 'text', choice: 0, text: 'a' },
      { kind: 'finish', choice: 0, finish: { reason: 'stop', native: 'stop' } },
      end,
    ]);
  });

  it('finishes once, and hears nothing of that choice afterwards', () => {
    const events = read([delta({ content: 'a' }, 'stop'), delta({ content: 'b' }, 'stop'), '[DONE]']);

    expect(events.filter(event => event.kind === 'finish')).toHaveLength(1);
    expect(events.filter(event => event.kind === 'text')).toHaveLength(1);
  });

  it.each([
    [
      'OpenAI',
      [
        calls({ index: 0, id: 'a', type: 'function', function: { name: 'f', arguments: '' } }),
        calls({ index: 0, function: { arguments: '{"x"' } }),
        calls({ index: 1, id: 'b', type: 'function', function: { name: 'g', arguments: '' } }),
        calls({ index: 0, function: { arguments: ':1}' } }, { index: 1, function: { arguments: '{}' } }),
      ],
    ],
    [
      'vendors that count from 1',
      [
        calls({ index: 1, id: 'a', function: { name: 'f', arguments: '{"x":1}' } }),
        calls({ index: 2, id: 'b', function: { name: 'g', arguments: '{}' } }),
      ],
    ],
    [
      'Mistral, without index and type',
      [
        calls({ id: 'a', function: { name: 'f', arguments: '{"x"' } }),
        calls({ id: 'a', function: { name: '', arguments: ':1}' } }),
        calls({ id: 'b', function: { name: 'g', arguments: '{}' } }),
      ],
    ],
    [
      'xAI, whole and in one chunk',
      [
        calls(
          { index: 0, id: 'a', function: { name: 'f', arguments: '{"x":1}' } },
          { index: 1, id: 'b', function: { name: 'g', arguments: {} } },
        ),
      ],
    ],
    [
      'vendors that give every call the number 0',
      [
        calls({ index: 0, id: 'a', function: { name: 'f', arguments: '{"x":1}' } }),
        calls({ index: 0, id: 'b', function: { name: 'g', arguments: '{}' } }),
      ],
    ],
    [
      'vendors that name the call late',
      [
        calls({ index: 0, id: 'a', function: { arguments: '{"x"' } }),
        calls({ index: 0, function: { name: 'f', arguments: ':1}' } }),
        calls({ index: 1, id: 'b', function: { name: 'g', arguments: '{}' } }),
      ],
    ],
    [
      'vendors that repeat id and name',
      [
        calls({ index: 0, id: 'a', function: { name: 'f', arguments: '{"x"' } }),
        calls({ index: 0, id: 'a', function: { name: 'f', arguments: ':1}' } }),
        calls({ index: 1, id: 'b', function: { name: 'g', arguments: '{}' } }),
      ],
    ],
  ])('puts tool calls together from %s', (_vendor, chunks) => {
    const events = read([...chunks, done]);

    expect(toolsIn(events)).toEqual(['a f {"x":1}', 'b g {}']);
    expect(events).toContainEqual({
      kind: 'finish',
      choice: 0,
      finish: { reason: 'tool-calls', native: 'stop' },
    });
  });

  it('gives a call without an id one of its own', () => {
    const ids = [1, 2].map(() => {
      const [call] = toolsIn(read([calls({ index: 0, function: { name: 'f', arguments: '{}' } }), done]));
      return call?.split(' ')[0];
    });

    expect(ids[0]).toMatch(/^call_[0-9a-f]{24}$/);
    expect(ids[0]).not.toBe(ids[1]);
  });

  it('keeps the signature of a call with its issuer', () => {
    const call = {
      index: 0,
      id: 'a',
      function: { name: 'f' },
      extra_content: { google: { thought_signature: 's' } },
    };

    expect(read([calls(call), done])).toContainEqual({
      kind: 'tool-start',
      choice: 0,
      tool: 0,
      id: 'a',
      name: 'f',
      signature: { issuer: 'vendor', model: 'model', payload: 's' },
    });
  });

  it.each([
    ['reasoning_content', { reasoning_content: 'Hm.' }],
    ['reasoning', { reasoning: 'Hm.' }],
    ['a thinking part', { content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] }] }],
    [
      'both names of one text',
      { reasoning: 'Hm.', reasoning_details: [{ type: 'reasoning.text', text: 'Hm.', index: 0 }] },
    ],
  ])('reads reasoning from %s', (_where, content) => {
    const events = read([delta(content), done]);

    expect(events.filter(event => event.kind === 'reasoning')).toEqual([
      { kind: 'reasoning', choice: 0, block: 0, text: 'Hm.' },
    ]);
  });

  it('keeps each signature with its block', () => {
    const detail = (more: object) =>
      delta({ reasoning_details: [{ type: 'reasoning.text', index: 0, ...more }] });
    const events = read([
      detail({ text: 'One.' }),
      detail({ signature: 's1', format: 'anthropic-claude-v1' }),
      delta({ content: 'Said.' }),
      delta({ reasoning_details: [{ type: 'reasoning.encrypted', data: 'x', index: 1 }] }),
      done,
    ]);

    const said = events.filter(event => event.kind === 'reasoning' || event.kind === 'signature');
    expect(said).toMatchObject([
      { kind: 'reasoning', block: 0, text: 'One.' },
      { kind: 'signature', block: 0, signature: { issuer: 'vendor', model: 'model' } },
      { kind: 'signature', block: 1, redacted: true },
    ]);
  });

  it('takes the last usage that is one, from wherever it comes', () => {
    const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };
    const counted = { inputTokens: 3, outputTokens: 2 };
    expect(
      last(read([done, { id: 'i', choices: [], usage }, { choices: [], usage: null, moderation: {} }])),
    ).toEqual(counted);
    expect(last(read([{ ...done, x_groq: { usage } }]))).toEqual(counted);
    expect(
      last(
        read([
          { ...delta({}), usage: { ...usage, prompt_tokens: 1 } },
          { ...done, usage },
        ]),
      ),
    ).toEqual(counted);
    expect(
      last(
        read([
          { ...done, service_tier: 'flex' },
          { choices: [], usage },
        ]),
      ),
    ).toEqual({
      ...counted,
      serviceTier: 'flex',
    });
  });

  it('keeps log probabilities with their text', () => {
    const logprobs = { content: [{ token: 'a', logprob: -0.1 }], refusal: null };
    const chunk = { id: 'i', choices: [{ index: 0, delta: { content: 'a' }, logprobs }] };

    expect(read([chunk, done])).toContainEqual({ kind: 'text', choice: 0, text: 'a', logprobs });
  });

  it('tells reasoning in tags from the answer', () => {
    const pieces = ['<thi', 'nk>Hm', '.</thi', 'nk>', '\n\nHi', '.'].map(content => delta({ content }));
    const events = read([...pieces, done], { quirks: { thinkTags: true } });

    expect(events.flatMap(event => ('text' in event ? `${event.kind} ${event.text}` : []))).toEqual([
      'reasoning Hm',
      'reasoning .',
      'text Hi',
      'text .',
    ]);
  });

  it('gives what only looked like the beginning of a tag', () => {
    const events = read([delta({ content: '<thi' }), done], { quirks: { thinkTags: true } });

    expect(events).toContainEqual({ kind: 'text', choice: 0, text: '<thi' });
  });
});

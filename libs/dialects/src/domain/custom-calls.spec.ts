import type { Answer, StreamEvent } from './answer.js';
import type { ToolSettings } from './conversation.js';
import { customAnswer, customCallWriter } from './custom-calls.js';
import type { Part } from './part.js';

const TOOLS: ToolSettings = {
  list: [
    { kind: 'custom', name: 'run' },
    { kind: 'function', name: 'look' },
  ],
};

const call = (name: string, text: string, more: object = {}): Part => ({
  kind: 'tool-call',
  id: 'c',
  name,
  arguments: text,
  ...more,
});

function restored(part: Part): Part | undefined {
  const finish = { reason: 'tool-calls' as const, native: null };
  const answer: Answer = { id: '', model: '', usage: null, choices: [{ index: 0, parts: [part], finish }] };
  return customAnswer(answer, TOOLS).choices[0]?.parts[0];
}

describe('a call of a tool that takes free text', () => {
  it.each([
    ['is what the function got as its input', '{"input":"a \\"b\\"\\n"}', 'a "b"\n'],
    ['keeps what is no such object', '{"other":1}', '{"other":1}'],
    ['keeps what is no JSON', 'ls -l', 'ls -l'],
  ])('%s', (_what, sent, text) => {
    expect(restored(call('run', sent))).toEqual(call('run', text, { custom: true }));
  });

  it('is left alone when its vendor knows such tools, and so are other calls', () => {
    const own = call('run', '{"input":"x"}', { custom: true });

    expect(restored(own)).toBe(own);
    expect(restored(call('look', '{"input":"x"}'))).toEqual(call('look', '{"input":"x"}'));
  });

  it('is told at its end in a stream, between other calls', () => {
    const told: StreamEvent[] = [];
    const writer = customCallWriter({ write: event => String(told.push(event)) }, TOOLS);
    const start = { kind: 'tool-start', choice: 0, id: 'c' } as const;
    const events: StreamEvent[] = [
      { ...start, tool: 0, name: 'run' },
      { ...start, tool: 1, name: 'look' },
      { kind: 'tool-arguments', choice: 0, tool: 0, delta: '{"inp' },
      { kind: 'tool-arguments', choice: 0, tool: 1, delta: '{}' },
      { kind: 'tool-arguments', choice: 0, tool: 0, delta: 'ut":"a\\nb"}' },
      { kind: 'tool-end', choice: 0, tool: 1 },
      { kind: 'tool-end', choice: 0, tool: 0 },
    ];
    events.forEach(event => writer.write(event));

    expect(told).toEqual([
      { ...start, tool: 0, name: 'run', custom: true },
      { ...start, tool: 1, name: 'look' },
      { kind: 'tool-arguments', choice: 0, tool: 1, delta: '{}' },
      { kind: 'tool-end', choice: 0, tool: 1 },
      { kind: 'tool-arguments', choice: 0, tool: 0, delta: 'a\nb' },
      { kind: 'tool-end', choice: 0, tool: 0 },
    ]);
  });

  it('costs a stream without such tools nothing', () => {
    const writer = { write: () => '' };

    expect(customCallWriter(writer, { list: [] })).toBe(writer);
  });
});

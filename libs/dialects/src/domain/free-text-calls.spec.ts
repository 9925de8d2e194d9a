import type { Answer, StreamEvent } from './answer.js';
import type { ToolSettings } from './conversation.js';
import type { StreamReader } from './dialect.js';
import { readingFreeText, withFreeText } from './free-text-calls.js';

const tools: ToolSettings = {
  list: [
    { kind: 'custom', name: 'patch' },
    { kind: 'function', name: 'f' },
  ],
};

function answerOf(name: string, text: string): Answer {
  const call = { kind: 'tool-call', id: 'c', name, arguments: text } as const;
  const finish = { reason: 'tool-calls', native: null } as const;
  return { id: '', model: '', usage: null, choices: [{ index: 0, parts: [call], finish }] };
}

/** Tells what it was given, an event at a time. */
function tellingReader(events: readonly StreamEvent[]): StreamReader {
  const left = [...events];
  return {
    read: (_data, _type, out) => out.push(...left.splice(0, 1)),
    end: out => out.push(...left.splice(0)),
  };
}

function streamOf(name: string, ...deltas: readonly string[]): StreamEvent[] {
  const at = { choice: 0, tool: 0 };
  return [
    { kind: 'text', choice: 0, text: 'Well.' },
    { kind: 'tool-start', ...at, id: 'c', name },
    ...deltas.map(delta => ({ kind: 'tool-arguments' as const, ...at, delta })),
    { kind: 'tool-end', ...at },
  ];
}

function restored(events: readonly StreamEvent[]): StreamEvent[] {
  const reader = readingFreeText(tellingReader(events), tools);
  const out: StreamEvent[] = [];
  reader.read('', undefined, out);
  reader.read('', undefined, out);
  reader.end(out);
  return out;
}

describe('a call of a free-text tool that the vendor knew as a function', () => {
  it.each([
    ['{"input":"*** Begin\\n{"}', '*** Begin\n{'],
    ['{"patch":"x"}', '{"patch":"x"}'],
    ['no JSON', 'no JSON'],
    ['', ''],
  ])('%j is the free text again, or what the model wrote: %j', (text, input) => {
    expect(withFreeText(answerOf('patch', text), tools).choices[0]?.parts).toEqual([
      { kind: 'tool-call', id: 'c', name: 'patch', custom: true, arguments: input },
    ]);
    const at = { choice: 0, tool: 0 };
    expect(restored(streamOf('patch', text.slice(0, 3), text.slice(3)))).toEqual([
      { kind: 'text', choice: 0, text: 'Well.' },
      { kind: 'tool-start', ...at, id: 'c', name: 'patch', custom: true },
      { kind: 'tool-arguments', ...at, delta: input },
      { kind: 'tool-end', ...at },
    ]);
  });

  it('leaves functions, and free text that came as such, as they are', () => {
    const events = streamOf('f', '{"input":', '"x"}');
    const own = events.map(event =>
      event.kind === 'tool-start' ? { ...event, name: 'patch', custom: true } : event,
    );

    expect(restored(events)).toEqual(events);
    expect(restored(own)).toEqual(own);
    expect(withFreeText(answerOf('f', '{"input":"x"}'), tools)).toEqual(answerOf('f', '{"input":"x"}'));
  });

  it('costs nothing where there is no such tool', () => {
    const reader = tellingReader([]);

    expect(readingFreeText(reader, { list: [] })).toBe(reader);
  });
});

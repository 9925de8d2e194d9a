import type { StreamEvent } from '../domain/answer.js';
import { MODEL, targetWith } from './fixtures/written.js';
import { AnthropicStreamReader } from './stream.reader.js';

type Event = Record<string, unknown> & { type: string };

/** Feeds events, and the end of the body; gives what came out. */
function read(...events: (Event | string)[]): StreamEvent[] {
  const reader = new AnthropicStreamReader(targetWith());
  const out: StreamEvent[] = [];
  for (const event of events) {
    reader.read(typeof event === 'string' ? event : JSON.stringify(event), undefined, out);
  }
  reader.end(out);
  return out;
}

const start: Event = {
  type: 'message_start',
  message: {
    id: 'msg_1',
    model: 'claude-x',
    usage: {
      input_tokens: 10,
      output_tokens: 1,
      cache_creation_input_tokens: 30,
      cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
      service_tier: 'priority',
    },
  },
};
const open = (index: number, content_block: object): Event => ({
  type: 'content_block_start',
  index,
  content_block,
});
const delta = (index: number, delta: object): Event => ({ type: 'content_block_delta', index, delta });
const close = (index: number): Event => ({ type: 'content_block_stop', index });
const finished = (stop_reason: string | null, rest = {}, usage = {}): Event => ({
  type: 'message_delta',
  delta: { stop_reason, ...rest },
  usage,
});
const stop: Event = { type: 'message_stop' };

const content = (events: StreamEvent[]) =>
  events.filter(({ kind }) => !['start', 'usage', 'finish', 'end'].includes(kind));

describe('a stream', () => {
  it('starts, tells usage as it comes, and ends', () => {
    expect(
      read(
        start,
        { type: 'ping' },
        finished('end_turn', {}, { input_tokens: 12, output_tokens: 5, cache_creation_input_tokens: null }),
        stop,
      ),
    ).toEqual([
      { kind: 'start', id: 'msg_1', model: 'claude-x' },
      {
        kind: 'usage',
        usage: {
          inputTokens: 40,
          cacheWriteTokens: 30,
          cacheWrite1hTokens: 20,
          outputTokens: 1,
          serviceTier: 'priority',
        },
      },
      {
        kind: 'usage',
        usage: {
          inputTokens: 42,
          cacheWriteTokens: 30,
          cacheWrite1hTokens: 20,
          outputTokens: 5,
          serviceTier: 'priority',
        },
      },
      { kind: 'finish', choice: 0, finish: { reason: 'stop', native: 'end_turn' } },
      { kind: 'end' },
    ]);
  });

  it('gives signatures that come alone, and redacted reasoning, blocks of their own', () => {
    const signature = { issuer: 'anthropic', model: MODEL, payload: 's1' };
    const events = read(
      start,
      open(0, { type: 'thinking', thinking: '', signature: '' }),
      delta(0, { type: 'signature_delta', signature: 's1' }),
      close(0),
      open(1, { type: 'redacted_thinking', data: 'dark' }),
      close(1),
      open(2, { type: 'thinking', thinking: '' }),
      delta(2, { type: 'thinking_delta', thinking: 'hm' }),
      close(2),
      stop,
    );
    expect(content(events)).toEqual([
      { kind: 'signature', choice: 0, block: 0, signature },
      {
        kind: 'signature',
        choice: 0,
        block: 1,
        signature: { ...signature, payload: 'dark' },
        redacted: true,
      },
      { kind: 'reasoning', choice: 0, block: 2, text: 'hm' },
    ]);
  });

  it('keeps the input of server tools apart from calls of the caller', () => {
    const server = { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} };
    const found = { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [] };
    const events = read(
      start,
      open(0, server),
      delta(0, { type: 'input_json_delta', partial_json: '{"q":' }),
      delta(0, { type: 'input_json_delta', partial_json: '1}' }),
      close(0),
      open(1, found),
      close(1),
      open(2, { type: 'tool_use', id: 'toolu_1', name: 'look', input: {} }),
      delta(2, { type: 'input_json_delta', partial_json: '' }),
      delta(2, { type: 'input_json_delta', partial_json: '{"a":1}' }),
      close(2),
      stop,
    );
    expect(content(events)).toEqual([
      {
        kind: 'native',
        choice: 0,
        part: { kind: 'native', dialect: 'anthropic-messages', value: { ...server, input: { q: 1 } } },
      },
      { kind: 'native', choice: 0, part: { kind: 'native', dialect: 'anthropic-messages', value: found } },
      { kind: 'tool-start', choice: 0, tool: 0, id: 'toolu_1', name: 'look' },
      { kind: 'tool-arguments', choice: 0, tool: 0, delta: '{"a":1}' },
      { kind: 'tool-end', choice: 0, tool: 0 },
    ]);
  });

  it('gives a call without arguments an empty object, and closes what the vendor left open', () => {
    const events = read(start, open(0, { type: 'tool_use', id: 't', name: 'now', input: {} }), stop);
    expect(content(events).slice(1)).toEqual([
      { kind: 'tool-arguments', choice: 0, tool: 0, delta: '{}' },
      { kind: 'tool-end', choice: 0, tool: 0 },
    ]);
  });

  it('tells of citations, and which text of the answer they support', () => {
    const citation = { type: 'page_location', document_title: 'A', cited_text: 'q', start_page_number: 1 };
    const events = read(
      start,
      open(0, { type: 'text', text: 'So: ' }),
      close(0),
      open(1, { type: 'text', text: '' }),
      delta(1, { type: 'text_delta', text: 'it ' }),
      delta(1, { type: 'citations_delta', citation }),
      delta(1, { type: 'text_delta', text: 'is.' }),
      close(1),
      stop,
    );
    expect(content(events).filter(({ kind }) => kind === 'citation')).toEqual([
      {
        kind: 'citation',
        choice: 0,
        citation: { title: 'A', quote: 'q', native: citation, start: 4, end: 10 },
      },
    ]);
  });

  it('passes over event, block and delta types that are newer than the reader', () => {
    const events = read(
      start,
      { type: 'novelty' },
      delta(7, { type: 'text_delta', text: 'Hi' }),
      open(0, { type: 'text', text: '' }),
      delta(0, { type: 'novelty_delta', text: 'x' }),
      close(0),
      'null',
      '[DONE]',
      stop,
    );
    expect(content(events)).toEqual([{ kind: 'text', choice: 0, text: 'Hi' }]);
  });
});

describe('a stream that fails', () => {
  it('ends with the error of the vendor, and nothing after it', () => {
    const error = { type: 'overloaded_error', message: 'Overloaded, key sk-ant-api03-abcdefgh' };
    expect(read(start, { type: 'error', error }, stop).at(-1)).toEqual({
      kind: 'error',
      message: 'Overloaded, key [redacted]',
      code: 'overloaded_error',
      status: 529,
    });
  });

  it.each([
    ['before any event', []],
    ['in the middle', [start, open(0, { type: 'text', text: 'Hal' })]],
    ['right before the terminal event', [start, finished('end_turn')]],
  ])('because it was cut %s is an error, no finish', (_when, events) => {
    const out = read(...events);
    expect(out.at(-1)).toMatchObject({ kind: 'error', status: null });
    expect(out.filter(({ kind }) => kind === 'finish' || kind === 'end')).toEqual([]);
  });

  it('with something that is no JSON is an error', () => {
    expect(read(start, '<html>').at(-1)).toMatchObject({ kind: 'error' });
  });
});

describe('finish reasons', () => {
  it.each([
    [finished('end_turn'), { reason: 'stop', native: 'end_turn' }],
    [
      finished('stop_sequence', { stop_sequence: 'END' }),
      { reason: 'stop-sequence', native: 'stop_sequence', stopSequence: 'END' },
    ],
    [finished('max_tokens'), { reason: 'length', native: 'max_tokens' }],
    [
      finished('model_context_window_exceeded'),
      { reason: 'context-full', native: 'model_context_window_exceeded' },
    ],
    [finished('tool_use'), { reason: 'tool-calls', native: 'tool_use' }],
    [finished('pause_turn'), { reason: 'pause', native: 'pause_turn' }],
    [
      finished('refusal', { stop_details: { type: 'refusal', category: 'cyber', explanation: 'No.' } }),
      { reason: 'content-filter', native: 'refusal', detail: 'cyber: No.' },
    ],
    [finished('refusal', { stop_details: null }), { reason: 'content-filter', native: 'refusal' }],
    [finished('novelty'), { reason: 'stop', native: 'novelty' }],
    [finished(null), { reason: 'stop', native: null }],
  ])('%j', (event, finish) => {
    expect(read(start, event, stop).at(-2)).toEqual({ kind: 'finish', choice: 0, finish });
  });
});

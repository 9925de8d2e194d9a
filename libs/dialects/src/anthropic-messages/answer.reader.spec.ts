import { UpstreamError } from '@app/shared';
import { readAnswer } from './answer.reader.js';
import { MODEL, targetWith } from './fixtures/written.js';

const target = targetWith();
const message = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-x',
  content: [],
  stop_reason: 'end_turn',
  stop_sequence: null,
};

describe('a whole answer', () => {
  it('keeps its parts in order', () => {
    const citation = { type: 'char_location', cited_text: 'q', document_title: 'A', start_char_index: 5 };
    const search = { type: 'server_tool_use', id: 's', name: 'web_search', input: {} };
    const content = [
      { type: 'thinking', thinking: 'hm', signature: 'sig' },
      { type: 'redacted_thinking', data: 'dark' },
      { type: 'text', text: 'Hello', citations: [citation] },
      search,
      { type: 'tool_use', id: 't', name: 'look', input: { a: 1 } },
      { type: 'text', text: 'bye', citations: null },
    ];
    const signature = { issuer: 'anthropic', model: MODEL, payload: 'sig' };
    expect(readAnswer({ ...message, content }, target).choices[0]?.parts).toEqual([
      { kind: 'reasoning', text: 'hm', signature },
      { kind: 'reasoning', text: '', signature: { ...signature, payload: 'dark' }, redacted: true },
      {
        kind: 'text',
        text: 'Hello',
        citations: [{ title: 'A', quote: 'q', start: 0, end: 5, native: citation }],
      },
      { kind: 'native', dialect: 'anthropic-messages', value: search },
      { kind: 'tool-call', id: 't', name: 'look', arguments: '{"a":1}' },
      { kind: 'text', text: 'bye' },
    ]);
  });

  it('keeps what only Anthropic knows', () => {
    const container = { id: 'container_1' };
    expect(readAnswer({ ...message, container, diagnostics: null }, target)).toEqual({
      id: 'msg_1',
      model: 'claude-x',
      choices: [{ index: 0, parts: [], finish: { reason: 'stop', native: 'end_turn' } }],
      usage: null,
      native: { dialect: 'anthropic-messages', fields: { container } },
    });
  });

  it('counts cached tokens as input, and other models besides', () => {
    const usage = {
      input_tokens: 1,
      cache_read_input_tokens: 20,
      cache_creation_input_tokens: 300,
      cache_creation: { ephemeral_5m_input_tokens: 100, ephemeral_1h_input_tokens: 200 },
      output_tokens: 50,
      output_tokens_details: { thinking_tokens: 40 },
      server_tool_use: { web_search_requests: 2, web_fetch_requests: 1 },
      service_tier: 'standard',
      speed: 'fast',
      iterations: [
        { type: 'message', input_tokens: 1, output_tokens: 50 },
        {
          type: 'advisor_message',
          model: 'claude-big',
          input_tokens: 7,
          cache_read_input_tokens: 2,
          output_tokens: 3,
        },
        { type: 'compaction', input_tokens: 8, output_tokens: 4 },
      ],
    };
    expect(readAnswer({ ...message, usage }, target)).toMatchObject({
      serviceTier: 'fast',
      usage: {
        inputTokens: 321,
        cacheReadTokens: 20,
        cacheWriteTokens: 300,
        cacheWrite1hTokens: 200,
        outputTokens: 50,
        reasoningTokens: 40,
        serverToolRequests: 3,
        serviceTier: 'fast',
        extra: [
          { model: 'claude-big', inputTokens: 9, outputTokens: 3 },
          { model: MODEL, inputTokens: 8, outputTokens: 4 },
        ],
      },
    });
  });
});

describe('a body with status 200', () => {
  it('that is an error is thrown as that error', () => {
    const body = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
    expect(() => readAnswer(body, target)).toThrow(
      expect.objectContaining({ upstreamStatus: 529, retryable: true, message: 'Overloaded' }),
    );
  });

  it.each([null, 'text', [], {}, { content: 'text' }])(
    'that is no message (%j) is an error of the vendor',
    body => {
      expect(() => readAnswer(body, target)).toThrow(UpstreamError);
    },
  );
});

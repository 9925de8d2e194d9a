import type { StreamEvent } from '../domain/answer.js';
import type { DialectId } from '../domain/part.js';
import { openAiChatClient, openAiChatVendor } from './openai-chat.dialect.js';
import { ChatStreamWriter } from './stream.writer.js';

const TARGET = { vendor: 'groq', model: 'm', traits: {}, quirks: {} };
const USAGE = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };

function chunk(members: object, delta?: object, inChoice: object = {}): object {
  const choices = delta ? [{ index: 0, delta, finish_reason: null, ...inChoice }] : [];
  return { id: 'i', object: 'chat.completion.chunk', created: 7, model: 'm', choices, ...members };
}

const CHUNKS = [
  { id: '', choices: [], prompt_filter_results: [1] },
  chunk({ x_groq: { id: 'req_1' } }, { role: 'assistant', content: '' }),
  chunk({ system_fingerprint: 'fp_1', x_llmhub: { provider: 'another gateway' } }, { content: 'Hi' }),
  chunk({}, { executed_tools: [{ type: 'search' }] }, { content_filter: 'none' }),
  chunk({ x_groq: { id: 'req_1', usage: USAGE } }, {}, { finish_reason: 'stop' }),
  chunk({ usage: USAGE, p: 'abcd' }),
  '[DONE]',
];

function read(spoken?: DialectId): StreamEvent[] {
  const reader = openAiChatVendor.streamReader(TARGET, spoken);
  const events: StreamEvent[] = [];
  CHUNKS.forEach(data =>
    reader.read(typeof data === 'string' ? data : JSON.stringify(data), undefined, events),
  );
  return events;
}

/** The chunks that a caller of chat completions gets. */
function written(streamUsage: boolean): { text: string; chunks: Record<string, unknown>[] } {
  const request = { streamUsage, native: { dialect: 'openai-chat', fields: {} } } as const;
  const writer = new ChatStreamWriter(request, {
    requestId: 'r',
    model: 'm',
    seal: { seal: () => '', open: () => null },
    llmhub: () => ({ provider: 'groq', cost: null }),
  });
  const text = read('openai-chat')
    .map(event => writer.write(event))
    .join('');
  const data = text.split('\n\n').flatMap(line => (line.startsWith('data: {') ? line.slice(6) : []));
  return { text, chunks: data.map(line => JSON.parse(line) as Record<string, unknown>) };
}

const saying = (
  chunks: readonly Record<string, unknown>[],
  what: string,
): Record<string, unknown> | undefined =>
  chunks.find(({ choices }) => JSON.stringify(choices).includes(what));

describe('members that only one vendor knows, in a stream of chat', () => {
  it('reach a caller of chat, each in the chunk where it stood or the next', () => {
    const { text, chunks } = written(true);

    expect(saying(chunks, '"Hi"')).toMatchObject({
      prompt_filter_results: [1],
      x_groq: { id: 'req_1' },
      system_fingerprint: 'fp_1',
    });
    expect(saying(chunks, '"stop"')).toMatchObject({ x_groq: { id: 'req_1', usage: USAGE } });
    expect(saying(chunks, '"stop"')).not.toHaveProperty('system_fingerprint');
    expect(chunks.at(-1)).toMatchObject({
      p: 'abcd',
      usage: { prompt_tokens: 3 },
      x_llmhub: { provider: 'groq' },
    });
    expect(text).not.toContain('another gateway');
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
  });

  it('stand in their choice and its delta', () => {
    const { choices } = saying(written(false).chunks, 'executed_tools') ?? {};

    expect(choices).toEqual([
      {
        index: 0,
        delta: { executed_tools: [{ type: 'search' }] },
        logprobs: null,
        finish_reason: null,
        content_filter: 'none',
      },
    ]);
  });

  it('stay out with the chunk that a caller does not want', () => {
    const { text, chunks } = written(false);

    expect(text).not.toContain('abcd');
    expect(chunks.at(-1)).toMatchObject({ x_groq: { id: 'req_1', usage: USAGE } });
    expect(text.endsWith('}\n\ndata: [DONE]\n\n')).toBe(true);
  });

  it('are told to no other caller, and to none whose bytes pass through', () => {
    for (const spoken of ['anthropic-messages', undefined] as const) {
      const kinds = read(spoken).map(({ kind }) => kind);
      expect(kinds).toEqual(['start', 'text', 'finish', 'usage', 'usage', 'end']);
    }
  });
});

it('stand in a whole answer where they stood', () => {
  const answer = {
    id: 'i',
    object: 'chat.completion',
    created: 7,
    model: 'm',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: 'Hi', executed_tools: [{ type: 'search' }] },
        finish_reason: 'stop',
        content_filter: 'none',
      },
    ],
    usage: USAGE,
    x_groq: { id: 'req_1' },
  };
  const meta = { requestId: 'r', model: 'm', seal: { seal: () => '', open: () => null }, llmhub: null };

  expect(openAiChatClient.writeAnswer(openAiChatVendor.readAnswer(answer, TARGET), meta)).toMatchObject(
    answer,
  );
});

import type { StreamEvent } from '../domain/answer.js';
import { openAiCompletionsClient, openAiCompletionsVendor } from './openai-completions.dialect.js';

const TARGET = { vendor: 'v', model: 'm', traits: {}, quirks: {} };
const SEAL = { seal: () => '', open: () => null };
const META = { requestId: 'r', model: 'asked', seal: SEAL };
const read = (body: object) =>
  openAiCompletionsClient.readRequest({ model: 'x/m', prompt: 'p', ...body }, SEAL);

const chunk = (choices: object[], more: object = {}) =>
  JSON.stringify({ id: 'cmpl-1', object: 'text_completion', created: 1, model: 'm', choices, ...more });
const said = (text: string, finish_reason: string | null = null) =>
  chunk([{ text, index: 0, logprobs: null, finish_reason }]);

const withoutUndefined = (events: StreamEvent[]): object[] => JSON.parse(JSON.stringify(events)) as object[];

function eventsOf(...data: string[]): StreamEvent[] {
  const reader = openAiCompletionsVendor.streamReader(TARGET);
  const events: StreamEvent[] = [];
  data.forEach(each => reader.read(each, undefined, events));
  if (!events.some(({ kind }) => kind === 'end' || kind === 'error')) {
    reader.end(events);
  }
  return events;
}

describe('a legacy completion asked by chat', () => {
  it('is what the user says, with the same settings', () => {
    const body = {
      max_tokens: 5,
      temperature: 0,
      stop: 'x',
      n: 2,
      logprobs: 3,
      best_of: 4,
      seed: 7,
      user: 'u',
    };

    expect(read(body)).toEqual({
      model: 'x/m',
      turns: [{ role: 'user', parts: [{ kind: 'text', text: 'p' }] }],
      tools: { list: [] },
      settings: {
        maxOutputTokens: 5,
        temperature: 0,
        stop: ['x'],
        choices: 2,
        logprobs: true,
        topLogprobs: 3,
        seed: 7,
        user: 'u',
      },
      stream: false,
      streamUsage: false,
      native: { dialect: 'openai-completions', fields: { best_of: 4 } },
    });
    expect(read({ prompt: ['only'], logprobs: 0 })).toMatchObject({
      turns: [{ parts: [{ text: 'only' }] }],
      settings: { logprobs: true },
    });
  });

  it('is answered with the text alone, and one of three endings', () => {
    const parts = [
      { kind: 'reasoning', text: 'hm' },
      { kind: 'text', text: 'a' },
      { kind: 'text', text: 'b' },
    ] as const;
    const answer = {
      id: '',
      model: '',
      created: 1,
      choices: [
        { index: 0, parts, finish: { reason: 'stop-sequence', native: null } },
        { index: 1, parts: [], finish: { reason: 'context-full', native: null } },
        { index: 2, parts: [], finish: { reason: 'content-filter', native: null } },
      ],
      usage: null,
    } as const;

    expect(openAiCompletionsClient.writeAnswer(answer, { ...META, llmhub: { cost: 1 } })).toEqual({
      id: 'cmpl-r',
      object: 'text_completion',
      created: 1,
      model: 'asked',
      choices: [
        { text: 'ab', index: 0, logprobs: null, finish_reason: 'stop' },
        { text: '', index: 1, logprobs: null, finish_reason: 'length' },
        { text: '', index: 2, logprobs: null, finish_reason: 'content_filter' },
      ],
      x_llmhub: { cost: 1 },
    });
  });
});

describe('a stream of legacy completions', () => {
  it('is read as its texts, its ending and its usage', () => {
    const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };

    expect(eventsOf(said('a'), said('b'), said('', 'length'), chunk([], { usage }), '[DONE]')).toMatchObject([
      { kind: 'start', id: 'cmpl-1', model: 'm' },
      { kind: 'text', text: 'a' },
      { kind: 'text', text: 'b' },
      { kind: 'finish', finish: { reason: 'length' } },
      { kind: 'usage', usage: { inputTokens: 3, outputTokens: 2 } },
      { kind: 'end' },
    ]);
  });

  it.each([
    ['an end without a finish', [said('a')]],
    ['an error', [said('a'), '{"error":{"message":"no"}}']],
    ['half a chunk', [said('a'), said('b').slice(0, 20)]],
  ])('fails with %s', (_, data) => {
    expect(eventsOf(...data).at(-1)).toMatchObject({ kind: 'error' });
  });

  it('comes out of the writer as it went into the reader', () => {
    const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };
    const events = eventsOf(said('a'), said('b'), said('', 'stop'), chunk([], { usage }), '[DONE]');
    const writer = openAiCompletionsClient.streamWriter(
      read({ stream: true, stream_options: { include_usage: true } }),
      {
        ...META,
        llmhub: () => ({ cost: 1 }),
      },
    );
    const data = events
      .map(event => writer.write(event))
      .join('')
      .split('\n\n')
      .filter(Boolean)
      .map(event => event.slice('data: '.length));

    expect(eventsOf(...data)).toMatchObject(withoutUndefined(events));
    expect(data.at(-1)).toBe('[DONE]');
    expect(data.at(-2)).toContain('"x_llmhub":{"cost":1}');
  });
});

describe('a whole legacy completion', () => {
  const choices = [{ text: 'a', index: 0, logprobs: null, finish_reason: 'length' }];

  it('is read for the ledger and in full', () => {
    const body: unknown = JSON.parse(chunk(choices, { usage: { prompt_tokens: 3, completion_tokens: 2 } }));

    expect(openAiCompletionsVendor.readSummary(body, TARGET)).toMatchObject({
      id: 'cmpl-1',
      finish: 'length',
      usage: { inputTokens: 3, outputTokens: 2 },
    });
    expect(openAiCompletionsVendor.readAnswer(body, TARGET).choices).toMatchObject([
      { parts: [{ kind: 'text', text: 'a' }], finish: { reason: 'length' } },
    ]);
  });

  it.each([[{ error: { message: 'no' } }], [{}], [null], ['text']])('is none in %j', body => {
    expect(() => openAiCompletionsVendor.readSummary(body, TARGET)).toThrow(
      expect.objectContaining({ name: 'UpstreamError' }),
    );
  });
});

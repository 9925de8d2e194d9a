import { checkStreamGrammar } from '../../../../test/support/stream-grammar.js';
import type { StreamEvent } from '../domain/answer.js';
import { signed, targetWith } from './fixtures/written.js';
import { geminiVendor } from './vendor.js';

const START = { kind: 'start', id: 'r', model: 'm' };

function readText(...data: string[]): StreamEvent[] {
  const reader = geminiVendor.streamReader(targetWith());
  const out: StreamEvent[] = [];
  for (const text of data) {
    reader.read(text, undefined, out);
  }
  reader.end(out);
  checkStreamGrammar(out);
  return out;
}

function read(...chunks: object[]): StreamEvent[] {
  return readText(...chunks.map(chunk => JSON.stringify({ responseId: 'r', modelVersion: 'm', ...chunk })));
}

function chunk(parts: object[], finishReason?: string, more: object = {}): object {
  return { candidates: [{ content: { parts }, ...(finishReason && { finishReason }), ...more }] };
}

function without(events: readonly StreamEvent[], ...kinds: StreamEvent['kind'][]): StreamEvent[] {
  return events.filter(({ kind }) => !kinds.includes(kind));
}

const pieces = (...calls: object[]) =>
  without(read(chunk(calls.map(functionCall => ({ functionCall }))), chunk([], 'STOP')), 'start', 'end');

const meta = (usageMetadata: object) => ({ usageMetadata });

const last = (...chunks: object[]) => read(...chunks).findLast(event => event.kind === 'usage');

describe('a stream', () => {
  it('begins with the first chunk, and ends with its body', () => {
    expect(read(chunk([{ text: 'a' }]), chunk([{ text: 'b' }], 'STOP'), { usageMetadata: {} })).toEqual([
      START,
      { kind: 'text', choice: 0, text: 'a' },
      { kind: 'text', choice: 0, text: 'b' },
      { kind: 'finish', choice: 0, finish: { reason: 'stop', native: 'STOP' } },
      { kind: 'end' },
    ]);
  });

  it.each([
    ['nothing', []],
    ['no finish reason', [chunk([{ text: 'a' }])]],
    ['a finish reason of one candidate only', [{ candidates: [{ finishReason: 'STOP' }, { index: 1 }] }]],
  ])('with %s was cut', (_, chunks) => {
    const events = read(...chunks);
    expect(events.at(-1)).toMatchObject({ kind: 'error', code: 'upstream_error', status: null });
    expect(events.map(({ kind }) => kind)).not.toContain('end');
  });

  it('may break off with an error, after which nothing counts', () => {
    const error = { code: 503, message: 'Overloaded, see ?key=AIzaSyA1234567890', status: 'UNAVAILABLE' };
    const text = JSON.stringify(chunk([{ text: 'a' }], 'STOP'));
    for (const body of [{ error }, [{ error }]]) {
      expect(readText(text, JSON.stringify(body), text).slice(2)).toEqual([
        { kind: 'error', message: 'Overloaded, see ?key=[redacted]', code: 'UNAVAILABLE', status: 503 },
      ]);
    }
    expect(readText('{"cand')).toMatchObject([{ kind: 'error', status: null }]);
  });

  it('is filtered when the prompt was blocked', () => {
    const finish = { reason: 'content-filter', native: 'SAFETY' };
    expect(read({ promptFeedback: { blockReason: 'SAFETY' } })).toEqual([
      START,
      { kind: 'finish', choice: 0, finish },
      { kind: 'end' },
    ]);
  });

  it('has the thoughts of a row in one block, with their signature', () => {
    const events = read(
      chunk([{ text: 'a', thought: true }]),
      chunk([{ text: 'b', thought: true }]),
      chunk([{ text: '', thought: true, thoughtSignature: '1' }]),
      chunk([
        { text: 'c', thought: true },
        { text: 'd', thoughtSignature: '2' },
      ]),
      chunk([{ text: '', thoughtSignature: '3' }], 'STOP'),
    );
    expect(without(events, 'start', 'finish', 'end')).toEqual([
      { kind: 'reasoning', choice: 0, block: 0, text: 'a' },
      { kind: 'reasoning', choice: 0, block: 0, text: 'b' },
      { kind: 'signature', choice: 0, block: 0, signature: signed('1') },
      { kind: 'reasoning', choice: 0, block: 1, text: 'c' },
      { kind: 'signature', choice: 0, block: 2, signature: signed('2') },
      { kind: 'text', choice: 0, text: 'd' },
      { kind: 'signature', choice: 0, block: 3, signature: signed('3') },
    ]);
  });

  it('keeps candidates apart', () => {
    const call = { functionCall: { name: 'f', id: 'c' } };
    const events = read({
      candidates: [
        { index: 1, content: { parts: [call] }, finishReason: 'STOP' },
        { index: 0, content: { parts: [{ text: 'a' }, call] }, finishReason: 'MAX_TOKENS' },
      ],
    });
    expect(events.filter(({ kind }) => kind === 'tool-start')).toMatchObject([
      { choice: 1, tool: 0 },
      { choice: 0, tool: 0 },
    ]);
    expect(events.filter(({ kind }) => kind === 'finish')).toMatchObject([
      { choice: 1, finish: { reason: 'tool-calls' } },
      { choice: 0, finish: { reason: 'length' } },
    ]);
  });

  it('gives parts that only Gemini knows, and media, as they are', () => {
    const value = { toolCall: { toolType: 'X' }, thoughtSignature: '1' };
    const part = { kind: 'media', media: 'audio', mime: 'audio/x', source: { kind: 'base64', data: 'AA' } };
    const events = read(chunk([value, { inlineData: { mimeType: 'audio/x', data: 'AA' } }], 'STOP'));
    expect(without(events, 'start', 'finish', 'end')).toEqual([
      { kind: 'native', choice: 0, part: { kind: 'native', dialect: 'gemini', value } },
      { kind: 'media', choice: 0, part },
    ]);
  });

  it('tells its sources at the end, by characters of all the text', () => {
    const groundingMetadata = {
      groundingChunks: [{ web: { uri: 'https://a' } }],
      groundingSupports: [{ segment: { startIndex: 2, endIndex: 3 }, groundingChunkIndices: [0] }],
    };
    const events = read(
      chunk([{ text: 'é' }], undefined, { groundingMetadata: {} }),
      chunk([{ text: 'a' }], 'STOP', { groundingMetadata }),
    );
    expect(events.slice(-3)).toMatchObject([
      { kind: 'citation', citation: { url: 'https://a', start: 1, end: 2 } },
      { kind: 'finish' },
      { kind: 'end' },
    ]);
  });

  it('has logprobs on the text of their chunk', () => {
    const logprobsResult = { chosenCandidates: [{ token: 'a', logProbability: -1 }] };
    const logprobs = { content: [{ token: 'a', logprob: -1, bytes: [97], top_logprobs: [] }] };
    const events = read(
      chunk([{ text: 'a' }], undefined, { logprobsResult }),
      chunk([], 'STOP', { logprobsResult }),
    );
    expect(events.filter(({ kind }) => kind === 'text')).toEqual([
      { kind: 'text', choice: 0, text: 'a', logprobs },
      { kind: 'text', choice: 0, text: '', logprobs },
    ]);
  });
});

describe('a streamed call', () => {
  it('comes whole, with the digits of its arguments', () => {
    const data =
      '{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","id":"c","args":{"n":12345678901234567890}},"thoughtSignature":"1"}]},"finishReason":"STOP"}]}';
    expect(without(readText(data), 'start', 'end')).toEqual([
      { kind: 'tool-start', choice: 0, tool: 0, id: 'c', name: 'f', signature: signed('1') },
      { kind: 'tool-arguments', choice: 0, tool: 0, delta: '{"n":12345678901234567890}' },
      { kind: 'tool-end', choice: 0, tool: 0 },
      { kind: 'finish', choice: 0, finish: { reason: 'tool-calls', native: 'STOP' } },
    ]);
  });

  it('may come in pieces, and is given when the last one is here', () => {
    const more = { willContinue: true };
    const events = pieces(
      { name: 'f', id: 'c', ...more },
      { partialArgs: [{ jsonPath: '$.city', stringValue: 'Par', ...more }], ...more },
      {
        partialArgs: [
          { jsonPath: '$.city', stringValue: 'is' },
          { jsonPath: '$.days[0].n', numberValue: 1 },
        ],
        ...more,
      },
      {
        partialArgs: [
          { jsonPath: "$.days[1]['a.b']", boolValue: false },
          { jsonPath: '$.x', nullValue: 'NULL_VALUE' },
        ],
        ...more,
      },
      {},
      { name: 'g', id: 'd', args: {} },
    );
    expect(events).toEqual([
      { kind: 'tool-start', choice: 0, tool: 0, id: 'c', name: 'f' },
      {
        kind: 'tool-arguments',
        choice: 0,
        tool: 0,
        delta: '{"city":"Paris","days":[{"n":1},{"a.b":false}],"x":null}',
      },
      { kind: 'tool-end', choice: 0, tool: 0 },
      { kind: 'tool-start', choice: 0, tool: 1, id: 'd', name: 'g' },
      { kind: 'tool-arguments', choice: 0, tool: 1, delta: '{}' },
      { kind: 'tool-end', choice: 0, tool: 1 },
      { kind: 'finish', choice: 0, finish: { reason: 'tool-calls', native: 'STOP' } },
    ]);
  });

  it('cannot reach outside its arguments, nor make them huge', () => {
    const [, args] = pieces(
      { name: 'f', willContinue: true },
      {
        partialArgs: [
          { jsonPath: '$.__proto__.polluted', boolValue: true },
          { jsonPath: '$.a[999999999]', numberValue: 1 },
        ],
      },
    );
    expect(args).toMatchObject({ delta: '{"__proto__":{"polluted":true},"a":[1]}' });
    expect({}).not.toHaveProperty('polluted');
  });

  it('that was cut by the token limit is not given', () => {
    const events = read(
      chunk([{ functionCall: { name: 'f', willContinue: true } }]),
      chunk([], 'MAX_TOKENS'),
    );
    expect(without(events, 'start', 'end')).toEqual([
      { kind: 'finish', choice: 0, finish: { reason: 'length', native: 'MAX_TOKENS' } },
    ]);
  });
});

describe('streamed usage', () => {
  it('is that of the last chunk as a whole', () => {
    expect(
      last(
        {
          ...chunk([{ text: 'a' }]),
          ...meta({ promptTokenCount: 169, thoughtsTokenCount: 9, candidatesTokenCount: 7 }),
        },
        { ...chunk([], 'STOP'), ...meta({ promptTokenCount: 79, candidatesTokenCount: 5 }) },
      ),
    ).toEqual({ kind: 'usage', usage: { inputTokens: 79, outputTokens: 5 } });
  });

  it('is estimated by the highest count when the last chunk counts no output though some came', () => {
    expect(
      last(
        { ...chunk([{ text: 'a' }]), ...meta({ promptTokenCount: 5, candidatesTokenCount: 7 }) },
        { ...chunk([{ text: 'b' }]), ...meta({ promptTokenCount: 5, candidatesTokenCount: 3 }) },
        { ...chunk([], 'STOP'), ...meta({ promptTokenCount: 5 }) },
      ),
    ).toEqual({ kind: 'usage', usage: { inputTokens: 5, outputTokens: 7, estimated: true } });
    expect(last({ ...chunk([], 'STOP'), ...meta({ promptTokenCount: 5 }) })).toEqual({
      kind: 'usage',
      usage: { inputTokens: 5, outputTokens: 0 },
    });
  });
});

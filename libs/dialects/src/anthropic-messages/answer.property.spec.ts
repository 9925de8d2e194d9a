import { fc } from '../../../../test/support/properties.js';
import { checkMessage, checkMessagesStream } from '../../../../test/support/messages-stream-grammar.js';
import { readStream } from '../../../../test/support/read-stream.js';
import { eventsOf, streamSteps } from '../../../../test/support/stream-events.js';
import { checkStreamGrammar } from '../../../../test/support/stream-grammar.js';
import type { Answer, StreamEvent } from '../domain/answer.js';
import type { GenerationRequest } from '../domain/conversation.js';
import type { SignatureSeal, StreamMeta, Target } from '../domain/dialect.js';
import type { FinishReason } from '../domain/finish-reason.js';
import type { Part, Signature } from '../domain/part.js';
import type { Usage } from '../domain/usage.js';
import { anthropicMessagesClient } from './client.js';
import { mutate, told, weave } from './fixtures/streams.js';
import { anthropicMessagesVendor } from './vendor.js';

const target: Target = { vendor: 'anthropic', model: 'claude', traits: {}, quirks: {} };
const seal: SignatureSeal = {
  seal: signature => `sealed:${JSON.stringify(signature)}`,
  open: sealed => (sealed.startsWith('sealed:') ? (JSON.parse(sealed.slice(7)) as Signature) : null),
};
const meta: StreamMeta = { requestId: 'r1', model: 'asked', seal, llmhub: () => ({ cost: 1 }) };
const request = {} as GenerationRequest;

const count = fc.nat({ max: 1_000_000 });
const usage: fc.Arbitrary<Usage> = fc
  .record({
    fresh: count,
    cacheReadTokens: count,
    hour: count,
    minutes: count,
    outputTokens: count,
    reasoningTokens: count,
  })
  .map(({ fresh, hour, minutes, ...rest }) => ({
    ...rest,
    inputTokens: fresh + rest.cacheReadTokens + hour + minutes,
    cacheWriteTokens: hour + minutes,
    cacheWrite1hTokens: hour,
    serviceTier: 'standard',
  }));
const said = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 9 });
const json = fc.dictionary(fc.string({ maxLength: 4 }), fc.jsonValue()).map(value => JSON.stringify(value));

function write(events: readonly StreamEvent[]): string {
  const writer = anthropicMessagesClient.streamWriter(request, meta);
  return events.map(event => writer.write(event)).join('');
}

function read(sse: string, size = 1_000_000): StreamEvent[] {
  const sizes = (function* () {
    for (;;) {
      yield size;
    }
  })();
  return readStream(anthropicMessagesVendor.streamReader(target), Buffer.from(sse), sizes);
}

/** Arguments as this dialect must write them: whatever is no object is wrapped. */
function asInput([name = '', text = '']: readonly string[]): string[] {
  try {
    const value: unknown = JSON.parse(text);
    return [name, JSON.stringify(value instanceof Object && !Array.isArray(value) ? value : { _raw: text })];
  } catch {
    return [name, JSON.stringify({ _raw: text })];
  }
}

const END: readonly StreamEvent[] = [
  { kind: 'usage', usage: { inputTokens: 7, outputTokens: 3 } },
  { kind: 'end' },
];

describe('a streamed answer, written as messages', () => {
  it('keeps to the grammar and says the same again', () => {
    fc.assert(
      fc.property(streamSteps, usage, fc.integer({ min: 1, max: 60 }), (steps, used, size) => {
        const events = eventsOf(steps, [{ kind: 'usage', usage: used }, { kind: 'end' }]);

        const sse = write(events);

        checkMessagesStream(sse);
        expect(sse).toContain('"x_llmhub":{"cost":1}');
        const back = read(sse, size);
        checkStreamGrammar(back);
        const expected = told(events);
        const actual = told(back);
        const custom = events.some(event => event.kind === 'tool-start' && event.custom);
        expect({ ...actual, calls: 0 }).toEqual({ ...expected, calls: 0 });
        expect(actual.calls.map(([name]) => name)).toEqual(expected.calls.map(([name]) => name));
        if (!custom) {
          expect(actual.calls.map(asInput)).toEqual(expected.calls.map(asInput));
        }
        expect(back.findLast(event => event.kind === 'usage')?.usage).toEqual(used);
        expect(sse).toContain('"cost":1},"x_llmhub":{"cost":1}');
      }),
    );
  });

  it('writes calls that come interleaved one after the other, whole', () => {
    const interleaved = fc
      .array(fc.tuple(said, json), { minLength: 1, maxLength: 4 })
      .chain(calls =>
        fc.array(fc.nat({ max: calls.length }), { maxLength: 30 }).map(turns => ({ calls, turns })),
      );
    fc.assert(
      fc.property(interleaved, ({ calls, turns }) => {
        const events = weave(calls, turns, END);
        checkStreamGrammar(events);

        const sse = write(events);

        checkMessagesStream(sse);
        expect(told(read(sse)).calls).toEqual(calls);
        expect(told(read(sse)).text).toBe(told(events).text);
        expect(sse).toContain('"stop_reason":"tool_use"');
      }),
    );
  });

  it('is never taken for complete when it failed', () => {
    fc.assert(
      fc.property(streamSteps, fc.nat(), (steps, at) => {
        const whole = eventsOf(steps, []).filter(event => event.kind !== 'finish');
        const cut = whole.slice(0, 1 + (at % whole.length));
        const sse = write([...cut, { kind: 'error', message: 'gone', code: 'x', status: 503 }]);

        checkMessagesStream(sse);
        expect(sse).not.toContain('message_stop');
        expect(read(sse).at(-1)).toMatchObject({ kind: 'error', message: 'gone' });
      }),
    );
  });

  it('would be caught if an event were left out, said twice or moved', () => {
    fc.assert(
      fc.property(
        streamSteps.filter(steps => steps.some(([choice, kind]) => choice === 0 && kind !== 'foreign')),
        fc.nat(),
        fc.constantFrom('drop', 'double', 'swap'),
        (steps, at, how) => {
          const blocks = write(eventsOf(steps, END)).slice(0, -2).split('\n\n');
          // A piece of text more or less is good grammar; what opens, closes or ends is not.
          const structural = blocks.flatMap((block, index) =>
            block.startsWith('event: content_block_delta') ? [] : [index],
          );
          const index = structural[at % structural.length] ?? 0;
          const mutated = mutate(blocks, index, how);

          expect(() => checkMessagesStream(`${mutated.join('\n\n')}\n\n`)).toThrow();
        },
      ),
    );
  });
});

describe('a signature without a thought, streamed', () => {
  const say: StreamEvent = { kind: 'text', choice: 0, text: 'Hi.' };
  const sign: StreamEvent = {
    kind: 'signature',
    choice: 0,
    block: 0,
    signature: { issuer: 'google', model: 'gemini', payload: 'p' },
  };
  const call: readonly StreamEvent[] = [
    { kind: 'tool-start', choice: 0, tool: 0, id: 'c', name: 'f' },
    { kind: 'tool-end', choice: 0, tool: 0 },
  ];

  it.each<[string, readonly StreamEvent[], string[]]>([
    // Gemini's last event; Claude Code would show an empty answer.
    ['is left out as the last word', [say, sign], ['text']],
    ['stands before the text that follows', [say, sign, say], ['text', 'thinking', 'text']],
    ['stands before the call that follows', [say, sign, ...call], ['text', 'thinking', 'tool_use']],
    ['stays when there is nothing else', [sign], ['thinking']],
  ])('%s', (_what, events, types) => {
    const sse = write([
      { kind: 'start', id: 'i', model: 'm' },
      ...events,
      { kind: 'finish', choice: 0, finish: { reason: 'stop', native: null } },
      ...END,
    ]);

    checkMessagesStream(sse);
    expect([...sse.matchAll(/"content_block":\{"type":"(\w+)"/g)].map(([, type]) => type)).toEqual(types);
  });
});

const proof = said.map(payload => ({ issuer: 'anthropic', model: 'claude', payload }));
const part: fc.Arbitrary<Part> = fc.oneof(
  said.map((text): Part => ({ kind: 'text', text })),
  fc.record({
    kind: fc.constant('tool-call' as const),
    id: fc.stringMatching(/^[\w-]{1,9}$/),
    name: said,
    arguments: json,
  }),
  fc.record({ kind: fc.constant('reasoning' as const), text: said, signature: proof }),
  proof.map((signature): Part => ({ kind: 'reasoning', text: '', redacted: true, signature })),
  said.map((text): Part => ({
    kind: 'native',
    dialect: 'anthropic-messages',
    value: { type: 'server_thing', text },
  })),
);
const REASONS: readonly FinishReason[] = [
  'stop',
  'length',
  'context-full',
  'tool-calls',
  'content-filter',
  'pause',
];
const answer: fc.Arbitrary<Answer> = fc
  .record({
    id: said,
    model: said,
    parts: fc.array(part, { maxLength: 5 }),
    reason: fc.constantFrom(...REASONS),
    usage,
  })
  .map(({ id, model, parts, reason, usage: used }) => ({
    id,
    model,
    usage: used,
    serviceTier: 'standard',
    choices: [{ index: 0, parts, finish: { reason, native: null } }],
  }));

/** The reader of vendors keeps signatures as they are; ours are sealed. */
function opened(parts: readonly Part[]): unknown {
  return parts.map(each =>
    each.kind === 'reasoning' && each.signature
      ? { ...each, signature: seal.open(each.signature.payload) }
      : each,
  );
}

describe('a whole answer, written as a message', () => {
  it('is the same again', () => {
    fc.assert(
      fc.property(answer, made => {
        const wire = JSON.parse(
          JSON.stringify(anthropicMessagesClient.writeAnswer(made, { ...meta, llmhub: null })),
        ) as Record<string, unknown>;

        checkMessage(wire);
        const back = anthropicMessagesVendor.readAnswer(wire, target);
        const [choice] = back.choices;
        expect(back).toMatchObject({ id: made.id, model: made.model, usage: made.usage });
        expect(choice?.finish.reason).toBe(made.choices[0]?.finish.reason);
        expect(opened(choice?.parts ?? [])).toEqual(made.choices[0]?.parts);
      }),
    );
  });

  it.each([
    ['once', 'a [1] b', [{ start: 2, end: 5 }], ['a ', '[1]', ' b']],
    [
      'twice',
      'ab cd',
      [
        { start: 0, end: 2 },
        { start: 3, end: 5 },
      ],
      ['ab ', 'cd'],
    ],
    ['as a whole', 'ab', [{}], ['ab']],
    ['beyond its end', 'ab', [{ start: 1, end: 9 }], ['ab']],
  ])('cites a text %s', (_how, text, spans, pieces) => {
    const citations = spans.map(span => ({ url: 'https://a.example', title: 'A', ...span }));
    const parts: Part[] = [{ kind: 'text', text, citations }];
    const finish = { reason: 'stop' as const, native: null };
    const wire = anthropicMessagesClient.writeAnswer(
      { id: '', model: '', usage: null, choices: [{ index: 0, parts, finish }] },
      { ...meta, llmhub: null },
    );
    const content = wire['content'] as { text: string; citations: { url: string }[] | null }[];

    expect(content.map(block => block.text)).toEqual(pieces);
    expect(content.flatMap(block => block.citations ?? []).map(({ url }) => url)).toEqual(
      spans.map(() => 'https://a.example'),
    );
  });
});

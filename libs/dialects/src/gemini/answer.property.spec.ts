import { fc } from '../../../../test/support/properties.js';
import { checkGeminiResponses, checkGeminiStream } from '../../../../test/support/gemini-stream-grammar.js';
import { readStream } from '../../../../test/support/read-stream.js';
import { eventsOf, streamSteps } from '../../../../test/support/stream-events.js';
import { checkStreamGrammar } from '../../../../test/support/stream-grammar.js';
import type { Answer, StreamEvent } from '../domain/answer.js';
import type { GenerationRequest } from '../domain/conversation.js';
import type { Citation, MediaPart, Part } from '../domain/part.js';
import type { Usage } from '../domain/usage.js';
import { geminiClient } from './client.js';
import { meta, seal } from './fixtures/called.js';
import { signed, targetWith } from './fixtures/written.js';
import { sealSignature } from './sealed-signature.js';
import { geminiVendor } from './vendor.js';

const target = targetWith();
const text = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 9 }),
  fc.constant('a\u2028bé\u2029"\\'),
);
const count = fc.integer({ min: 1, max: 1_000_000 });

const usage: fc.Arbitrary<Usage> = fc
  .record({
    input: count,
    output: count,
    more: fc.record(
      {
        cacheReadTokens: count,
        audioInputTokens: count,
        imageOutputTokens: count,
        serviceTier: fc.constant('flex'),
      },
      { requiredKeys: [] },
    ),
    reasoningTokens: fc.option(count, { nil: undefined }),
    toolUsePromptTokens: fc.option(count, { nil: undefined }),
  })
  .map(({ input, output, more, reasoningTokens, toolUsePromptTokens }) => ({
    ...more,
    inputTokens: input + (toolUsePromptTokens ?? 0),
    outputTokens: output + (reasoningTokens ?? 0),
    ...(reasoningTokens !== undefined && { reasoningTokens }),
    ...(toolUsePromptTokens !== undefined && { toolUsePromptTokens }),
  }));

const citation: fc.Arbitrary<Citation> = fc.record(
  { url: fc.webUrl(), title: text, quote: text },
  { requiredKeys: ['url'] },
);
const textPart = fc
  .tuple(text, fc.array(citation, { maxLength: 2 }), fc.boolean())
  .map(([said, cited, whole]): Part => {
    const place = whole ? { start: 0, end: said.length } : {};
    const citations = cited.map(each => ({ ...each, ...place }));
    return { kind: 'text', text: said, ...(citations.length > 0 && whole && { citations }) };
  });
const signature = fc.constantFrom(undefined, signed('s'), {
  issuer: 'anthropic',
  model: 'claude',
  payload: 'ü',
});
const thought = fc
  .tuple(text, signature)
  .map(([said, proof]): Part => ({ kind: 'reasoning', text: said, ...(proof && { signature: proof }) }));
const bareSignature: fc.Arbitrary<Part> = fc.constant({
  kind: 'reasoning',
  text: '',
  signature: signed('bare'),
});
const args = fc.dictionary(
  fc.stringMatching(/^[a-z]{1,5}$/),
  fc.oneof(text, fc.integer(), fc.constant([null, {}])),
);
const call = fc.tuple(text, text, args, signature).map(([id, name, given, proof]): Part => ({
  kind: 'tool-call',
  id,
  name,
  arguments: JSON.stringify(given),
  ...(proof && { signature: proof }),
}));
const media: fc.Arbitrary<MediaPart> = fc.constantFrom(
  { kind: 'media', media: 'image', mime: 'image/png', source: { kind: 'base64', data: 'AAAA' } },
  { kind: 'media', media: 'document', source: { kind: 'url', url: 'https://a.example/b' } },
);
const native: fc.Arbitrary<Part> = fc.constant({
  kind: 'native',
  dialect: 'gemini',
  value: { executableCode: { code: '1', language: 'PYTHON' } },
});
const parts = fc.array(fc.oneof(textPart, thought, bareSignature, call, media, native), {
  minLength: 1,
  maxLength: 6,
});

const answer: fc.Arbitrary<Answer> = fc
  .record({
    id: text,
    model: text,
    created: fc.integer({ min: 0, max: 4_000_000_000 }),
    said: fc.array(fc.tuple(parts, fc.constantFrom('STOP', 'MAX_TOKENS', 'RECITATION')), {
      minLength: 1,
      maxLength: 3,
    }),
    usage: fc.option(usage),
  })
  .map(({ said, ...made }) => ({
    ...made,
    choices: said.map(([said, word], index) => ({ index, parts: said, finish: finishOf(said, word) })),
    ...(made.usage?.serviceTier && { serviceTier: made.usage.serviceTier }),
  }));

function finishOf(said: readonly Part[], native: string): Answer['choices'][number]['finish'] {
  const called = said.some(({ kind }) => kind === 'tool-call');
  const reasons = {
    STOP: called ? 'tool-calls' : 'stop',
    MAX_TOKENS: 'length',
    RECITATION: 'content-filter',
  } as const;
  return { reason: reasons[native as keyof typeof reasons], native };
}

/** What a reader of vendors makes of a signature that was sealed for a caller. */
function asRead(part: Part): Part {
  const proof = 'signature' in part ? part.signature : undefined;
  const cited = part.kind === 'text' ? part.citations : undefined;
  return {
    ...part,
    ...(proof && { signature: signed(sealSignature(proof, seal), target.model) }),
    ...(cited && { citations: cited.map(each => ({ ...each, native: expect.anything() })) }),
  } as Part;
}

function write(events: readonly StreamEvent[]): string {
  const writer = geminiClient.streamWriter({} as GenerationRequest, meta);
  return events.map(event => writer.write(event)).join('');
}

const sizes = fc.infiniteStream(fc.nat(40).map(n => n + 1));
const whole = () => [Number.MAX_SAFE_INTEGER].values();

function read(sse: string, by: Iterator<number> = whole()): StreamEvent[] {
  return readStream(geminiVendor.streamReader(target), Buffer.from(sse), by);
}

/** A piece that only Gemini knows, as Gemini would say it. */
function realNatives(events: readonly StreamEvent[]): StreamEvent[] {
  return events.map(event =>
    event.kind === 'native'
      ? { ...event, part: { ...event.part, value: { executableCode: { code: '1' } } } }
      : event,
  );
}

const saidBy = (events: readonly StreamEvent[], choice: number, ...kinds: string[]) =>
  events
    .map(event =>
      'text' in event && event.choice === choice && kinds.includes(event.kind) ? event.text : '',
    )
    .join('');

const proofsOf = (events: readonly StreamEvent[]) =>
  events
    .filter(event => event.kind === 'signature')
    .map(({ choice, signature }) => [choice, signature.payload]);

/** A source that is named twice is one source. */
const sourcesOf = (events: readonly StreamEvent[]) =>
  new Set(
    events.flatMap(event =>
      event.kind === 'citation' ? [`${event.choice} ${event.citation.url} ${event.citation.title}`] : [],
    ),
  );

/** Arguments as values: a text that is no JSON object is wrapped. */
function callsOf(events: readonly StreamEvent[], choice: number): unknown[] {
  const calls: { id: string; name: string; custom: boolean; text: string }[] = [];
  for (const event of events) {
    if (event.kind === 'tool-start' && event.choice === choice) {
      calls[event.tool] = { id: event.id, name: event.name, custom: event.custom ?? false, text: '' };
    } else if (event.kind === 'tool-arguments' && event.choice === choice) {
      (calls[event.tool] ?? { text: '' }).text += event.delta;
    }
  }
  return calls.map(({ id, name, custom, text: said }) => {
    const value: unknown = said.startsWith('{"')
      ? JSON.parse(said)
      : custom
        ? { input: said }
        : { _raw: said };
    return { id, name, value };
  });
}

describe('a Gemini answer, written and read', () => {
  it('is the same again', () => {
    fc.assert(
      fc.property(answer, made => {
        const wire: unknown = JSON.parse(
          JSON.stringify(geminiClient.writeAnswer(made, { ...meta, llmhub: null })),
        );

        checkGeminiResponses([wire]);
        expect(geminiVendor.readAnswer(wire, target)).toEqual({
          ...made,
          choices: made.choices.map(each => ({ ...each, parts: each.parts.map(asRead) })),
        });
      }),
    );
  });

  it('is a stream that keeps to the grammar and says the same again, however it is cut', () => {
    fc.assert(
      fc.property(streamSteps, usage, sizes, (steps, used, by) => {
        const events = realNatives(eventsOf(steps, [{ kind: 'usage', usage: used }, { kind: 'end' }]));
        const sse = write(events);

        checkGeminiStream(sse);
        expect(sse).toContain('"x_llmhub":{"cost":1}');
        const back = read(sse);
        expect(stable(read(sse, by))).toEqual(stable(back));
        checkStreamGrammar(back);
        for (const choice of [0, 1]) {
          expect(saidBy(back, choice, 'text')).toBe(saidBy(events, choice, 'text', 'refusal'));
          expect(saidBy(back, choice, 'reasoning')).toBe(saidBy(events, choice, 'reasoning'));
          expect(callsOf(back, choice)).toEqual(callsOf(events, choice));
        }
        expect(proofsOf(back)).toHaveLength(proofsOf(events).length);
        for (const kind of ['media', 'native'] as const) {
          const of = (list: readonly StreamEvent[]) => list.filter(event => event.kind === kind).length;
          expect(of(back)).toBe(of(events));
        }
        expect(sourcesOf(back)).toEqual(sourcesOf(events));
        expect(back.findLast(event => event.kind === 'usage')?.usage).toEqual(used);
        expect(sse).toContain('"cost":1},"x_llmhub":{"cost":1}');
      }),
    );
  });

  it('is never taken for complete when it failed', () => {
    fc.assert(
      fc.property(streamSteps, fc.nat(), (steps, at) => {
        const events = realNatives(eventsOf(steps, [])).filter(event => event.kind !== 'finish');
        const cut = events.slice(0, 1 + (at % events.length));
        const sse = write([...cut, { kind: 'error', message: 'gone', code: 'UNAVAILABLE', status: 503 }]);

        checkGeminiStream(sse);
        expect(read(sse).at(-1)).toMatchObject({ kind: 'error', message: 'gone', status: 503 });
      }),
    );
  });
});

/** Citations come last and ids may be made up; both are the same however the stream was cut. */
function stable(events: readonly StreamEvent[]): StreamEvent[] {
  return events.map(event => (event.kind === 'tool-start' ? { ...event, id: '' } : event));
}

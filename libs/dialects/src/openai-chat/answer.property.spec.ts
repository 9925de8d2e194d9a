import { fc } from '../../../../test/support/properties.js';
import { SseParser } from '@app/shared';
import { checkChatStream } from '../../../../test/support/chat-stream-grammar.js';
import { eventsOf, streamSteps } from '../../../../test/support/stream-events.js';
import { checkStreamGrammar } from '../../../../test/support/stream-grammar.js';
import type { Answer, StreamEvent } from '../domain/answer.js';
import type { GenerationRequest } from '../domain/conversation.js';
import type { SignatureSeal, StreamMeta, Target } from '../domain/dialect.js';
import type { FinishReason } from '../domain/finish-reason.js';
import type { Part, Signature } from '../domain/part.js';
import type { Usage } from '../domain/usage.js';
import { openAiChatClient, openAiChatVendor } from './openai-chat.dialect.js';

const target: Target = { vendor: 'openrouter', model: 'some/model', traits: {}, quirks: {} };
const seal: SignatureSeal = {
  seal: signature => `sealed:${JSON.stringify(signature)}`,
  open: sealed => (sealed.startsWith('sealed:') ? (JSON.parse(sealed.slice(7)) as Signature) : null),
};
const meta: StreamMeta = { requestId: 'r1', model: 'asked', seal, llmhub: () => ({ cost: 1 }) };

const text = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 9 }),
  fc.constant('a\u2028b\u2029"\\'),
);
const count = fc.nat({ max: 1_000_000 });

const usage: fc.Arbitrary<Usage> = fc.record({
  inputTokens: count,
  outputTokens: count,
  cacheReadTokens: count,
  cacheWriteTokens: count,
  reasoningTokens: count,
  audioInputTokens: count,
  audioOutputTokens: count,
  acceptedPredictionTokens: count,
  rejectedPredictionTokens: count,
  providerCostUsd: fc.double({ min: 0, max: 9, noNaN: true }),
});

const REASONS: readonly FinishReason[] = ['stop', 'length', 'content-filter'];
const WORDS: Partial<Record<FinishReason, string>> = {
  stop: 'stop',
  length: 'length',
  'content-filter': 'content_filter',
  'tool-calls': 'tool_calls',
};
const toolCall: fc.Arbitrary<Part> = fc.record({
  kind: fc.constant('tool-call' as const),
  id: text,
  name: text,
  arguments: fc.json(),
});
/** In the order chat can say: reasoning, text, refusal, calls. */
const parts: fc.Arbitrary<Part[]> = fc
  .tuple(
    fc.array(
      text.map((said): Part => ({ kind: 'reasoning', text: said })),
      { maxLength: 1 },
    ),
    fc.array(
      text.map((said): Part => ({ kind: 'text', text: said })),
      { maxLength: 1 },
    ),
    fc.array(
      text.map((said): Part => ({ kind: 'refusal', text: said })),
      { maxLength: 1 },
    ),
    fc.array(toolCall, { maxLength: 3 }),
  )
  .map(kinds => kinds.flat());
const choice = fc.tuple(parts, fc.constantFrom(...REASONS)).map(([said, reason]) => {
  const called = said.some(part => part.kind === 'tool-call') && reason === 'stop';
  const real = called ? 'tool-calls' : reason;
  return { parts: said, finish: { reason: real, native: WORDS[real] ?? null } };
});
const answer: fc.Arbitrary<Answer> = fc
  .record({
    id: text,
    model: text,
    created: count,
    choices: fc.array(choice, { minLength: 1, maxLength: 3 }),
    usage: fc.option(usage),
    native: fc.constant({ dialect: 'openai-chat' as const, fields: { system_fingerprint: 'fp' } }),
  })
  .map(made => ({ ...made, choices: made.choices.map((each, index) => ({ index, ...each })) }));

function write(events: readonly StreamEvent[], streamUsage: boolean): string {
  const request = {
    streamUsage,
    native: { dialect: 'openai-chat', fields: {} },
  } as unknown as GenerationRequest;
  const writer = openAiChatClient.streamWriter(request, meta);
  return events.map(event => writer.write(event)).join('');
}

function read(sse: string): StreamEvent[] {
  const reader = openAiChatVendor.streamReader(target);
  const parser = new SseParser();
  const events: StreamEvent[] = [];
  for (const { data, type } of [...parser.push(Buffer.from(sse)), ...parser.end()]) {
    reader.read(data, type, events);
  }
  reader.end(events);
  return events;
}

function textOf(
  events: readonly StreamEvent[],
  what: 'text' | 'refusal' | 'reasoning',
  choice: number,
): string {
  return events.map(event => (event.kind === what && event.choice === choice ? event.text : '')).join('');
}

function callsOf(events: readonly StreamEvent[], choice: number): string[][] {
  const calls: string[][] = [];
  for (const event of events) {
    if (event.kind === 'tool-start' && event.choice === choice) {
      calls[event.tool] = [event.id, event.name, String(event.custom ?? false), ''];
    } else if (event.kind === 'tool-arguments' && event.choice === choice) {
      const call = calls[event.tool] ?? [];
      call[3] += event.delta;
    }
  }
  return calls;
}

describe('a chat answer, written and read', () => {
  it('is the same again', () => {
    fc.assert(
      fc.property(answer, made => {
        const wire: unknown = JSON.parse(
          JSON.stringify(openAiChatClient.writeAnswer(made, { ...meta, llmhub: null })),
        );

        expect(openAiChatVendor.readAnswer(wire, target)).toEqual(made);
      }),
    );
  });

  it('is a stream that keeps to the grammar and says the same again', () => {
    fc.assert(
      fc.property(streamSteps, usage, fc.boolean(), (said, used, streamUsage) => {
        const events = eventsOf(said, [{ kind: 'usage', usage: used }, { kind: 'end' }]);
        checkStreamGrammar(events);

        const sse = write(events, streamUsage);

        checkChatStream(sse);
        expect(sse.includes('"x_llmhub":{"cost":1}')).toBe(streamUsage);
        const back = read(sse);
        checkStreamGrammar(back);
        for (const choice of [0, 1]) {
          expect(textOf(back, 'text', choice)).toBe(textOf(events, 'text', choice));
          expect(textOf(back, 'reasoning', choice)).toBe(textOf(events, 'reasoning', choice));
          expect(textOf(back, 'refusal', choice)).toBe(textOf(events, 'refusal', choice));
          expect(callsOf(back, choice)).toEqual(callsOf(events, choice));
        }
        expect(back.findLast(event => event.kind === 'usage')?.usage).toEqual(
          streamUsage ? { ...used, providerCostUsd: 1 } : undefined,
        );
      }),
    );
  });

  it('is never taken for complete when it failed', () => {
    fc.assert(
      fc.property(streamSteps, fc.nat(), (said, at) => {
        const whole = eventsOf(said, []).filter(event => event.kind !== 'finish');
        const cut = whole.slice(0, 1 + (at % whole.length));
        const sse = write([...cut, { kind: 'error', message: 'gone', code: 'x', status: 503 }], true);

        checkChatStream(sse);
        expect(sse).not.toContain('[DONE]');
        expect(read(sse).at(-1)).toEqual({ kind: 'error', message: 'gone', code: 'x', status: null });
      }),
    );
  });
});

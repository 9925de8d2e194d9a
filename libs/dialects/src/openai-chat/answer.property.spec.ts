import fc from 'fast-check';
import { SseParser } from '@app/shared';
import { checkChatStream } from '../../../../test/support/chat-stream-grammar.js';
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
const signature = text.map(payload => ({ issuer: 'anthropic', model: 'claude', payload }));
const count = fc.nat({ max: 1_000_000 });

const usage: fc.Arbitrary<Usage> = fc.record({
  inputTokens: count,
  outputTokens: count,
  cacheReadTokens: count,
  cacheWriteTokens: count,
  // More than zero, and a total that holds it twice, would be xAI's way of counting.
  reasoningTokens: fc.constant(0),
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

const kind = fc.constantFrom(
  'text',
  'refusal',
  'reasoning',
  'sign',
  'redact',
  'tool',
  'custom',
  'cite',
  'image',
  'foreign',
);
const steps = fc.array(fc.tuple(fc.nat({ max: 1 }), kind, text, text, signature), { maxLength: 12 });

/** Grammatical canonical events, from a list of things to say. Choice 0 always speaks. */
function eventsOf(
  said: typeof steps extends fc.Arbitrary<infer T> ? T : never,
  last: StreamEvent[],
): StreamEvent[] {
  const events: StreamEvent[] = [{ kind: 'start', id: 'id', model: 'm', created: 7 }];
  const blocks = [-1, -1];
  const tools = [0, 0];
  const spoke = new Set([0]);
  for (const [choice, what, one, two, proof] of said) {
    const block = blocks[choice] ?? -1;
    const tool = tools[choice] ?? 0;
    spoke.add(choice);
    switch (what) {
      case 'text':
        events.push({
          kind: 'text',
          choice,
          text: one,
          ...(two.length > 4 && { logprobs: { content: [{ token: two }] } }),
        });
        break;
      case 'refusal':
        events.push({ kind: 'refusal', choice, text: one });
        break;
      case 'reasoning':
        events.push({ kind: 'reasoning', choice, block: (blocks[choice] = block + 1), text: one });
        break;
      case 'sign':
        events.push({
          kind: 'signature',
          choice,
          block: (blocks[choice] = Math.max(0, block)),
          signature: proof,
        });
        break;
      case 'redact':
        events.push({
          kind: 'signature',
          choice,
          block: (blocks[choice] = block + 1),
          signature: proof,
          redacted: true,
        });
        break;
      case 'tool':
      case 'custom':
        events.push(
          {
            kind: 'tool-start',
            choice,
            tool,
            id: one,
            name: two,
            ...(what === 'custom' && { custom: true }),
          },
          { kind: 'tool-arguments', choice, tool, delta: one },
          { kind: 'tool-arguments', choice, tool, delta: two },
          { kind: 'tool-end', choice, tool },
        );
        tools[choice] = tool + 1;
        break;
      case 'cite':
        events.push({ kind: 'citation', choice, citation: { url: one, title: two } });
        break;
      case 'image':
        events.push({
          kind: 'media',
          choice,
          part: {
            kind: 'media',
            media: 'image',
            mime: 'image/png',
            source: { kind: 'base64', data: 'AA==' },
          },
        });
        break;
      default:
        events.push({ kind: 'native', choice, part: { kind: 'native', dialect: 'gemini', value: {} } });
    }
  }
  for (const choice of spoke) {
    events.push({
      kind: 'finish',
      choice,
      finish: { reason: tools[choice] ? 'tool-calls' : 'stop', native: null },
    });
  }
  return [...events, ...last];
}

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
      fc.property(steps, usage, fc.boolean(), (said, used, streamUsage) => {
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
        expect(back.findLast(event => event.kind === 'usage')?.usage).toEqual(streamUsage ? used : undefined);
      }),
      { numRuns: 300 },
    );
  });

  it('is never taken for complete when it failed', () => {
    fc.assert(
      fc.property(steps, fc.nat(), (said, at) => {
        const whole = eventsOf(said, []).filter(event => event.kind !== 'finish');
        const cut = whole.slice(0, 1 + (at % whole.length));
        const sse = write([...cut, { kind: 'error', message: 'gone', code: 'x', status: 503 }], true);

        checkChatStream(sse);
        expect(sse).not.toContain('[DONE]');
        expect(read(sse).at(-1)).toEqual({ kind: 'error', message: 'gone', code: 'x', status: null });
      }),
    );
  });

  it('gives signatures to the caller so that they can come back', () => {
    const signed: Part[] = [
      {
        kind: 'reasoning',
        text: 'First.',
        signature: { issuer: 'anthropic', model: 'claude', payload: 'one' },
      },
      {
        kind: 'reasoning',
        text: '',
        redacted: true,
        signature: { issuer: 'anthropic', model: 'claude', payload: 'two' },
      },
      { kind: 'text', text: 'Done.' },
      {
        kind: 'tool-call',
        id: 'c1',
        name: 'f',
        arguments: '{}',
        signature: { issuer: 'google', model: 'gemini', payload: 'three' },
      },
    ];
    const made: Answer = {
      id: '',
      model: '',
      choices: [{ index: 0, parts: signed, finish: { reason: 'tool-calls', native: null } }],
      usage: null,
    };

    const wire = openAiChatClient.writeAnswer(made, { ...meta, llmhub: null });
    const { message } = (wire['choices'] as { message: object }[])[0] ?? { message: {} };
    const { turns } = openAiChatClient.readRequest({ model: 'm', messages: [message] }, seal);

    expect(message).toMatchObject({ reasoning_content: 'First.', content: 'Done.' });
    expect(wire).toMatchObject({ id: 'chatcmpl-r1', model: 'asked' });
    expect(turns[0]?.parts).toEqual(signed);
  });

  it('gives streamed signatures with the whole text of their block', () => {
    const proof = { issuer: 'anthropic', model: 'claude', payload: 'p' };
    const sse = write(
      [
        { kind: 'start', id: 'i', model: 'm' },
        { kind: 'reasoning', choice: 0, block: 0, text: 'Let me ' },
        { kind: 'reasoning', choice: 0, block: 0, text: 'see.' },
        { kind: 'signature', choice: 0, block: 0, signature: proof },
        { kind: 'finish', choice: 0, finish: { reason: 'stop', native: null } },
        { kind: 'end' },
      ],
      false,
    );

    const details = sse.split('\n\n').filter(event => event.includes('reasoning_details'));
    expect(details).toHaveLength(1);
    expect(JSON.parse(details[0]?.slice(6) ?? '')).toMatchObject({
      choices: [
        {
          delta: {
            reasoning_details: [
              { type: 'reasoning.text', text: 'Let me see.', signature: seal.seal(proof), index: 0 },
            ],
          },
        },
      ],
    });
  });
});

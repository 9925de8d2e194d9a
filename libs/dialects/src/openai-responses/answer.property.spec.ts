import { fc } from '../../../../test/support/properties.js';
import { SseParser } from '@app/shared';
import { checkResponsesStream } from '../../../../test/support/responses-stream-grammar.js';
import { eventsOf, streamSteps } from '../../../../test/support/stream-events.js';
import { checkStreamGrammar } from '../../../../test/support/stream-grammar.js';
import type { Answer, StreamEvent } from '../domain/answer.js';
import type { SignatureSeal, StreamMeta, Target } from '../domain/dialect.js';
import type { Part, Signature } from '../domain/part.js';
import type { Usage } from '../domain/usage.js';
import { openAiResponsesClient, openAiResponsesVendor } from './openai-responses.dialect.js';

const target: Target = { vendor: 'openai', model: 'gpt-5', traits: {}, quirks: {} };
const seal: SignatureSeal = {
  seal: signature => `sealed:${JSON.stringify(signature)}`,
  open: sealed => (sealed.startsWith('sealed:') ? (JSON.parse(sealed.slice(7)) as Signature) : null),
};
const meta: StreamMeta = { requestId: 'a-b-c', model: 'asked', seal, llmhub: () => ({ cost: 1 }) };

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
});
const signature = text.map((payload): Signature => ({ issuer: 'anthropic', model: 'claude', payload }));
const part: fc.Arbitrary<Part> = fc.oneof(
  fc.record({ kind: fc.constant('text' as const), text }),
  fc.record({ kind: fc.constant('refusal' as const), text }),
  fc.record({ kind: fc.constant('reasoning' as const), text, signature }),
  fc.record({ kind: fc.constant('reasoning' as const), text }),
  signature.map(proof => ({
    kind: 'reasoning' as const,
    text: '',
    redacted: true as const,
    signature: proof,
  })),
  fc.record({ kind: fc.constant('tool-call' as const), id: text, name: text, arguments: fc.json() }),
  fc.record({
    kind: fc.constant('tool-call' as const),
    id: text,
    name: text,
    arguments: text,
    custom: fc.constant(true),
  }),
);

function write(events: readonly StreamEvent[]): string {
  const native = { dialect: 'openai-responses', fields: {} } as const;
  const writer = openAiResponsesClient.streamWriter(
    { model: 'm', turns: [], tools: { list: [] }, settings: {}, stream: true, streamUsage: true, native },
    meta,
  );
  return events.map(event => writer.write(event)).join('');
}

function read(sse: string): StreamEvent[] {
  const reader = openAiResponsesVendor.streamReader(target);
  const parser = new SseParser();
  const events: StreamEvent[] = [];
  for (const { data, type } of [...parser.push(Buffer.from(sse)), ...parser.end()]) {
    reader.read(data, type, events);
  }
  reader.end(events);
  return events;
}

/** What the first choice says, kind by kind. */
function saidIn(events: readonly StreamEvent[]): object {
  const said = {
    text: '',
    refusal: '',
    reasoning: '',
    calls: [] as string[][],
    pages: [] as unknown[],
    images: 0,
  };
  for (const event of events.filter(each => 'choice' in each && each.choice === 0)) {
    if (event.kind === 'text' || event.kind === 'refusal' || event.kind === 'reasoning') {
      said[event.kind] += event.text;
    } else if (event.kind === 'tool-start') {
      said.calls[event.tool] = [event.id, event.name, String(event.custom ?? false), ''];
    } else if (event.kind === 'tool-arguments') {
      (said.calls[event.tool] ?? [])[3] += event.delta;
    }
  }
  return said;
}

/** Ciphers as their vendor gave them. A later one for the same block replaces the one before. */
function lastCipher(events: readonly StreamEvent[]): Signature | undefined {
  const last = events.findLast(event => event.kind === 'signature' && event.choice === 0);
  return last?.kind === 'signature' ? last.signature : undefined;
}

/** The same stream without, or with twice, one of its events, numbered as if nothing had happened. */
function mutate(sse: string, at: number, copies: 0 | 2): string {
  const events = sse.slice(0, -2).split('\n\n');
  const index = at % events.length;
  const mutated = events.toSpliced(index, 1, ...Array.from({ length: copies }, () => events[index] ?? ''));
  return mutated
    .map((event, number) => `${event.replace(/"sequence_number":\d+/, `"sequence_number":${number}`)}\n\n`)
    .join('');
}

describe('a response, written and read', () => {
  it('says the same again, and gives back what was sealed', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), fc.option(usage), (parts, used) => {
        const finish = { reason: 'stop', native: null } as const;
        const answer: Answer = { id: 'x', model: 'm', choices: [{ index: 0, parts, finish }], usage: used };
        const body = openAiResponsesClient.writeAnswer(answer, { ...meta, llmhub: null });
        const wire = JSON.parse(JSON.stringify(body)) as { output: unknown[] };

        const back = openAiResponsesClient.readRequest({ model: 'm', input: wire.output }, seal);
        const said = back.turns.flatMap(turn => turn.parts).map(({ native: _native, ...rest }: any) => rest); // oxlint-disable-line typescript/no-explicit-any -- not all parts have natives

        expect(said).toEqual(parts);
        expect(openAiResponsesVendor.readAnswer(wire, target).usage).toEqual(
          used && { ...used, serviceTier: 'default' },
        );
      }),
    );
  });

  it('is a stream that keeps to the grammar and says the same again', () => {
    fc.assert(
      fc.property(streamSteps, usage, (said, used) => {
        const events = eventsOf(said, [{ kind: 'usage', usage: used }, { kind: 'end' }]);
        const sse = write(events);
        const back = read(sse);
        const cipher = lastCipher(back);

        checkResponsesStream(sse);
        checkStreamGrammar(back);
        expect(sse).not.toMatch(/[\u2028\u2029]/);
        expect(sse).toContain('"x_llmhub":{"cost":1}');
        expect(saidIn(back)).toEqual(saidIn(events));
        expect(cipher && seal.open(cipher.payload)?.payload).toBe(lastCipher(events)?.payload);
        expect(back.findLast(event => event.kind === 'usage')?.usage).toEqual({
          ...used,
          serviceTier: 'default',
          providerCostUsd: 1,
        });
      }),
    );
  });

  it('is never taken for complete when it failed', () => {
    fc.assert(
      fc.property(streamSteps, fc.nat(), (said, at) => {
        const whole = eventsOf(said, []).filter(event => event.kind !== 'finish');
        const cut = whole.slice(0, 1 + (at % whole.length));
        const sse = write([...cut, { kind: 'error', message: 'gone', code: 'x', status: 503 }]);

        checkResponsesStream(sse);
        expect(sse).not.toContain('response.completed');
        expect(read(sse).at(-1)).toMatchObject({ kind: 'error', message: 'gone' });
      }),
    );
  });

  it('is refused by the grammar when an event is missing or comes twice', () => {
    fc.assert(
      fc.property(
        streamSteps,
        usage,
        fc.nat(),
        fc.constantFrom(0 as const, 2 as const),
        (said, used, at, copies) => {
          const events = eventsOf(
            said.filter(([, what]) => what !== 'cite'),
            [{ kind: 'usage', usage: used }, { kind: 'end' }],
          );
          expect(() => checkResponsesStream(mutate(write(events), at, copies))).toThrow();
        },
      ),
    );
  });
});

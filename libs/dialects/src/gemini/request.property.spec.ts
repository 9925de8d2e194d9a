import { fc } from '../../../../test/support/properties.js';
import type { Turn } from '../domain/conversation.js';
import type { Part, ToolResultPart } from '../domain/part.js';
import { MODEL, signed, written } from './fixtures/written.js';

interface WirePart {
  text?: string;
  thoughtSignature?: string;
  functionCall?: { id?: string; name: string; args: unknown };
  functionResponse?: { id?: string; name: string; response: unknown };
}

interface Content {
  role: string;
  parts: WirePart[];
}

const text = fc.constantFrom('', ' ', '\n', 'a', 'b ', 'ünï\u2028');
const textPart = fc.record({ kind: fc.constant('text' as const), text });
const signature = fc.constantFrom(undefined, signed('s'), signed('s', 'another-model'), {
  issuer: 'anthropic',
  model: MODEL,
  payload: 's',
});
const reasoning = fc.record({ kind: fc.constant('reasoning' as const), text, signature });
/** Few ids, so that they come again, in one turn and in later ones. */
const toolCall = fc.record({
  kind: fc.constant('tool-call' as const),
  id: fc.constantFrom('1', '2', ''),
  name: fc.constantFrom('look', 'listen'),
  arguments: fc.constantFrom('', '{}', '{"a":1}', '[', '1', 'null'),
  signature,
});
const media: fc.Arbitrary<Part> = fc.constantFrom('image' as const, 'audio' as const).map(kind => ({
  kind: 'media',
  media: kind,
  mime: `${kind}/x`,
  source: { kind: 'base64', data: 'AAAA' },
}));
const plainTurn: fc.Arbitrary<Turn> = fc.oneof(
  fc.record({
    role: fc.constant('user' as const),
    parts: fc.array(fc.oneof(textPart, media), { maxLength: 3 }),
  }),
  fc.record({
    role: fc.constantFrom('system' as const, 'developer' as const),
    parts: fc.array(textPart, { maxLength: 2 }),
  }),
  fc.record({
    role: fc.constant('assistant' as const),
    parts: fc.array(fc.oneof(textPart, reasoning, toolCall), { maxLength: 4 }),
  }),
);

/** Every call is answered, at once or some turns later, in any order. */
const conversation = fc.array(fc.tuple(plainTurn, fc.nat(3), fc.boolean()), { maxLength: 8 }).map(steps => {
  const turns: Turn[] = [];
  let open: string[] = [];
  for (const [turn, answered, reversed] of steps) {
    turns.push(turn);
    open.push(...turn.parts.flatMap(part => (part.kind === 'tool-call' ? [part.id] : [])));
    open = reversed ? open.toReversed() : open;
    turns.push(...open.slice(0, answered).map(resultTurn));
    open = open.slice(answered);
  }
  return [...turns, ...open.map(resultTurn)];
});

function resultTurn(callId: string): Turn {
  const result: ToolResultPart = { kind: 'tool-result', callId, parts: [{ kind: 'text', text: 'ok' }] };
  return { role: 'tool', parts: [result] };
}

const generations = fc.constantFrom(undefined, 'budget' as const, 'level' as const);

describe('any conversation', () => {
  it('becomes contents that Gemini takes', () => {
    fc.assert(
      fc.property(conversation, generations, (turns, reasoning) => {
        const { body, losses } = written({ turns, traits: { reasoning } });
        const contents = body['contents'] as Content[];
        expect(losses.filter(loss => loss.startsWith('refused'))).toEqual(
          contents.length > 0 ? [] : ['refused messages'],
        );
        checkRoles(contents);
        checkParts(contents);
        checkResults(contents);
        if (reasoning === 'level') {
          checkSignatures(contents);
        }
      }),
    );
  });

  it('keeps every word and every call, in order', () => {
    fc.assert(
      fc.property(conversation, turns => {
        const contents = written({ turns }).body['contents'] as Content[];
        const said = turns
          .filter(({ role }) => role === 'assistant')
          .flatMap(({ parts }) => parts)
          .flatMap(part =>
            part.kind === 'text' && part.text !== ''
              ? [part.text]
              : part.kind === 'tool-call'
                ? [part.name]
                : [],
          );
        const parts = contents.filter(({ role }) => role === 'model').flatMap(content => content.parts);
        const kept = parts
          .filter(part => !('thought' in part) && part.text !== '')
          .map(part => part.text ?? part.functionCall?.name);
        expect(kept).toEqual(said);
      }),
    );
  });
});

function checkRoles(contents: readonly Content[]): void {
  for (const [n, { role }] of contents.entries()) {
    expect(['user', 'model']).toContain(role);
    expect(role).not.toBe(contents[n - 1]?.role);
  }
}

function checkParts(contents: readonly Content[]): void {
  for (const { parts } of contents) {
    expect(parts).not.toEqual([]);
    for (const part of parts) {
      expect(part.text === '' && part.thoughtSignature === undefined).toBe(false);
      if (part.functionCall) {
        expect(part.functionCall.args).toEqual(expect.any(Object));
        expect(Array.isArray(part.functionCall.args)).toBe(false);
      }
    }
  }
}

/** All calls of a content are answered by the first parts of the next one, in their order. */
function checkResults(contents: readonly Content[]): void {
  for (const [n, { parts }] of contents.entries()) {
    const called = (contents[n - 1]?.parts ?? []).flatMap(({ functionCall: call }) =>
      call ? [[call.id, call.name]] : [],
    );
    const results = parts.flatMap(({ functionResponse: result }) =>
      result ? [[result.id, result.name]] : [],
    );
    expect(results).toEqual(called);
    expect(parts.slice(0, results.length).every(part => part.functionResponse)).toBe(true);
  }
  expect(contents.at(-1)?.parts.some(part => part.functionCall) ?? false).toBe(false);
}

function checkSignatures(contents: readonly Content[]): void {
  const start = contents.findLastIndex(
    ({ role, parts }) => role === 'user' && !parts.some(part => part.functionResponse),
  );
  for (const { parts } of contents.slice(start + 1)) {
    const first = parts.find(part => part.functionCall);
    expect(first ? typeof first.thoughtSignature : 'string').toBe('string');
  }
}

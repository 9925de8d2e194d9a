import { fc } from '../../../../test/support/properties.js';
import type { Turn } from '../domain/conversation.js';
import type { Part } from '../domain/part.js';
import { MODEL, written } from './fixtures/written.js';

interface Block {
  type: string;
  text?: string;
  id?: string;
  tool_use_id?: string;
  content?: Block[];
  cache_control?: unknown;
}

interface Message {
  role: string;
  content: Block[];
}

const text = fc.constantFrom('', ' ', '\n', 'a', 'b ', ' c', 'ünï\u2028');
const cache = fc.option(fc.constantFrom({}, { ttl: '1h' }, { ttl: '12h' }), { nil: undefined });
const textPart = fc.record({ kind: fc.constant('text' as const), text, cache });
const signature = fc.constantFrom(
  undefined,
  { issuer: 'anthropic', model: MODEL, payload: 's' },
  { issuer: 'openai', model: 'gpt', payload: 's' },
);
const reasoning = fc.record({ kind: fc.constant('reasoning' as const), text, signature });
/** Few and ugly ids, so that they collide when cleaned, and come again in later turns. */
const callId = fc.constantFrom('1', 'a:b', 'a/b', 'a_b', '', 'é');
const args = fc.constantFrom('', '{}', '{"a":1}', '[', '1');
const toolCall = fc.record({
  kind: fc.constant('tool-call' as const),
  id: callId,
  name: fc.constant('look'),
  arguments: args,
});
const image = fc.constant<Part>({
  kind: 'media',
  media: 'image',
  source: { kind: 'url', url: 'https://x/y' },
});

const plainTurn: fc.Arbitrary<Turn> = fc.oneof(
  fc.record({
    role: fc.constant('user' as const),
    parts: fc.array(fc.oneof(textPart, image), { maxLength: 3 }),
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

/** Every call is answered, somewhere later, in any order, one result per turn. */
const conversation = fc
  .array(fc.tuple(plainTurn, fc.infiniteStream(fc.nat(3))), { minLength: 1, maxLength: 8 })
  .map(steps => {
    const turns: Turn[] = [];
    const due: string[] = [];
    const answer = (id: string) =>
      turns.push({
        role: 'tool',
        parts: [{ kind: 'tool-result', callId: id, parts: [{ kind: 'text', text: `result of ${id}` }] }],
      });
    for (const [turn, random] of steps) {
      turns.push(turn);
      due.push(...turn.parts.flatMap(part => (part.kind === 'tool-call' ? [part.id] : [])));
      while (due.length > 0 && random.next().value > 0) {
        due.splice(random.next().value % due.length, 1).forEach(answer);
      }
    }
    due.forEach(answer);
    return turns;
  });

function* blocksOf(list: readonly Block[]): Iterable<Block> {
  for (const block of list) {
    yield block;
    yield* blocksOf(block.content ?? []);
  }
}

describe('any conversation', () => {
  it("becomes a body that obeys Anthropic's rules", () => {
    fc.assert(
      fc.property(conversation, fc.boolean(), (turns, lateSystem) => {
        const { body } = written({ turns, traits: { lateSystem } });
        const { system = [], messages } = body as unknown as { system?: Block[]; messages: Message[] };

        expect(body['max_tokens']).toBeGreaterThan(0);
        checkRoles(messages, lateSystem);
        checkTools(messages);
        const all = [...blocksOf([...system, ...messages.flatMap(({ content }) => content)])];
        for (const block of all.filter(({ type }) => type === 'text')) {
          expect(block.text?.trim()).not.toBe('');
        }
        expect(all.filter(block => block.cache_control).length).toBeLessThanOrEqual(4);
        const last = messages.at(-1);
        if (last?.role === 'assistant') {
          expect(last.content.at(-1)?.text ?? '').not.toMatch(/\s$/);
        }
      }),
    );
  });

  it('loses no text of users and assistants', () => {
    fc.assert(
      fc.property(conversation, fc.boolean(), (turns, lateSystem) => {
        const wanted = turns.flatMap(({ parts }) =>
          parts.flatMap(part => (part.kind === 'text' && part.text.trim() ? [part.text.trim()] : [])),
        );
        const { system = [], messages } = written({ turns, traits: { lateSystem } }).body as unknown as {
          system?: Block[];
          messages: Message[];
        };
        const got = [...system, ...messages.flatMap(({ content }) => content)].flatMap(block =>
          block.type === 'text' ? [(block.text ?? '').replace(/^<system>|<\/system>$/g, '').trim()] : [],
        );
        expect(got.toSorted()).toEqual(wanted.toSorted());
      }),
    );
  });
});

function checkRoles(messages: readonly Message[], lateSystem: boolean): void {
  messages.forEach(({ role, content }, n) => {
    expect(content.length).toBeGreaterThan(0);
    const next = messages[n + 1]?.role;
    if (role === 'system') {
      expect(lateSystem).toBe(true);
      expect(messages[n - 1]?.role).toBe('user');
      expect([undefined, 'assistant']).toContain(next);
    } else {
      expect(next).not.toBe(role);
    }
  });
}

function checkTools(messages: readonly Message[]): void {
  const ids: string[] = [];
  messages.forEach(({ role, content }, n) => {
    const calls = content.filter(({ type }) => type === 'tool_use').map(({ id }) => id ?? '');
    ids.push(...calls);
    if (calls.length > 0) {
      const reply = messages[n + 1];
      const results = reply?.content.slice(0, calls.length).map(block => block.tool_use_id);
      expect(role).toBe('assistant');
      expect(reply?.role).toBe('user');
      expect(results).toEqual(calls);
    }
  });
  const results = messages.flatMap(({ content }) => content.filter(({ type }) => type === 'tool_result'));
  expect(results).toHaveLength(ids.length);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) {
    expect(id).toMatch(/^[A-Za-z0-9_-]+$/);
  }
}

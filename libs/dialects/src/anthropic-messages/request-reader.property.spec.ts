import fc from 'fast-check';
import type { SignatureSeal, Target } from '../domain/dialect.js';
import { parseExact } from '../domain/exact-json.js';
import { Losses } from '../domain/losses.js';
import { anthropicMessagesClient } from './client.js';
import { anthropicMessagesVendor } from './vendor.js';

const seal: SignatureSeal = { seal: () => '', open: () => null };
const target: Target = {
  vendor: 'anthropic',
  model: 'claude-x',
  traits: { sampling: true, maxOutputTokens: 9 },
  quirks: {},
};

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter(said => said.trim() !== '');
const id = fc.stringMatching(/^[a-zA-Z0-9_-]{1,12}$/).filter(made => !made.startsWith('gwid_'));
const base64 = fc.base64String({ minLength: 4, maxLength: 16 });
const url = fc.webUrl();
const schema = fc.constant({ type: 'object', properties: { a: { type: 'string' } }, required: ['a'] });
/** Members of tomorrow. */
const unknownMembers = fc.dictionary(
  fc.stringMatching(/^new_[a-z]{1,8}$/),
  fc.oneof(text, fc.integer(), schema),
  {
    maxKeys: 2,
  },
);
const cache = fc.record(
  { type: fc.constant('ephemeral'), ttl: fc.constantFrom('5m', '1h') },
  { requiredKeys: ['type'] },
);

/** Required and optional members, unknown ones besides. */
function object<T extends object>(
  required: { [K in keyof T]: fc.Arbitrary<T[K]> },
  optional: Record<string, fc.Arbitrary<unknown>> = {},
): fc.Arbitrary<object> {
  return fc
    .tuple(fc.record(required), fc.record(optional, { requiredKeys: [] }), unknownMembers)
    .map(([must, may, unknown]) => ({ ...unknown, ...may, ...must }));
}

const textBlock = object({ type: fc.constant('text'), text });
const citation = fc.record({
  type: fc.constant('char_location'),
  cited_text: text,
  document_index: fc.nat(),
});
const saidBlock = object(
  { type: fc.constant('text'), text },
  { citations: fc.array(citation, { minLength: 1, maxLength: 2 }) },
);
const imageBlock = object(
  {
    type: fc.constant('image'),
    source: fc.oneof(
      fc.record({ type: fc.constant('base64'), media_type: fc.constant('image/png'), data: base64 }),
      fc.record({ type: fc.constant('url'), url }),
      fc.record({ type: fc.constant('file'), file_id: id }),
    ),
  },
  {},
);
const documentBlock = object(
  {
    type: fc.constant('document'),
    source: fc.oneof(
      fc.record({ type: fc.constant('base64'), media_type: fc.constant('application/pdf'), data: base64 }),
      fc.record({ type: fc.constant('text'), media_type: fc.constant('text/plain'), data: text }),
      fc.record({ type: fc.constant('url'), url }),
      fc.record({
        type: fc.constant('content'),
        content: fc.oneof(text, fc.array(textBlock, { minLength: 1 })),
      }),
    ),
  },
  { title: text, context: text, citations: fc.constant({ enabled: true }) },
);
const searchResult = object({
  type: fc.constant('search_result'),
  source: url,
  title: text,
  content: fc.array(textBlock, { minLength: 1, maxLength: 2 }),
});
const upload = object({ type: fc.constant('container_upload'), file_id: id });
const newBlock = object({ type: fc.stringMatching(/^new_[a-z]{1,8}$/) });
const thinking = fc.record({
  type: fc.constant('thinking'),
  thinking: fc.oneof(text, fc.constant('')),
  signature: id,
});
const redacted = fc.record({ type: fc.constant('redacted_thinking'), data: id });
const compaction = fc.record({ type: fc.constant('compaction'), content: text });
const serverUse = object({ type: fc.constant('server_tool_use'), id, name: text, input: schema });

const result = fc.tuple(
  fc.option(
    fc.oneof(
      text,
      fc.array(fc.oneof(textBlock, imageBlock, searchResult, newBlock), { minLength: 1, maxLength: 3 }),
    ),
    { nil: undefined },
  ),
  fc.boolean(),
);

/** A whole step: calls, their results in the same order, and what the user says besides. */
const step = fc
  .record({
    said: fc.array(fc.oneof(saidBlock, thinking, redacted, serverUse, compaction, newBlock), {
      minLength: 1,
      maxLength: 3,
    }),
    calls: fc.uniqueArray(
      fc.tuple(id, text, fc.dictionary(text, fc.oneof(text, fc.integer())), unknownMembers),
      {
        selector: ([callId]) => callId,
        maxLength: 3,
      },
    ),
    results: fc.array(result, { minLength: 3, maxLength: 3 }),
    asked: fc.array(fc.oneof(textBlock, imageBlock, documentBlock, searchResult, upload, newBlock), {
      minLength: 1,
      maxLength: 3,
    }),
    late: fc.option(fc.array(textBlock, { minLength: 1, maxLength: 2 })),
  })
  .map(({ said, calls, results, asked, late }) => [
    {
      role: 'assistant',
      content: [
        ...said,
        ...calls.map(([callId, name, input, more]) => ({
          ...more,
          type: 'tool_use',
          id: callId,
          name,
          input,
        })),
      ],
    },
    {
      role: 'user',
      content: [
        ...calls.map(([callId], index) => {
          const [content, failed] = results[index] ?? [];
          return {
            type: 'tool_result',
            tool_use_id: callId,
            ...(content !== undefined && { content }),
            ...(failed && { is_error: true }),
          };
        }),
        ...asked,
      ],
    },
    ...(late ? [{ role: 'system', content: late }] : []),
  ]);
const messages = fc
  .tuple(
    object({ role: fc.constant('user'), content: fc.oneof(text, fc.array(textBlock, { minLength: 1 })) }),
    fc.array(step, { maxLength: 2 }),
  )
  .map(([first, steps]) => [first, ...steps.flat()])
  // An id may not come twice.
  .filter(list => new Set(callIds(list)).size === callIds(list).length);

function callIds(list: readonly object[]): string[] {
  return list.flatMap(message =>
    (message as Message).role === 'assistant'
      ? blocksOf(message as Message).flatMap(block =>
          block['type'] === 'tool_use' ? String(block['id']) : [],
        )
      : [],
  );
}

const tool = fc.oneof(
  object(
    { name: text, input_schema: schema },
    { description: text, strict: fc.boolean(), cache_control: cache, defer_loading: fc.boolean() },
  ),
  object(
    { type: fc.constant('web_search_20250305'), name: fc.constant('web_search') },
    { max_uses: fc.nat() },
  ),
);
const tools = fc.array(tool, { minLength: 1, maxLength: 3 }).chain(list =>
  fc.record(
    {
      tools: fc.constant(list),
      tool_choice: fc.oneof(
        fc.record(
          { type: fc.constantFrom('auto', 'any'), disable_parallel_tool_use: fc.constant(true) },
          { requiredKeys: ['type'] },
        ),
        fc.constant({ type: 'none' }),
        fc.record({
          type: fc.constant('tool'),
          name: fc.constantFrom(...list.map(each => (each as { name: string }).name)),
        }),
      ),
    },
    { requiredKeys: ['tools'] },
  ),
);
const settings = fc.record(
  {
    temperature: fc.double({ min: 0, max: 1, noNaN: true }),
    top_p: fc.double({ min: 0, max: 1, noNaN: true }),
    top_k: fc.nat(),
    stop_sequences: fc.array(text, { minLength: 1 }),
    metadata: object({ user_id: text }),
    service_tier: fc.constantFrom('auto', 'standard_only', 'new_tier'),
    container: id,
    context_management: schema,
    mcp_servers: fc.array(schema, { minLength: 1 }),
    cache_control: cache,
    speed: fc.constant('fast'),
    inference_geo: fc.constant('eu'),
  },
  { requiredKeys: [] },
);
const display = { display: fc.constantFrom('summarized', 'omitted', 'new_word') };
/** Beside thinking there are neither sampling settings nor a forced tool. */
const reasoning = fc.record(
  {
    thinking: fc.oneof(
      object({ type: fc.constantFrom('adaptive', 'between_tools') }, display),
      object({ type: fc.constant('enabled'), budget_tokens: fc.nat() }, display),
      object({ type: fc.constant('disabled') }),
    ),
    output_config: object(
      {},
      {
        effort: fc.constantFrom('low', 'max', 'new_word'),
        format: object({ type: fc.constant('json_schema'), schema }),
        task_budget: schema,
      },
    ),
  },
  { requiredKeys: [] },
);
const body = fc
  .tuple(
    fc.record({ model: fc.constant('claude-x'), max_tokens: fc.nat(), messages }),
    fc.record(
      { system: fc.oneof(text, fc.array(textBlock, { minLength: 1 })), stream: fc.constant(true) },
      { requiredKeys: [] },
    ),
    fc.oneof(
      fc.tuple(tools, settings),
      reasoning.map(each => [each, {}] as const),
    ),
    unknownMembers,
  )
  .map(([must, may, [one, two], unknown]) => ({ ...unknown, ...one, ...two, ...may, ...must }) as Body);

interface Message {
  readonly role: string;
  readonly content: unknown;
}

interface Body {
  readonly messages: readonly Message[];
  readonly system?: unknown;
}

function blocksOf({ content }: Pick<Message, 'content'>): readonly Record<string, unknown>[] {
  return typeof content === 'string'
    ? [{ type: 'text', text: content }]
    : (content as Record<string, unknown>[]);
}

/** The liberties of reader and writer: a string is one text block, and members that say nothing are left out. */
function normalise({ messages: list, system, ...rest }: Body): object {
  return {
    ...withoutEmpty(rest),
    ...(system !== undefined && { system: blocksOf({ content: system }) }),
    messages: list.map(message => ({
      ...message,
      content: blocksOf(message).map(block =>
        block['type'] === 'tool_result' && block['content'] !== undefined
          ? { ...block, content: blocksOf(block as { content: unknown }) }
          : block,
      ),
    })),
  };
}

function withoutEmpty(wire: object): object {
  return Object.fromEntries(Object.entries(wire).filter(([, value]) => JSON.stringify(value) !== '{}'));
}

describe('a request for a message, read and written', () => {
  it('loses nothing, whatever it says', () => {
    fc.assert(
      fc.property(body, wire => {
        const before = structuredClone(wire);
        const losses = new Losses();

        const request = anthropicMessagesClient.readRequest(wire, seal);
        const written = anthropicMessagesVendor.writeRequest(request, target, losses);

        expect(normalise(JSON.parse(JSON.stringify(written)) as Body)).toEqual(normalise(before));
        expect(losses.list).toEqual([]);
        expect(wire).toEqual(before);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps numbers that no double holds', () => {
    const wire =
      '{"model":"m","max_tokens":1,"new_id":12345678901234567891,"messages":[{"role":"assistant","content":[' +
      '{"type":"tool_use","id":"t","name":"f","input":{"n":9007199254740993123}}]}]}';

    const request = anthropicMessagesClient.readRequest(parseExact(wire), seal);
    const written = JSON.stringify(anthropicMessagesVendor.writeRequest(request, target, new Losses()));

    expect(written).toContain('"n":9007199254740993123');
    expect(written).toContain('"new_id":12345678901234567891');
  });
});

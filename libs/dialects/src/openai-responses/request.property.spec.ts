import { fc } from '../../../../test/support/properties.js';
import type { GenerationRequest, Settings, Tool, Turn } from '../domain/conversation.js';
import type { SignatureSeal, Target } from '../domain/dialect.js';
import { Losses } from '../domain/losses.js';
import type { Part, Signature } from '../domain/part.js';
import { openAiResponsesClient, openAiResponsesVendor } from './openai-responses.dialect.js';

const target: Target = { vendor: 'openai', model: 'gpt-5', traits: {}, quirks: {} };
/** Ciphers are the vendor's own here: they open as they are. */
const seal: SignatureSeal = {
  seal: ({ payload }) => payload,
  open: payload => ({ issuer: 'openai', model: 'gpt-5', payload }),
};

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
const schema = fc.constant({ type: 'object', properties: { a: { type: 'string' } } });
const cache = fc.option(fc.record({ ttl: fc.constantFrom('30m', '12h') }), { nil: undefined });
const said = fc.record({ kind: fc.constant('text' as const), text, cache });
const plain = fc.record({ kind: fc.constant('text' as const), text });
const url = fc.record({ kind: fc.constant('url' as const), url: fc.webUrl() });
const data = fc.record({
  kind: fc.constant('base64' as const),
  data: fc.base64String({ minLength: 4, maxLength: 16 }),
});
const image = fc.oneof(
  fc.record({
    kind: fc.constant('media' as const),
    media: fc.constant('image' as const),
    source: url,
    detail: fc.option(fc.constantFrom('low', 'high'), { nil: undefined }),
  }),
  fc.record({
    kind: fc.constant('media' as const),
    media: fc.constant('image' as const),
    mime: fc.constant('image/png'),
    source: data,
    cache,
  }),
);
const document = fc.oneof(
  fc.record({ kind: fc.constant('media' as const), media: fc.constant('document' as const), source: url }),
  fc.record({
    kind: fc.constant('media' as const),
    media: fc.constant('document' as const),
    mime: fc.constant('application/pdf'),
    source: data,
    filename: text,
  }),
);
const signature = text.map((payload): Signature => ({ issuer: 'openai', model: 'gpt-5', payload }));
const reasoning = fc.record({
  kind: fc.constant('reasoning' as const),
  text: fc.oneof(text, fc.constant('')),
  signature,
});
const call = fc.record({
  kind: fc.constant('tool-call' as const),
  id: text,
  name: text,
  arguments: fc.json(),
  custom: fc.option(fc.constant(true), { nil: undefined }),
});
const refusal = fc.record({ kind: fc.constant('refusal' as const), text });
/** Reasoning only before what it led to. */
const answered = fc
  .array(fc.tuple(fc.option(reasoning), fc.oneof(plain, refusal, call)), { minLength: 1, maxLength: 4 })
  .map(steps => steps.flatMap(([thought, part]): Part[] => (thought ? [thought, part] : [part])));
const result = fc.record({
  kind: fc.constant('tool-result' as const),
  callId: text,
  parts: fc.array(fc.oneof(plain, image, document), { minLength: 1, maxLength: 2 }),
  custom: fc.option(fc.constant(true), { nil: undefined }),
});
const turn: fc.Arbitrary<Turn> = fc.oneof(
  fc.record({
    role: fc.constant('user' as const),
    parts: fc.array(fc.oneof(said, image, document), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    role: fc.constantFrom('system' as const, 'developer' as const),
    parts: fc.array(said, { minLength: 1, maxLength: 2 }),
  }),
  fc.record({ role: fc.constant('assistant' as const), parts: answered }),
  fc.record({
    role: fc.constant('tool' as const),
    parts: fc.array(result, { minLength: 1, maxLength: 3 }),
  }),
);

const tool: fc.Arbitrary<Tool> = fc.oneof(
  fc.record({
    kind: fc.constant('function' as const),
    name: text,
    description: fc.option(text, { nil: undefined }),
    parameters: fc.option(schema, { nil: undefined }),
    strict: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('custom' as const),
    name: text,
    format: fc.constantFrom(
      { type: 'text' },
      { type: 'grammar', grammar: { syntax: 'lark', definition: 'x' } },
    ),
  }),
);
const tools = fc
  .tuple(
    fc.uniqueArray(tool, {
      maxLength: 3,
      minLength: 1,
      selector: each => (each.kind === 'hosted' ? '' : each.name),
    }),
    fc.option(
      fc.oneof(
        fc.record({ kind: fc.constantFrom('auto' as const, 'none' as const, 'required' as const) }),
        fc.record({ kind: fc.constant('named' as const), name: text }),
        fc.record({
          kind: fc.constant('allowed' as const),
          mode: fc.constantFrom('auto' as const, 'required' as const),
          tools: fc.array(fc.record({ name: text }), { maxLength: 2 }),
        }),
      ),
      { nil: undefined },
    ),
    fc.option(fc.boolean(), { nil: undefined }),
  )
  .map(([list, choice, parallel]) => ({
    list,
    ...(choice && { choice }),
    ...(parallel !== undefined && { parallel }),
  }));
const settings: fc.Arbitrary<Settings> = fc.record(
  {
    maxOutputTokens: fc.nat(),
    temperature: fc.double({ min: 0, max: 2, noNaN: true }),
    topP: fc.double({ min: 0, max: 1, noNaN: true }),
    logprobs: fc.constant(true),
    reasoning: fc.record(
      { effort: fc.constantFrom('none', 'low', 'max'), summary: fc.constantFrom('auto', 'detailed') },
      { requiredKeys: ['effort'] },
    ),
    verbosity: text,
    format: fc.oneof(
      fc.record({ kind: fc.constantFrom('text' as const, 'json' as const) }),
      fc.record({ kind: fc.constant('json-schema' as const), name: text, schema, strict: fc.boolean() }),
    ),
    serviceTier: text,
    user: text,
    metadata: fc.dictionary(text, text),
    promptCacheKey: text,
  },
  { requiredKeys: [] },
);
const request: fc.Arbitrary<GenerationRequest> = fc
  .record({
    turns: fc.array(turn, { minLength: 1, maxLength: 6 }),
    tools,
    settings: fc.tuple(settings, fc.boolean()).map(([some, store]) => ({ ...some, store })),
    stream: fc.boolean(),
  })
  .map(made => ({
    ...made,
    model: 'gpt-5',
    streamUsage: true,
    native: { dialect: 'openai-chat', fields: {} },
  }));

/** What the model said in a row is one turn, and so are results in a row; natives are no content. */
function normalise({ turns, tools: { list, ...choice }, settings: set, stream }: GenerationRequest): unknown {
  const merged: { role: string; parts: unknown[] }[] = [];
  for (const { role, parts } of turns) {
    const last = merged.at(-1);
    const plainParts = parts.map(each => ({ ...each, native: undefined }));
    if (last?.role === role && (role === 'assistant' || role === 'tool')) {
      last.parts.push(...plainParts);
    } else {
      merged.push({ role, parts: plainParts });
    }
  }
  const tools = { ...choice, list };
  return JSON.parse(JSON.stringify({ turns: merged, tools, settings: set, stream }));
}

describe('a request of another dialect, written for Responses and read', () => {
  it('loses nothing that Responses can say', () => {
    fc.assert(
      fc.property(request, made => {
        const losses = new Losses();
        const body = openAiResponsesVendor.writeRequest(made, target, losses);
        const back = openAiResponsesClient.readRequest(JSON.parse(JSON.stringify(body)), seal);

        expect(normalise(back)).toEqual(normalise(withCustomResults(made)));
        expect(losses.list).toEqual([]);
      }),
    );
  });

  it.each<[string, Settings]>([
    ['top_k', { topK: 3 }],
    ['seed', { seed: 7 }],
    ['frequency_penalty', { frequencyPenalty: 1 }],
    ['presence_penalty', { presencePenalty: 1 }],
    ['logit_bias', { logitBias: { 1: 2 } }],
    ['stop', { stop: ['.'] }],
    ['n', { choices: 2 }],
    ['modalities', { modalities: ['text', 'audio'] }],
    ['reasoning_effort', { reasoning: { budget: 5000 } }],
  ])('reports %s, which Responses cannot say', (field, set) => {
    const losses = new Losses();
    const native = { dialect: 'openai-chat', fields: {} } as const;
    const asked = { model: 'm', turns: [], tools: { list: [] }, settings: set, native };
    openAiResponsesVendor.writeRequest({ ...asked, stream: false, streamUsage: false }, target, losses);

    expect(losses.list.map(loss => loss.field)).toEqual([field]);
  });
});

/** The result of a free-text tool is one, though chat's callers do not say so. */
function withCustomResults(made: GenerationRequest): GenerationRequest {
  const custom = new Set<string>();
  const turns = made.turns.map(({ role, parts }): Turn => ({
    role,
    parts: parts.map(part => {
      if (part.kind === 'tool-call' && part.custom) {
        custom.add(part.id);
      }
      const isCustom = part.kind === 'tool-result' && (part.custom ?? custom.has(part.callId));
      return isCustom ? { ...part, custom: true } : part;
    }),
  }));
  return { ...made, turns };
}

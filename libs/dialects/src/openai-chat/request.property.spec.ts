import { fc } from '../../../../test/support/properties.js';
import type { SignatureSeal, Target } from '../domain/dialect.js';
import { parseExact } from '../domain/exact-json.js';
import { Losses } from '../domain/losses.js';
import { openAiChatClient, openAiChatVendor } from './openai-chat.dialect.js';

const seal: SignatureSeal = { seal: () => '', open: () => null };
const target: Target = { vendor: 'openai', model: 'gpt-5', traits: {}, quirks: {} };

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
const base64 = fc.base64String({ minLength: 4, maxLength: 16 });
const url = fc.webUrl();
const schema = fc.constant({
  type: 'object',
  properties: { a: { type: 'string', maximum: 9 } },
  required: ['a'],
  additionalProperties: false,
});
/** Fields of a vendor or of tomorrow. */
const unknownFields = fc.dictionary(
  fc.stringMatching(/^new_[a-z]{1,8}$/),
  fc.oneof(text, fc.integer(), schema),
  {
    maxKeys: 2,
  },
);
const mark = fc.record(
  {
    prompt_cache_breakpoint: fc.record(
      { mode: fc.constant('explicit'), ttl: fc.constantFrom('30m', '12h') },
      { requiredKeys: ['mode'] },
    ),
    cache_control: fc.constant({ type: 'ephemeral', ttl: '5m' }),
  },
  { requiredKeys: [] },
);

/** Required and optional members, unknown ones besides. */
function object<T extends object>(
  required: { [K in keyof T]: fc.Arbitrary<T[K]> },
  optional: Record<string, fc.Arbitrary<unknown>> = {},
): fc.Arbitrary<object> {
  return fc
    .tuple(fc.record(required), fc.record(optional, { requiredKeys: [] }), unknownFields)
    .map(([must, may, unknown]) => ({ ...unknown, ...may, ...must }));
}

function markable(part: fc.Arbitrary<object>): fc.Arbitrary<object> {
  return fc.tuple(part, mark).map(([plain, marked]) => ({ ...plain, ...marked }));
}

const dataUrl = fc.tuple(
  fc.constantFrom('image/png', 'application/pdf', 'image/svg+xml;charset=utf-8'),
  base64,
);
const anyUrl = fc.oneof(
  url,
  dataUrl.map(([mime, data]) => `data:${mime};base64,${data}`),
);
const textPart = markable(object({ type: fc.constant('text'), text }));
const imagePart = markable(
  object({
    type: fc.constant('image_url'),
    image_url: object({ url: anyUrl }, { detail: fc.constantFrom('auto', 'low', 'high', 'original') }),
  }),
);
const audioPart = markable(
  object({
    type: fc.constant('input_audio'),
    input_audio: object({ data: base64, format: fc.constantFrom('wav', 'mp3', 'flac') }),
  }),
);
const filePart = markable(
  object({
    type: fc.constant('file'),
    file: fc.oneof(object({ file_id: text }), object({ file_data: anyUrl }, { filename: text })),
  }),
);
const videoPart = object({ type: fc.constant('video_url'), video_url: object({ url: anyUrl }) });
const unknownPart = object({ type: fc.constant('document_url'), document_url: url });
const refusalPart = fc.record({ type: fc.constant('refusal'), refusal: text });
const thinkingPart = object({
  type: fc.constant('thinking'),
  thinking: fc.array(fc.record({ type: fc.constant('text'), text })),
  closed: fc.boolean(),
});

function content(...parts: fc.Arbitrary<object>[]): fc.Arbitrary<unknown> {
  return fc.oneof(text, fc.array(fc.oneof(...parts), { minLength: 1, maxLength: 3 }));
}

const functionCall = object({
  id: text,
  type: fc.constant('function'),
  function: object({ name: text, arguments: fc.json() }),
});
const customCall = object({
  id: text,
  type: fc.constant('custom'),
  custom: object({ name: text, input: text }),
});
const assistant = object(
  { role: fc.constant('assistant') },
  {
    content: content(textPart, refusalPart, thinkingPart),
    name: text,
    refusal: text,
    reasoning: text,
    reasoning_content: fc.oneof(text, fc.constant('')),
    audio: fc.record({ id: text }),
    annotations: fc.constant([{ type: 'url_citation', url_citation: { url: 'https://a.example' } }]),
    prefix: fc.boolean(),
    tool_calls: fc.array(fc.oneof(functionCall, customCall), { minLength: 1, maxLength: 3 }),
    function_call: fc.record({ name: text, arguments: fc.json() }),
  },
);
const message = fc.oneof(
  object({ role: fc.constantFrom('system', 'developer'), content: content(textPart) }, { name: text }),
  object(
    {
      role: fc.constant('user'),
      content: content(textPart, imagePart, audioPart, filePart, videoPart, unknownPart),
    },
    { name: text },
  ),
  assistant,
  object({ role: fc.constant('tool'), tool_call_id: text, content: content(textPart) }, { name: text }),
  object({ role: fc.constant('function'), name: text, content: text }),
);

const named = object({ name: text }, { description: text, parameters: schema, strict: fc.boolean() });
const tool = fc.oneof(
  markable(object({ type: fc.constant('function'), function: named })),
  object({
    type: fc.constant('custom'),
    custom: object({ name: text }, { description: text, format: fc.constant({ type: 'text' }) }),
  }),
  object({ type: fc.constant('openrouter:web_search'), parameters: schema }),
);
const pick = fc.oneof(
  text.map(name => ({ type: 'function', function: { name } })),
  text.map(name => ({ type: 'custom', custom: { name } })),
);
const toolChoice = fc.oneof(
  fc.constantFrom('none', 'auto', 'required', 'any'),
  pick,
  fc.constant({ type: 'web_search' }),
  fc
    .tuple(
      fc.constantFrom('auto', 'required'),
      fc.array(pick),
      fc.array(fc.constant({ type: 'mcp', label: 'x' })),
    )
    .map(([mode, picks, hosted]) => ({
      type: 'allowed_tools',
      allowed_tools: { mode, tools: [...picks, ...hosted] },
    })),
);
const tools = fc.oneof(
  fc.record(
    {
      tools: fc.array(tool, { minLength: 1, maxLength: 3 }),
      tool_choice: toolChoice,
      parallel_tool_calls: fc.boolean(),
    },
    { requiredKeys: [] },
  ),
  fc.record(
    {
      functions: fc.array(object({ name: text }, { description: text, parameters: schema }), {
        minLength: 1,
      }),
      function_call: fc.oneof(fc.constantFrom('auto', 'none'), fc.record({ name: text })),
    },
    { requiredKeys: ['functions'] },
  ),
);
const format = fc.oneof(
  fc.constantFrom<object>({ type: 'text' }, { type: 'json_object' }, { type: 'grammar', grammar: 'x' }),
  object({
    type: fc.constant('json_schema'),
    json_schema: object({ name: text }, { description: text, schema, strict: fc.boolean() }),
  }),
);
const settings = fc.record(
  {
    temperature: fc.double({ min: 0, max: 2, noNaN: true }),
    top_p: fc.double({ min: 0, max: 1, noNaN: true }),
    top_k: fc.integer(),
    frequency_penalty: fc.integer({ min: -2, max: 2 }),
    presence_penalty: fc.integer({ min: -2, max: 2 }),
    logit_bias: fc.dictionary(fc.stringMatching(/^[0-9]{1,5}$/), fc.integer()),
    logprobs: fc.boolean(),
    top_logprobs: fc.nat(),
    n: fc.nat(),
    seed: fc.maxSafeInteger(),
    stop: fc.oneof(text, fc.array(text)),
    max_tokens: fc.nat(),
    max_completion_tokens: fc.nat(),
    reasoning_effort: text,
    reasoning: fc.oneof(
      fc.record({ effort: text, max_tokens: fc.nat(), summary: text }, { requiredKeys: [] }),
      fc.constant({ enabled: true, exclude: false }),
    ),
    verbosity: text,
    response_format: format,
    modalities: fc.array(fc.constantFrom('text', 'audio')),
    audio: fc.constant({ voice: 'alloy', format: 'wav' }),
    service_tier: text,
    user: text,
    safety_identifier: text,
    metadata: fc.dictionary(text, text),
    store: fc.boolean(),
    prompt_cache_key: text,
    prompt_cache_options: fc.constant({ mode: 'explicit', ttl: '30m' }),
    prompt_cache_retention: fc.constant('24h'),
    prediction: fc.constant({ type: 'content', content: 'x' }),
    web_search_options: fc.constant({ search_context_size: 'low' }),
    moderation: fc.constant({ model: 'omni-moderation-latest' }),
  },
  { requiredKeys: [] },
);
const streaming = fc.oneof(
  fc.constant({}),
  fc.record({
    stream: fc.constant(true),
    stream_options: fc.record(
      { include_usage: fc.boolean(), include_obfuscation: fc.boolean() },
      { requiredKeys: [] },
    ),
  }),
);
const body = fc
  .tuple(
    fc.record({ model: fc.constant('gpt-5'), messages: fc.array(message, { minLength: 1, maxLength: 5 }) }),
    tools,
    settings,
    streaming,
    unknownFields,
  )
  .map(parts => Object.assign({}, ...parts.toReversed()) as Body);

interface Body {
  readonly messages: readonly { readonly role: string; readonly content?: unknown }[];
  readonly stop?: string | readonly string[];
  readonly stream?: boolean;
  readonly stream_options?: object;
}

/** The only liberties of the writer: one plain text part is a string, a stop is a list, streams ask for usage. */
function normalise({ messages, stop, stream, stream_options, ...rest }: Body): object {
  return {
    ...rest,
    messages: messages.map(({ content, ...others }) => ({
      ...others,
      // An assistant that says nothing has null or an empty text.
      ...(Boolean(content) && {
        content: typeof content === 'string' ? [{ type: 'text', text: content }] : content,
      }),
    })),
    ...(stop !== undefined && { stop: [stop].flat() }),
    ...(stream && { stream, stream_options: { ...stream_options, include_usage: true } }),
  };
}

describe('a chat request, read and written', () => {
  it('loses nothing, whatever it says', () => {
    fc.assert(
      fc.property(body, wire => {
        const before = structuredClone(wire);
        const losses = new Losses();

        const request = openAiChatClient.readRequest(wire, seal);
        const written = openAiChatVendor.writeRequest(request, target, losses);

        expect(normalise(written as unknown as Body)).toEqual(normalise(before));
        expect(losses.list).toEqual([]);
        expect(wire).toEqual(before);
      }),
    );
  });

  it('keeps numbers that no double holds', () => {
    const text =
      '{"model":"gpt-5","messages":[{"role":"user","content":"x"}],"seed":18446744073709551615,' +
      '"tools":[{"type":"function","function":{"name":"f","parameters":{"maximum":9007199254740993123}}}],' +
      '"vendor_id":12345678901234567891}';

    const request = openAiChatClient.readRequest(parseExact(text), seal);
    const written = JSON.stringify(openAiChatVendor.writeRequest(request, target, new Losses()));

    expect(written).toContain('"seed":18446744073709551615');
    expect(written).toContain('"maximum":9007199254740993123');
    expect(written).toContain('"vendor_id":12345678901234567891');
  });
});

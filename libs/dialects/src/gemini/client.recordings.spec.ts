import { UpstreamError } from '@app/shared';
import { checkGeminiResponses, checkGeminiStream } from '../../../../test/support/gemini-stream-grammar.js';
import { readStream } from '../../../../test/support/read-stream.js';
import { type RecordedCall, recordings } from '../../../../test/support/recordings.js';
import { anthropicMessagesVendor } from '../anthropic-messages/vendor.js';
import type { GenerationRequest } from '../domain/conversation.js';
import type { Target, VendorDialect } from '../domain/dialect.js';
import { parseExact } from '../domain/exact-json.js';
import { Losses } from '../domain/losses.js';
import { openAiChatVendor } from '../openai-chat/openai-chat.dialect.js';
import { geminiClient } from './client.js';
import { meta, seal } from './fixtures/called.js';
import { geminiVendor } from './vendor.js';

type Json = Record<string, any>; // oxlint-disable-line typescript/no-explicit-any -- raw JSON of vendors and callers

const to = (vendor: string): Target => ({ vendor, model: 'some-model', traits: {}, quirks: {} });

function callsIn(folder: string, path: RegExp): (readonly [string, RecordedCall])[] {
  return recordings(folder).flatMap(([name, calls]) =>
    calls.flatMap((call, n) =>
      path.test(new URL(call.url).pathname) ? [[`${name} ${n}`, call] as const] : [],
    ),
  );
}

const generated = callsIn('gemini', /:(?:g|streamG)enerateContent$/);
/** One recorder kept bodies as text. */
const jsonOf = (value: unknown): Json => (typeof value === 'string' ? JSON.parse(value) : value) as Json;

/** Where the setting goes, by the names that bodies and losses of the others have for it. */
const SETTINGS: Readonly<Record<string, readonly string[]>> = {
  temperature: ['temperature'],
  topP: ['top_p'],
  maxOutputTokens: ['max_completion_tokens', 'max_tokens'],
  stopSequences: ['stop', 'stop_sequences'],
  responseMimeType: ['response_format', 'output_config'],
  responseJsonSchema: ['response_format', 'output_config'],
  responseLogprobs: ['logprobs'],
  logprobs: ['top_logprobs'],
  thinkingConfig: ['reasoning_effort', 'thinking', 'generationConfig.thinkingConfig'],
};
/** Bookkeeping, and what everybody does anyway. */
const SILENT = new Set(['labels', 'responseModalities']);

describe.each([
  ['openai', openAiChatVendor],
  ['anthropic', anthropicMessagesVendor],
])('recorded Gemini requests, written for %s', (vendor, dialect: VendorDialect) => {
  it.each(generated)('%s', (_name, { request }) => {
    const wire = jsonOf(request);
    const read = geminiClient.readRequest(parseExact(JSON.stringify(wire)), seal);
    const losses = new Losses();
    const written = JSON.parse(JSON.stringify(dialect.writeRequest(read, to(vendor), losses))) as Json;
    const lost = losses.list.map(({ field }) => field);
    const said = textsIn(written);
    // A text file may be sent as its text.
    const isSaid = (leaf: string) =>
      said.some(
        text => text.includes(leaf) || (text !== '' && text === Buffer.from(leaf, 'base64').toString()),
      );

    for (const part of partsOf(wire)) {
      const missing = leavesOf(part).filter(leaf => !isSaid(leaf));
      expect({ part, missing, lost }).toEqual({
        part,
        missing: lost.some(field => field.startsWith('messages.')) ? expect.anything() : [],
        lost,
      });
    }
    for (const declared of functionsOf(wire).filter(isAllowedBy(wire))) {
      expect(leavesOf(declared).filter(leaf => !isSaid(leaf))).toEqual([]);
    }
    const hosted = listOf(wire['tools']).some(tool =>
      Object.keys(tool).some(key => !/^function_?[dD]eclarations$/.test(key)),
    );
    expect(lost.includes('tools')).toBe(hosted);
    for (const [setting, names] of settingsOf(wire)) {
      expect({ setting, carried: names.some(name => name in written || lost.includes(name)) }).toEqual({
        setting,
        carried: true,
      });
    }
  });
});

const listOf = (value: unknown): Json[] => (Array.isArray(value) ? value : value ? [value] : []) as Json[];
const partsOf = (wire: Json) =>
  [wire['systemInstruction'], ...listOf(wire['contents'])].flatMap(content => listOf(content?.parts));
const functionsOf = (wire: Json) =>
  listOf(wire['tools']).flatMap(tool =>
    listOf(tool['functionDeclarations'] ?? tool['function_declarations']),
  );

/** Anthropic has no list of allowed functions: it is offered only those. */
function isAllowedBy(wire: Json): (declared: Json) => boolean {
  const allowed = wire['toolConfig']?.functionCallingConfig?.allowedFunctionNames as string[] | undefined;
  return ({ name }) => allowed?.includes(name as string) ?? true;
}

function settingsOf(wire: Json): [string, readonly string[]][] {
  const { contents, systemInstruction, tools, toolConfig, generationConfig, ...others } = wire;
  void [contents, systemInstruction, tools];
  const { includeThoughts, ...thinking } = (generationConfig?.thinkingConfig ?? {}) as Json;
  // Chat shows thoughts whenever there are some.
  const isPlain = includeThoughts !== undefined && Object.keys(thinking).length === 0;
  const { functionCallingConfig, ...config } = (toolConfig ?? {}) as Json;
  return [
    ...Object.keys(generationConfig ?? {}).map((key): [string, readonly string[]] => [
      key,
      SETTINGS[key] ?? [`generationConfig.${key}`],
    ]),
    ...Object.keys(config).map((key): [string, readonly string[]] => [key, [`toolConfig.${key}`]]),
    ...(functionCallingConfig
      ? [['functionCallingConfig', ['tool_choice', 'tools']] as [string, string[]]]
      : []),
    ...Object.keys(others).map((key): [string, readonly string[]] => [key, [key]]),
  ].filter(([key]) => !SILENT.has(key) && !(isPlain && key === 'thinkingConfig'));
}

/** Words of Google's that others have other words for, or need none. */
const UNSAID = new Set([
  'mimeType',
  'mime_type',
  'thoughtSignature',
  'thought_signature',
  'id',
  'type',
  'outcome',
  'language',
]);

/** The texts and numbers that a caller said, wherever they stand. */
function leavesOf(value: unknown, key = ''): string[] {
  if (typeof value === 'string') {
    return UNSAID.has(key) || value.trim() === '' ? [] : [value];
  }
  if (typeof value === 'number') {
    return [String(value)];
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([name, member]) =>
    leavesOf(member, Array.isArray(value) ? key : name),
  );
}

/** All texts of a body, also those inside JSON that stands in a text. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') {
    const isJson = /^\s*[{[]/.test(value);
    return isJson ? [value, ...textsOfJson(value)] : [value];
  }
  if (typeof value === 'number') {
    return [String(value)];
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function textsOfJson(text: string): string[] {
  try {
    return textsIn(JSON.parse(text));
  } catch {
    return [];
  }
}

const VENDORS: readonly [string, VendorDialect, RegExp, (chunk: Json) => string][] = [
  ['openai-chat', openAiChatVendor, /\/chat\/completions$/, textOfChat],
  ['anthropic-messages', anthropicMessagesVendor, /\/messages$/, textOfMessage],
  ['gemini', geminiVendor, /:(?:g|streamG)enerateContent$/, textOfGemini],
];

function textOfChat({ choices }: Json): string {
  return listOf(choices)
    .map(({ message, delta }) => message ?? delta)
    .map(said => {
      const content = said?.content;
      const text = Array.isArray(content)
        ? content.map(part => (part.type === 'text' ? part.text : '')).join('')
        : (content ?? '');
      return text + (said?.refusal ?? '');
    })
    .join('');
}

function textOfMessage(chunk: Json): string {
  const started = chunk['content_block']?.type === 'text' ? chunk['content_block'].text : '';
  const delta = chunk['delta']?.type === 'text_delta' ? chunk['delta'].text : '';
  const whole = chunk['type'] === 'message' ? chunk['content'] : [];
  return [
    started,
    delta,
    ...listOf(whole).map(block => (block['type'] === 'text' ? block['text'] : '')),
  ].join('');
}

function textOfGemini({ candidates }: Json): string {
  return listOf(candidates)
    .flatMap(({ content }) => listOf(content?.parts))
    .map(part => (part['thought'] ? '' : (part['text'] ?? '')))
    .join('');
}

describe.each(VENDORS)(
  'recorded answers of %s, written for callers of Gemini',
  (folder, dialect, path, textOf) => {
    const answered = callsIn(folder, path).filter(([, { status }]) => status === 200);
    const whole = answered.filter(([, { body }]) => typeof body !== 'string' || body.startsWith('{'));
    const streamed = answered.filter(call => !whole.includes(call));

    it.each(whole)('whole: %s', (_name, { body }) => {
      const answer = unlessFailed(() => dialect.readAnswer(jsonOf(body), to('google')));
      if (answer) {
        const wire = JSON.parse(
          JSON.stringify(geminiClient.writeAnswer(answer, { ...meta, llmhub: null })),
        ) as Json;
        checkGeminiResponses([wire]);
        expect(textOfGemini(wire)).toBe(textOf(jsonOf(body)));
      }
    });

    it.each(streamed)('streamed: %s', (_name, { body }) => {
      const raw = body as string;
      const whole = [Number.MAX_SAFE_INTEGER].values();
      const events = readStream(dialect.streamReader(to('google')), Buffer.from(raw), whole);
      const writer = geminiClient.streamWriter({} as GenerationRequest, meta);
      const sse = events.map(event => writer.write(event)).join('');

      checkGeminiStream(sse);
      if (events.at(-1)?.kind === 'end') {
        expect(dataOf(sse).map(textOfGemini).join('')).toBe(dataOf(raw).map(textOf).join(''));
      }
    });
  },
);

/** Some recorded answers are errors in disguise. */
function unlessFailed<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    expect(error).toBeInstanceOf(UpstreamError);
    return null;
  }
}

function dataOf(sse: string): Json[] {
  return sse
    .split(/\r?\n/)
    .filter(line => line.startsWith('data:') && !line.includes('[DONE]'))
    .map(line => JSON.parse(line.slice('data:'.length)) as Json);
}

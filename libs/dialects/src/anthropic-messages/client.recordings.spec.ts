import { type RecordedCall, recordings } from '../../../../test/support/recordings.js';
import { checkMessage, checkMessagesStream } from '../../../../test/support/messages-stream-grammar.js';
import { readStream } from '../../../../test/support/read-stream.js';
import type { StreamEvent } from '../domain/answer.js';
import type { GenerationRequest } from '../domain/conversation.js';
import type { AnswerMeta, SignatureSeal, Target, VendorDialect } from '../domain/dialect.js';
import { asWritten } from '../domain/field-names.js';
import { Losses } from '../domain/losses.js';
import type { Signature } from '../domain/part.js';
import { geminiVendor } from '../gemini/vendor.js';
import { openAiChatVendor } from '../openai-chat/openai-chat.dialect.js';
import { anthropicMessagesClient } from './client.js';
import { anthropicMessagesVendor } from './vendor.js';

type Wire = Readonly<Record<string, unknown>>;

const seal: SignatureSeal = {
  seal: signature => `gw1.${JSON.stringify(signature)}`,
  open: sealed => (sealed.startsWith('gw1.{') ? (JSON.parse(sealed.slice(4)) as Signature) : null),
};
const meta: AnswerMeta = { requestId: 'r1', model: 'asked', seal, llmhub: { cost: 1 } };

const callsOf = (folder: string) =>
  recordings(folder).flatMap(([name, calls]) =>
    calls.map((call, index) => ({ name: `${folder}/${name} #${index}`, call })),
  );
/** Recordings are absent on a stranger's machine, and `it.each` of nothing is an error. */
const each = <T>(list: readonly T[]) => (list.length > 0 ? it.each([...list]) : it.skip.each([null as T]));

const asked = callsOf('anthropic-messages').filter(({ call }) => call.request !== null);
const DIALECTS: readonly (readonly [string, VendorDialect])[] = [
  ['openai-chat', openAiChatVendor],
  ['anthropic-messages', anthropicMessagesVendor],
  ['gemini', geminiVendor],
];
const answered = DIALECTS.flatMap(([folder, vendor]) =>
  callsOf(folder)
    .filter(
      ({ call }) => call.status === 200 && /chat\/completions|\/messages(\?|$)|enerateContent/.test(call.url),
    )
    .map(recorded => ({ ...recorded, vendor })),
);

function targetOf(call: RecordedCall): Target {
  const { model = 'm' } = (call.request ?? {}) as { model?: string };
  return { vendor: call.vendor, model, traits: { sampling: true }, quirks: {} };
}

/** Every text that a request says, with the path of its member, positions left out. */
function* said(value: unknown, path = ''): Generator<readonly [path: string, text: string]> {
  if (typeof value === 'string') {
    yield [path, value];
  } else if (Array.isArray(value)) {
    for (const item of value) {
      yield* said(item, path);
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      yield* said(member, path === '' ? key : `${path}.${key}`);
    }
  }
}

/** Words of the format itself, which every dialect says in its own way, and proofs that only their issuer takes. */
const GRAMMAR = /(^|\.)(type|role|media_type|ttl|effort|model|display|signature)$/;
/** What is said to be lost of any image, document or recording. */
const OF_MEDIA = /^messages\.content\.(image|document|audio)$/;

/** Texts neither carried nor covered by a warning about them or what holds them. */
function lost(request: unknown, written: unknown, losses: Losses): string[] {
  const carried = JSON.stringify(written);
  return [...said(request)].flatMap(([path, text]) => {
    const isThere =
      text.trim() === '' ||
      carried.includes(JSON.stringify(text).slice(1, -1)) ||
      // Google gets a result that is a JSON object as one.
      (text.startsWith('{') && carried.includes(text));
    const isSaid = losses.list.some(
      ({ field }) =>
        path.startsWith(field) ||
        field.startsWith(path) ||
        (OF_MEDIA.test(field) && /(file_id|source\.\w+)$/.test(path)),
    );
    return isThere || isSaid || GRAMMAR.test(path) ? [] : [`${path}: ${text.slice(0, 80)}`];
  });
}

/** A string is one text block, messages of one role are one message, and members that say nothing are none. */
function normalise(request: unknown): unknown {
  const { messages, system, stream, ...rest } = request as Wire & { messages: readonly Wire[] };
  const joined: { role: unknown; content: unknown[] }[] = [];
  for (const { role, content } of messages) {
    const last = joined.at(-1);
    const blocks = blocksOf(content).map(cleaned);
    if (last?.role === role) {
      last?.content.push(...blocks);
    } else if (blocks.length > 0) {
      joined.push({ role, content: blocks });
    }
  }
  return {
    ...rest,
    messages: joined,
    ...(system !== undefined && { system: blocksOf(system).map(cleaned) }),
    ...(stream === true && { stream }),
  };
}

function blocksOf(content: unknown): unknown[] {
  const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : (content as Wire[]);
  return blocks.filter(
    block => (block as Wire)['type'] !== 'text' || (block as { text: string }).text.trim() !== '',
  );
}

function cleaned(block: unknown): unknown {
  const { is_error, content, ...rest } = block as Wire;
  return {
    ...rest,
    ...(is_error === true && { is_error }),
    ...(content !== undefined &&
      (rest['type'] === 'tool_result' ? { content: blocksOf(content).map(cleaned) } : { content })),
  };
}

describe('recorded requests for messages', () => {
  each(asked)('$name says the same to Anthropic', ({ call }) => {
    const losses = new Losses();
    const request = anthropicMessagesClient.readRequest(call.request, seal);
    const written = anthropicMessagesVendor.writeRequest(request, targetOf(call), losses);

    const { max_tokens: _limit, ...expected } = normalise(call.request) as Wire;
    const { max_tokens: _filled, ...actual } = normalise(written) as Wire;
    expect(losses.list.filter(({ action }) => action !== 'moved')).toEqual([]);
    if (losses.list.length === 0) {
      expect(actual).toEqual(expected);
    }
    expect(lost(call.request, written, losses)).toEqual([]);
  });

  describe.each([
    ['OpenAI', 'openai', openAiChatVendor],
    ['Google', 'google', geminiVendor],
  ] as const)('to %s', (_name, vendor, dialect) => {
    each(asked)('$name is carried, or said to be lost', ({ call }) => {
      const losses = new Losses(asWritten(anthropicMessagesClient.fieldNames, call.request));
      const request = anthropicMessagesClient.readRequest(call.request, seal);
      const target = { vendor, model: 'some-model', traits: {}, quirks: {} };

      const written = dialect.writeRequest(request, target, losses);

      expect(lost(call.request, written, losses)).toEqual([]);
      for (const field of Object.keys(call.request as Wire)) {
        const isSaid = losses.list.some(loss => loss.field.startsWith(field) || field.startsWith(loss.field));
        expect({ field, known: isSaid || CARRIED.has(field) }).toEqual({ field, known: true });
      }
    });
  });
});

/** Fields that both other dialects have. */
const CARRIED = new Set([
  'max_tokens',
  'messages',
  'model',
  'output_config',
  'stream',
  'system',
  'temperature',
  'thinking',
  'tool_choice',
  'tools',
  'top_k',
]);

describe('recorded answers, written as messages', () => {
  each(answered.filter(({ call }) => typeof call.body !== 'string'))('$name whole', ({ call, vendor }) => {
    const answer = vendor.readAnswer(call.body, targetOf(call));
    const message = JSON.parse(JSON.stringify(anthropicMessagesClient.writeAnswer(answer, meta))) as Wire;

    checkMessage(message);
    const parts = answer.choices[0]?.parts ?? [];
    const text = parts.map(part => (part.kind === 'text' ? part.text : '')).join('');
    const content = message['content'] as readonly Wire[];
    const refusals = parts.filter(part => part.kind === 'refusal');
    if (refusals.length === 0) {
      expect(content.map(block => (block['type'] === 'text' ? block['text'] : '')).join('')).toBe(text);
    }
    expect(
      content.filter(block => block['type'] === 'tool_use').map(({ name, input }) => [name, input]),
    ).toEqual(
      parts.flatMap(part =>
        part.kind === 'tool-call' ? [[part.name, JSON.parse(part.arguments || '{}') as unknown]] : [],
      ),
    );
  });

  each(answered.filter(({ call }) => typeof call.body === 'string'))('$name streamed', ({ call, vendor }) => {
    const target = targetOf(call);
    const events = vendorEvents(vendor, call.body as string, target);
    const sse = write(events);

    checkMessagesStream(sse);
    const back = readAll(anthropicMessagesVendor.streamReader(target), sse);
    for (const kind of ['text', 'reasoning'] as const) {
      expect(textOf(back, kind)).toBe(textOf(events, kind));
    }
    expect(callsOfStream(back)).toEqual(callsOfStream(events));
  });
});

function vendorEvents(vendor: VendorDialect, body: string, target: Target): StreamEvent[] {
  return readAll(vendor.streamReader(target), body);
}

function readAll(reader: ReturnType<VendorDialect['streamReader']>, body: string): StreamEvent[] {
  const sizes = (function* () {
    for (;;) {
      yield 1000;
    }
  })();
  return readStream(reader, Buffer.from(body), sizes);
}

function write(events: readonly StreamEvent[]): string {
  const writer = anthropicMessagesClient.streamWriter({} as GenerationRequest, {
    ...meta,
    llmhub: () => null,
  });
  return events.map(event => writer.write(event)).join('');
}

function textOf(events: readonly StreamEvent[], kind: 'text' | 'reasoning'): string {
  return events.map(event => (event.kind === kind ? event.text : '')).join('');
}

function callsOfStream(events: readonly StreamEvent[]): string[][] {
  const calls: string[][] = [];
  for (const event of events) {
    if (event.kind === 'tool-start') {
      calls[event.tool] = [event.name, ''];
    } else if (event.kind === 'tool-arguments') {
      (calls[event.tool] ?? [])[1] += event.delta;
    }
  }
  // No arguments at all are an empty object.
  return calls.map(([name = '', text = '']) => [name, text === '' ? '{}' : text]);
}

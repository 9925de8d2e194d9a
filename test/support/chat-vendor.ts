import { Losses, openAiChatClient, type StreamEvent } from '@app/dialects';
import { catalog, type Vendor, vendorUrl } from '@app/providers';
import { SseParser } from '@app/shared';
import { checkStreamGrammar } from './stream-grammar.js';

type Body = Readonly<Record<string, unknown>>;

/** What an answer says, whichever way it came. */
interface Said {
  readonly text?: string;
  readonly reasoning?: string;
  readonly calls?: readonly (readonly [name: string, args: string])[];
  readonly finish?: string;
  /** Input, of it from the cache, output, of it reasoning; what the vendor charged in USD. */
  readonly usage?: { input: number; cached?: number; output: number; reasoning?: number; cost?: number };
}

/** What is particular about one vendor of OpenAI's chat format. */
export interface ChatVendorFacts {
  /** Variables that hold its key. */
  readonly keys: readonly string[];
  /** Where a chat with the model `m` goes; by default what every compatible vendor has. */
  readonly url?: string;
  /** The header for the key `k`; a bearer token by default. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Members of a body as a caller of OpenAI's format says them, and what the vendor gets in their place. */
  readonly requests?: readonly {
    readonly says: Body;
    readonly gets: Body;
    /** Such as `dropped seed`. */
    readonly losses?: readonly string[];
  }[];
  /** Answers in the vendor's own shape: a body, or the text of an event stream. */
  readonly answers?: readonly { readonly sent: Body | string; readonly said: Said }[];
}

interface Read extends Omit<Said, 'usage'> {
  readonly usage: object | null;
}

const conversation = { messages: [{ role: 'user', content: 'Hi.' }] };
const noSeal = { seal: () => '', open: () => null };

/** A vendor of the catalog, from what its documentation promises to what the gateway makes of it. */
export function describeChatVendor(vendor: Vendor, facts: ChatVendorFacts): void {
  const target = { vendor: vendor.id, model: 'm', traits: {}, quirks: vendor.quirks };
  const url = facts.url ?? `${vendor.baseUrl}/chat/completions`;

  describe(`the vendor ${vendor.name}`, () => {
    it('is in the catalog, with an address, a key and a way to show it', () => {
      expect(catalog).toContain(vendor);
      expect(vendor.apiKeyEnv).toEqual(facts.keys);
      expect(vendorUrl(vendor.baseUrl, vendor.dialect.path('m', false), 'm')).toBe(url);
      expect(vendor.credentials('k')).toEqual(facts.headers ?? { authorization: 'Bearer k' });
    });

    it('gets a plain conversation as it was said', () => {
      expect(write(conversation)).toEqual({ body: { model: 'm', ...conversation }, losses: [] });
    });

    for (const { says, gets, losses = [] } of facts.requests ?? []) {
      it(`gets ${Object.keys(says).join(', ')} as it can take it`, () => {
        expect(write({ ...conversation, ...says })).toEqual({
          body: { model: 'm', ...conversation, ...gets },
          losses,
        });
      });
    }

    it.each([...(facts.answers ?? []), plainAnswer, plainStream])('is understood: %#', ({ sent, said }) => {
      expect(read(sent)).toEqual({
        text: '',
        reasoning: '',
        calls: [],
        finish: 'stop',
        usage: null,
        ...said,
      });
    });
  });

  function write(body: Body): { body: unknown; losses: string[] } {
    const losses = new Losses();
    const request = openAiChatClient.readRequest({ model: `${vendor.id}/m`, ...body }, noSeal);
    const written = vendor.dialect.writeRequest(request, target, losses);
    // What goes over the wire: members without a value are not there.
    return {
      body: JSON.parse(JSON.stringify(written)),
      losses: losses.list.map(({ action, field }) => `${action} ${field}`),
    };
  }

  function read(sent: Body | string): Read {
    return typeof sent === 'string' ? readStream(sent) : readWhole(sent);
  }

  function readWhole(sent: Body): Read {
    const { choices, usage } = vendor.dialect.readAnswer(sent, target);
    const parts = choices[0]?.parts ?? [];
    const textOf = (kind: 'text' | 'reasoning') =>
      parts.map(part => (part.kind === kind ? part.text : '')).join('');
    return {
      text: textOf('text'),
      reasoning: textOf('reasoning'),
      calls: parts.flatMap(part => (part.kind === 'tool-call' ? [[part.name, part.arguments] as const] : [])),
      finish: choices[0]?.finish.reason ?? '',
      usage: usage && usageOf(usage),
    };
  }

  function readStream(sent: string): Read {
    const events: StreamEvent[] = [];
    const reader = vendor.dialect.streamReader(target);
    const parser = new SseParser();
    for (const { data, type } of [...parser.push(Buffer.from(sent)), ...parser.end()]) {
      reader.read(data, type, events);
    }
    reader.end(events);
    checkStreamGrammar(events);
    const calls: [string, string][] = [];
    const said = { text: '', reasoning: '', finish: '', usage: null as object | null };
    for (const event of events) {
      if (event.kind === 'text' || event.kind === 'reasoning') {
        said[event.kind] += event.text;
      } else if (event.kind === 'tool-start') {
        calls[event.tool] = [event.name, ''];
      } else if (event.kind === 'tool-arguments') {
        (calls[event.tool] ?? ['', ''])[1] += event.delta;
      } else if (event.kind === 'finish') {
        said.finish = event.finish.reason;
      } else if (event.kind === 'usage') {
        said.usage = usageOf(event.usage);
      }
    }
    return { ...said, calls };
  }
}

function usageOf(usage: {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens?: number | undefined;
  readonly reasoningTokens?: number | undefined;
  readonly providerCostUsd?: number | undefined;
}): object {
  const { inputTokens: input, outputTokens: output } = usage;
  const { cacheReadTokens: cached, reasoningTokens: reasoning, providerCostUsd: cost } = usage;
  return { input, cached, output, reasoning, cost };
}

const message = (content: string) => ({ role: 'assistant', content });

const plainAnswer = {
  sent: {
    id: 'c-1',
    object: 'chat.completion',
    created: 1,
    model: 'm',
    choices: [{ index: 0, message: message('Hello.'), finish_reason: 'stop' }],
    usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
  },
  said: { text: 'Hello.', usage: { input: 7, output: 3 } },
};

const plainStream = {
  sent: sse(
    { id: 'c-1', choices: [{ index: 0, delta: message('Hel') }] },
    { id: 'c-1', choices: [{ index: 0, delta: { content: 'lo.' } }] },
    { id: 'c-1', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
    { id: 'c-1', choices: [], usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 } },
  ),
  said: plainAnswer.said,
};

/** An event stream of chunks, ended as OpenAI ends it. */
export function sse(...chunks: readonly object[]): string {
  return [...chunks.map(chunk => JSON.stringify(chunk)), '[DONE]'].map(data => `data: ${data}\n\n`).join('');
}

/** A whole answer of one choice. */
export function whole(said: object, finish: string, usage?: object): Body {
  return { id: 'c-1', choices: [{ index: 0, message: said, finish_reason: finish }], usage };
}

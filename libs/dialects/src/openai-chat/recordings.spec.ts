import { fc } from '../../../../test/support/properties.js';
import { UpstreamError, SseParser } from '@app/shared';
import { type RecordedCall, recordings } from '../../../../test/support/recordings.js';
import { checkStreamGrammar } from '../../../../test/support/stream-grammar.js';
import type { StreamEvent } from '../domain/answer.js';
import type { SignatureSeal, Target } from '../domain/dialect.js';
import { Losses } from '../domain/losses.js';
import type { Usage } from '../domain/usage.js';
import { openAiChatClient, openAiChatVendor } from './openai-chat.dialect.js';

/** What one choice said, counted from raw bytes or from what our readers gave. */
interface Said {
  text: string;
  reasoning: string;
  refusal: string;
  calls: [name: string, args: string][];
  finish: string | null;
}

interface WireCall {
  index?: number;
  function?: { name?: string; arguments?: string };
}

interface WireMessage {
  content?: string | { type: string; text?: string; thinking?: { text: string }[] }[] | null;
  reasoning?: string | null;
  reasoning_content?: string | null;
  refusal?: string | null;
  tool_calls?: WireCall[] | null;
}

interface WireBody {
  choices: { index: number; message?: WireMessage; delta?: WireMessage; finish_reason?: string | null }[];
  usage?: WireUsage | null;
  x_groq?: { usage?: WireUsage };
}

interface WireUsage {
  prompt_tokens: number;
  completion_tokens: number;
  cost?: number;
  num_cached_tokens?: number;
  cached_tokens?: number;
  prompt_cache_hit_tokens?: number;
  prompt_tokens_details?: { cached_tokens?: number; cache_write_tokens?: number } | null;
  completion_tokens_details?: { reasoning_tokens?: number } | null;
}

const seal: SignatureSeal = { seal: () => '', open: () => null };
const all = recordings('openai-chat').flatMap(([name, calls]) =>
  calls.map((call, index) => ({ name: `${name} #${index}`, call })),
);
const answers = all.filter(({ call }) => call.status === 200 && typeof call.body !== 'string');
const streams = all.filter(({ call }) => call.status === 200 && typeof call.body === 'string');
const failures = all.filter(({ call }) => call.status !== 200);
/** Recordings are absent on a stranger's machine, and `it.each` of nothing is an error. */
const each = <T>(list: readonly T[]) => (list.length > 0 ? it.each([...list]) : it.skip.each([null as T]));

function targetOf({ vendor, request }: RecordedCall): Target {
  return { vendor, model: (request as { model: string }).model, traits: {}, quirks: {} };
}

function nothingSaid(): Said {
  return { text: '', reasoning: '', refusal: '', calls: [], finish: null };
}

function addMessage(said: Said, message: WireMessage): void {
  const { content, reasoning_content, reasoning, refusal, tool_calls } = message;
  for (const piece of typeof content === 'string' ? [{ type: 'text', text: content }] : (content ?? [])) {
    said.text += piece.text ?? '';
    said.reasoning += ('thinking' in piece && piece.thinking?.map(({ text }) => text).join('')) || '';
  }
  said.reasoning += reasoning_content ?? reasoning ?? '';
  said.refusal += refusal ?? '';
  (tool_calls ?? []).forEach((call, position) => {
    const at = call.index ?? position;
    const known = (said.calls[at] ??= ['', '']);
    known[0] += call.function?.name ?? '';
    known[1] += call.function?.arguments ?? '';
  });
}

function countUsage(wire: WireUsage | null | undefined): object | null {
  if (!wire) {
    return null;
  }
  const { prompt_tokens_details: input, completion_tokens_details: output } = wire;
  return {
    input: wire.prompt_tokens,
    output: wire.completion_tokens,
    cacheRead:
      input?.cached_tokens ??
      wire.prompt_cache_hit_tokens ??
      wire.num_cached_tokens ??
      wire.cached_tokens ??
      null,
    cacheWrite: input?.cache_write_tokens ?? null,
    reasoning: output?.reasoning_tokens ?? null,
    cost: wire.cost ?? null,
  };
}

function usageRead(usage: Usage | null): object | null {
  return (
    usage && {
      input: usage.inputTokens,
      output: usage.outputTokens,
      cacheRead: usage.cacheReadTokens ?? null,
      cacheWrite: usage.cacheWriteTokens ?? null,
      reasoning: usage.reasoningTokens ?? null,
      cost: usage.providerCostUsd ?? null,
    }
  );
}

/** Null is absent, and a function needs no type: the equivalences of the reader. */
function normalise(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(normalise);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const entries = Object.entries(value).filter(([, member]) => member !== null);
  const plain = Object.fromEntries(entries.map(([key, member]) => [key, normalise(member)]));
  return 'function' in plain ? { type: 'function', ...plain } : plain;
}

/** A string is one text part, a stop is a list of one, and every stream is asked for usage. */
function normaliseRequest(request: unknown): unknown {
  const body = normalise(request) as Record<string, unknown> & { messages: Record<string, unknown>[] };
  const { stream, stream_options, stop, messages, tools, ...rest } = body;
  return {
    ...rest,
    ...(tools !== undefined && String(tools) !== '' && { tools }),
    messages: messages.map(({ content, ...message }) => ({
      ...message,
      // Without content, with an empty one or an empty list: all the same, and so are no tools and an empty list.
      ...(content !== undefined && String(content) !== '' && { content: partsOf(content) }),
    })),
    ...(stop !== undefined && { stop: [stop].flat() }),
    ...(stream === true && {
      stream,
      stream_options: { ...(stream_options as object), include_usage: true },
    }),
  };
}

function partsOf(content: unknown): unknown {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content;
}

function readStream(chunks: readonly Buffer[], target: Target): StreamEvent[] {
  const parser = new SseParser();
  const reader = openAiChatVendor.streamReader(target);
  const events: StreamEvent[] = [];
  const feed = (list: ReturnType<SseParser['push']>) => {
    list.forEach(({ data, type }) => reader.read(data, type, events));
  };
  chunks.forEach(chunk => feed(parser.push(chunk)));
  feed(parser.end());
  reader.end(events);
  return events;
}

function saidIn(events: readonly StreamEvent[]): Said {
  const said = nothingSaid();
  for (const event of events) {
    switch (event.kind) {
      case 'text':
      case 'reasoning':
      case 'refusal':
        said[event.kind] += event.text;
        break;
      case 'tool-start':
        said.calls[event.tool] = [event.name, ''];
        break;
      case 'tool-arguments':
        (said.calls[event.tool] ?? ['', ''])[1] += event.delta;
        break;
      case 'finish':
        said.finish = event.finish.native;
        break;
      default:
        break;
    }
  }
  return said;
}

function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

function countStream(body: string): { said: Said; usage: object | null; error: string | null } {
  const said = nothingSaid();
  let usage: WireUsage | null = null;
  let error: string | null = null;
  for (const line of body.split(/\r?\n/).filter(text => text.startsWith('data: {'))) {
    const chunk = JSON.parse(line.slice(6)) as WireBody & { error?: { message: string } };
    error ??= chunk.error?.message ?? null;
    usage = chunk.usage ?? chunk.x_groq?.usage ?? usage;
    for (const choice of chunk.choices ?? []) {
      addMessage(said, choice.delta ?? {});
      said.finish = choice.finish_reason ?? said.finish;
    }
  }
  return { said, usage: countUsage(usage), error };
}

describe('recorded chat traffic', () => {
  each(all)('reads the request of $name and writes it back', ({ call }) => {
    const request = openAiChatClient.readRequest(call.request, seal);
    const losses = new Losses();

    const written = openAiChatVendor.writeRequest(request, targetOf(call), losses);

    expect(normaliseRequest(written)).toEqual(normaliseRequest(call.request));
    expect(losses.list).toEqual([]);
  });

  each(answers)('reads the answer of $name', ({ call }) => {
    const body = call.body as WireBody;

    const answer = openAiChatVendor.readAnswer(body, targetOf(call));

    const expected = body.choices.map(({ message, finish_reason }) => {
      const said = nothingSaid();
      addMessage(said, message ?? {});
      return { ...said, finish: finish_reason ?? null };
    });
    const read = answer.choices.map(({ parts, finish }) => {
      const said = nothingSaid();
      for (const part of parts) {
        if (part.kind === 'tool-call') {
          said.calls.push([part.name, part.arguments]);
        } else if (part.kind === 'text' || part.kind === 'reasoning' || part.kind === 'refusal') {
          said[part.kind] += part.text;
        }
      }
      return { ...said, finish: finish.native };
    });
    expect(read).toEqual(expected);
    expect(usageRead(answer.usage)).toEqual(countUsage(body.usage));
    for (const { finish, parts } of answer.choices) {
      const called = parts.some(part => part.kind === 'tool-call');
      expect(finish.reason === 'tool-calls').toBe(called);
    }
  });

  each(streams)('reads the stream of $name however it is cut', ({ call }) => {
    const bytes = Buffer.from(call.body as string);
    const expected = countStream(call.body as string);

    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 8 }), sizes => {
        const events = readStream(cut(bytes, sizes), targetOf(call));

        checkStreamGrammar(events);
        expect(saidIn(events)).toEqual(expected.said);
        const last = events.at(-1);
        expect(last?.kind === 'error' ? last.message : null).toBe(expected.error);
        const usage = events.findLast(event => event.kind === 'usage');
        expect(usageRead(usage?.usage ?? null)).toEqual(expected.usage);
      }),
      { numRuns: 5 },
    );
  });

  each(failures)('reads the failure of $name', ({ call }) => {
    const { vendor, status, headers, body } = call;
    const sent = (body as { error: { message: string; code: unknown } }).error;

    const error = openAiChatVendor.readError({ vendor, status, headers, body: JSON.stringify(body) });

    expect(error).toBeInstanceOf(UpstreamError);
    expect(error.upstreamStatus).toBe(status);
    expect(error.status).toBe(status);
    expect(error.message).toContain(sent.message);
    expect(error.retryable).toBe(status === 429);
    if (typeof sent.code === 'string') {
      expect(error.code).toBe(sent.code);
    }
  });
});

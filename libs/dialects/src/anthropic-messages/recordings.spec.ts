import { fc } from '../../../../test/support/properties.js';
import { readStream } from '../../../../test/support/read-stream.js';
import { recordings } from '../../../../test/support/recordings.js';
import { checkStreamGrammar } from '../../../../test/support/stream-grammar.js';
import type { StreamEvent } from '../domain/answer.js';
import type { Part } from '../domain/part.js';
import { targetWith } from './fixtures/written.js';
import { anthropicMessagesVendor } from './vendor.js';

type Json = Record<string, any>; // oxlint-disable-line typescript/no-explicit-any -- raw vendor JSON

/** What an answer holds, by whichever way it was found out. */
interface Findings {
  text: string;
  reasoning: string;
  signatures: string[];
  calls: { id: string; name: string; input: unknown }[];
  natives: unknown[];
  citedUrls: string[];
  finish: string;
  usage: Record<string, unknown>;
}

const FINISH: Record<string, string> = { end_turn: 'stop', tool_use: 'tool-calls' };
const target = targetWith();

const calls = recordings('anthropic-messages').flatMap(([name, list]) =>
  list.map((call, n) => [`${name} ${n}`, call] as const),
);
const messages = calls.filter(([, { url }]) => new URL(url).pathname === '/v1/messages');
const counts = calls.filter(([, { url }]) => new URL(url).pathname === '/v1/messages/count_tokens');
const answered = messages.filter(([, { status }]) => status === 200);
const failed = messages.filter(([, { status }]) => status !== 200);
const whole = answered.filter(([, { body }]) => typeof body === 'object');
const streamed = answered.filter(([, { body }]) => typeof body === 'string');

describe('recorded calls', () => {
  it('are all covered: messages, and token counts, which are no answers', () => {
    expect(messages.length + counts.length).toBe(calls.length);
    expect(whole.length + streamed.length + failed.length).toBe(messages.length);
  });

  for (const [name, { status, headers, body }] of failed) {
    it(`with an error: ${name}`, () => {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const error = anthropicMessagesVendor.readError({ vendor: 'anthropic', status, headers, body: text });
      expect(error.upstreamStatus).toBe(status);
      expect(error.message).not.toBe('');
    });
  }

  for (const [name, { body }] of whole) {
    it(`whole: ${name}`, () => {
      const { choices, usage } = anthropicMessagesVendor.readAnswer(body, target);
      const parts = choices[0]?.parts ?? [];
      expect(fromParts(parts, choices[0]?.finish.reason, { ...usage })).toEqual(countWhole(body as Json));
    });
  }

  for (const [name, { body }] of streamed) {
    it(`streamed, cut anywhere: ${name}`, () => {
      const bytes = Buffer.from(body as string);
      const expected = countStream(body as string);
      fc.assert(
        fc.property(fc.infiniteStream(fc.nat(400).map(n => n + 1)), sizes => {
          const events = readStream(anthropicMessagesVendor.streamReader(target), bytes, sizes);
          checkStreamGrammar(events);
          expect(events.slice(-2).map(({ kind }) => kind)).toEqual(['finish', 'end']);
          expect(fromEvents(events)).toEqual(expected);
        }),
        { numRuns: 20 },
      );
    });
  }
});

function nothing(): Findings {
  return {
    text: '',
    reasoning: '',
    signatures: [],
    calls: [],
    natives: [],
    citedUrls: [],
    finish: '',
    usage: {},
  };
}

function fromParts(
  parts: readonly Part[],
  finish: string | undefined,
  usage: Record<string, unknown>,
): Findings {
  const found = { ...nothing(), finish: finish ?? '', usage };
  for (const part of parts) {
    if (part.kind === 'text') {
      found.text += part.text;
      found.citedUrls.push(...(part.citations ?? []).map(({ url }) => url ?? ''));
    } else if (part.kind === 'reasoning') {
      found.reasoning += part.text;
      found.signatures.push(...(part.signature ? [part.signature.payload] : []));
    } else if (part.kind === 'tool-call') {
      found.calls.push({ id: part.id, name: part.name, input: JSON.parse(part.arguments) });
    } else if (part.kind === 'native') {
      found.natives.push(part.value);
    }
  }
  return found;
}

function fromEvents(events: readonly StreamEvent[]): Findings {
  const found = nothing();
  const args: string[] = [];
  for (const event of events) {
    switch (event.kind) {
      case 'text':
        found.text += event.text;
        break;
      case 'reasoning':
        found.reasoning += event.text;
        break;
      case 'signature':
        found.signatures.push(event.signature.payload);
        break;
      case 'tool-start':
        found.calls.push({ id: event.id, name: event.name, input: undefined });
        args.push('');
        break;
      case 'tool-arguments':
        args[event.tool] += event.delta;
        break;
      case 'citation':
        found.citedUrls.push(event.citation.url ?? '');
        break;
      case 'native':
        found.natives.push(event.part.value);
        break;
      case 'finish':
        found.finish = event.finish.reason;
        break;
      case 'usage':
        found.usage = { ...event.usage };
        break;
    }
  }
  found.calls.forEach((call, n) => (call.input = JSON.parse(args[n] ?? '')));
  return found;
}

const OURS = ['text', 'thinking', 'redacted_thinking', 'tool_use'];

function countWhole({ content, stop_reason, usage }: Json): Findings {
  const blocks = content as Json[];
  const of = (type: string) => blocks.filter(block => block['type'] === type);
  return {
    text: of('text')
      .map(({ text }) => text)
      .join(''),
    reasoning: of('thinking')
      .map(({ thinking }) => thinking)
      .join(''),
    signatures: blocks.flatMap(({ signature, type, data }) =>
      signature ? [signature] : type === 'redacted_thinking' ? [data] : [],
    ),
    calls: of('tool_use').map(({ id, name, input }) => ({ id, name, input })),
    natives: blocks.filter(({ type }) => !OURS.includes(type)),
    citedUrls: blocks.flatMap(({ citations }) => (citations ?? []).map(({ url }: Json) => url)),
    finish: FINISH[stop_reason] ?? '',
    usage: countUsage(usage),
  };
}

function countStream(body: string): Findings {
  const events = body
    .split('\n')
    .filter(line => line.startsWith('data:'))
    .map(line => JSON.parse(line.slice(5)) as Json);
  const of = (type: string) => events.filter(event => event['type'] === type);
  const blocks = of('content_block_start').map(({ index, content_block }) => {
    const deltas = of('content_block_delta').filter(event => event['index'] === index);
    const join = (field: string) => deltas.map(({ delta }) => delta[field] ?? '').join('');
    const block = { ...content_block };
    if ('text' in block) {
      block.text += join('text');
      block.citations = deltas.flatMap(({ delta }) => delta.citation ?? []);
    }
    if ('thinking' in block) {
      block.thinking += join('thinking');
      block.signature = join('signature');
    }
    if ('input' in block && join('partial_json') !== '') {
      block.input = JSON.parse(join('partial_json'));
    }
    return block;
  });
  const [start] = of('message_start');
  const [last] = of('message_delta').slice(-1);
  return countWhole({
    content: blocks,
    stop_reason: last?.['delta'].stop_reason,
    usage: { ...start?.['message'].usage, ...last?.['usage'] },
  });
}

function countUsage(usage: Json): Record<string, unknown> {
  const server = usage['server_tool_use'];
  const advice = (usage['iterations'] ?? []).filter(({ type }: Json) => type !== 'message');
  return {
    inputTokens:
      usage['input_tokens'] + usage['cache_read_input_tokens'] + usage['cache_creation_input_tokens'],
    cacheReadTokens: usage['cache_read_input_tokens'],
    cacheWriteTokens: usage['cache_creation_input_tokens'],
    cacheWrite1hTokens: usage['cache_creation'].ephemeral_1h_input_tokens,
    outputTokens: usage['output_tokens'],
    serviceTier: usage['service_tier'],
    ...(usage['output_tokens_details'] && {
      reasoningTokens: usage['output_tokens_details'].thinking_tokens,
    }),
    ...(server && {
      serverToolRequests: (server.web_search_requests ?? 0) + (server.web_fetch_requests ?? 0),
    }),
    ...(advice.length > 0 && {
      extra: advice.map(({ model, input_tokens, output_tokens }: Json) => ({
        model,
        inputTokens: input_tokens,
        outputTokens: output_tokens,
      })),
    }),
  };
}

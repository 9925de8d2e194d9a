import { fc } from '../../../../test/support/properties.js';
import { UpstreamError } from '@app/shared';
import { readStream } from '../../../../test/support/read-stream.js';
import { type RecordedCall, recordings } from '../../../../test/support/recordings.js';
import { checkStreamGrammar } from '../../../../test/support/stream-grammar.js';
import { anthropicMessagesVendor } from '../anthropic-messages/vendor.js';
import type { StreamEvent } from '../domain/answer.js';
import type { SignatureSeal, Target, VendorDialect } from '../domain/dialect.js';
import { Losses } from '../domain/losses.js';
import type { Part } from '../domain/part.js';
import type { Usage } from '../domain/usage.js';
import { geminiVendor } from '../gemini/vendor.js';
import { openAiChatVendor } from '../openai-chat/openai-chat.dialect.js';
import { openAiResponsesClient, openAiResponsesVendor } from './openai-responses.dialect.js';

type Json = Record<string, any>; // oxlint-disable-line typescript/no-explicit-any -- raw vendor JSON

/** What an answer holds, by whichever way it was found out. */
interface Findings {
  text: string;
  refusal: string;
  reasoning: string;
  ciphers: string[];
  calls: { id: string; name: string; input: string }[];
  others: string[];
  finish: string | null;
  usage: object | null;
}

const seal: SignatureSeal = { seal: () => '', open: () => null };
const all = recordings('openai-responses')
  .flatMap(([name, calls]) => calls.map((call, index) => ({ name: `${name} #${index}`, call })))
  .filter(({ call }) => call.method === 'POST' && call.url.endsWith('/responses'));
const answered = all.filter(({ call }) => call.status === 200);
const answers = answered.filter(({ call }) => typeof call.body !== 'string' && isEnded(call.body as Json));
const streams = answered.filter(({ call }) => typeof call.body === 'string');
const failures = all.filter(({ call }) => call.status !== 200);
/** Recordings are absent on a stranger's machine, and `it.each` of nothing is an error. */
const each = <T>(list: readonly T[]) => (list.length > 0 ? it.each([...list]) : it.skip.each([null as T]));

/** Not only queued, to be fetched later. */
function isEnded({ status }: Json): boolean {
  return status === 'completed' || status === 'incomplete';
}

function targetOf({ vendor, request }: RecordedCall): Target {
  return { vendor, model: (request as Json)['model'], traits: {}, quirks: {} };
}

const joined = (list: readonly unknown[]) => list.map(text => text ?? '').join('');

function countWhole(body: Json): Findings {
  const items = body['output'] as Json[];
  const of = (...types: string[]) => items.filter(({ type }) => types.includes(type));
  const said = of('message').flatMap(({ content }) => content as Json[]);
  return {
    text: joined(said.map(({ text }) => text)),
    refusal: joined(said.map(({ refusal }) => refusal)),
    reasoning: joined(
      of('reasoning').map(({ summary, content }) =>
        summary.length > 0
          ? summary.map(({ text }: Json) => text).join('\n\n')
          : joined((content ?? []).map(({ text }: Json) => text)),
      ),
    ),
    ciphers: of('reasoning').flatMap(({ encrypted_content }) => encrypted_content ?? []),
    calls: of('function_call', 'custom_tool_call').map(({ call_id, name, arguments: args, input }) => ({
      id: call_id,
      name,
      input: args ?? input,
    })),
    others: items
      .filter(({ type }) => !['message', 'reasoning', 'function_call', 'custom_tool_call'].includes(type))
      .map(({ id }) => id),
    finish: body['incomplete_details']?.reason ?? body['status'],
    usage: countUsage(body['usage']),
  };
}

/** Deltas make the text, done events the items, the last event the rest. */
function countStream(body: string): Findings | null {
  const events = body
    .split(/\r?\n/)
    .filter(line => line.startsWith('data: {'))
    .map(line => JSON.parse(line.slice(6)) as Json);
  const of = (type: string) => events.filter(event => event['type'] === type);
  const deltas = (type: string) =>
    of(type)
      .map(({ delta }) => delta)
      .join('');
  const [ending] = [...of('response.completed'), ...of('response.incomplete')];
  const output = of('response.output_item.done').map(({ item }) => item);
  const text = deltas('response.output_text.delta');
  if (!ending) {
    return null;
  }
  const reasoning = deltas('response.reasoning_text.delta') + deltas('response.reasoning_summary_text.delta');
  return { ...countWhole({ ...ending['response'], output }), text, reasoning };
}

function countUsage(usage: Json | null | undefined): object | null {
  return usage
    ? {
        input: usage['input_tokens'],
        output: usage['output_tokens'],
        cacheRead: usage['input_tokens_details']?.cached_tokens ?? null,
        cacheWrite: usage['input_tokens_details']?.cache_write_tokens ?? null,
        reasoning: usage['output_tokens_details']?.reasoning_tokens ?? null,
      }
    : null;
}

function usageRead(usage: Usage | null | undefined): object | null {
  return usage
    ? {
        input: usage.inputTokens,
        output: usage.outputTokens,
        cacheRead: usage.cacheReadTokens ?? null,
        cacheWrite: usage.cacheWriteTokens ?? null,
        reasoning: usage.reasoningTokens ?? null,
      }
    : null;
}

function fromParts(parts: readonly Part[], finish: string | null, usage: object | null): Findings {
  const found: Findings = {
    text: '',
    refusal: '',
    reasoning: '',
    ciphers: [],
    calls: [],
    others: [],
    finish,
    usage,
  };
  for (const part of parts) {
    if (part.kind === 'text' || part.kind === 'refusal') {
      found[part.kind] += part.text;
    } else if (part.kind === 'reasoning') {
      found.reasoning += part.text;
      found.ciphers.push(...(part.signature ? [part.signature.payload] : []));
    } else if (part.kind === 'tool-call') {
      found.calls.push({ id: part.id, name: part.name, input: part.arguments });
    } else if (part.kind === 'native') {
      found.others.push((part.value as Json)['id']);
    }
  }
  return found;
}

function partsOf(events: readonly StreamEvent[]): Part[] {
  const parts: Part[] = [];
  const calls: { kind: 'tool-call'; id: string; name: string; arguments: string }[] = [];
  for (const event of events) {
    if (event.kind === 'text' || event.kind === 'refusal' || event.kind === 'reasoning') {
      parts.push({ kind: event.kind, text: event.text });
    } else if (event.kind === 'signature') {
      parts.push({ kind: 'reasoning', text: '', signature: event.signature });
    } else if (event.kind === 'tool-start') {
      calls.push({ kind: 'tool-call', id: event.id, name: event.name, arguments: '' });
    } else if (event.kind === 'tool-arguments') {
      (calls[event.tool] ?? { arguments: '' }).arguments += event.delta;
    } else if (event.kind === 'native') {
      parts.push(event.part);
    }
  }
  return [...parts, ...calls];
}

/** Every text that a recorded request holds, wherever it stands. */
function textsIn(request: Json): string[] {
  const { input, instructions } = request;
  const items: Json[] = typeof input === 'string' ? [{ content: input }] : input;
  const texts = items.flatMap(item => {
    const content = item['content'] ?? item['output'] ?? [];
    const parts = typeof content === 'string' ? [{ text: content }] : (content as Json[]);
    const said = item['type'] === 'reasoning' ? [] : parts.flatMap(({ text }) => text ?? []);
    return [...said, ...(item['type'] === 'function_call' ? [item['name']] : [])];
  });
  return [instructions, ...texts].filter((text): text is string => Boolean(text?.trim()));
}

/** Google gets a tool's JSON as an object, without the white space around its members. */
function compact(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}

/** Equal to any text that is in `whole`. */
function partOf(whole: string): { asymmetricMatch(other: unknown): boolean } {
  return { asymmetricMatch: other => typeof other === 'string' && whole.includes(other) };
}

const VENDORS: readonly (readonly [string, VendorDialect, Target])[] = [
  ['anthropic', anthropicMessagesVendor, { vendor: 'anthropic', model: 'claude-x', traits: {}, quirks: {} }],
  ['google', geminiVendor, { vendor: 'google', model: 'gemini-3-x', traits: {}, quirks: {} }],
  ['groq', openAiChatVendor, { vendor: 'groq', model: 'llama', traits: {}, quirks: {} }],
];

describe('recorded Responses traffic', () => {
  each(all)('reads the request of $name and writes it back', ({ call }) => {
    const losses = new Losses();
    const request = openAiResponsesClient.readRequest(call.request, seal);

    expect(openAiResponsesVendor.writeRequest(request, targetOf(call), losses)).toEqual(call.request);
    expect(losses.list).toEqual([]);
  });

  describe.each(VENDORS)('for %s', (_vendor, dialect, target) => {
    each(all)('the request of $name is carried or reported', ({ call }) => {
      const losses = new Losses();
      const request = openAiResponsesClient.readRequest(call.request, seal);
      const written = JSON.stringify(dialect.writeRequest(request, target, losses));
      const body = call.request as Json;
      const reported = new Set(losses.list.map(({ field }) => field));
      const tools = (body['tools'] ?? []) as Json[];

      for (const text of losses.refuses ? [] : textsIn(body)) {
        expect([JSON.stringify(text).slice(1, -1), compact(text)]).toContainEqual(partOf(written));
      }
      for (const { name } of tools.filter(({ type }) => type === 'function')) {
        expect(written).toContain(`"${name}"`);
      }
      expect(reported.has('tools')).toBe(tools.some(({ type }) => !['function', 'custom'].includes(type)));
      for (const field of [
        'previous_response_id',
        'conversation',
        'background',
        'context_management',
        'moderation',
      ]) {
        expect([field, reported.has(field)]).toEqual([field, Boolean(body[field])]);
      }
    });
  });

  each(answers)('reads the answer of $name', ({ call }) => {
    const answer = openAiResponsesVendor.readAnswer(call.body, targetOf(call));
    const [choice] = answer.choices;
    const expected = countWhole(call.body as Json);

    expect(fromParts(choice?.parts ?? [], choice?.finish.native ?? null, usageRead(answer.usage))).toEqual(
      expected,
    );
    expect(choice?.finish.reason === 'tool-calls').toBe(expected.calls.length > 0);
    expect(openAiResponsesVendor.readSummary(call.body, targetOf(call)).usage).toEqual(answer.usage);
  });

  each(streams)('reads the stream of $name however it is cut', ({ call }) => {
    const bytes = Buffer.from(call.body as string);
    const expected = countStream(call.body as string);

    fc.assert(
      fc.property(fc.infiniteStream(fc.nat(400).map(size => size + 1)), sizes => {
        const events = readStream(openAiResponsesVendor.streamReader(targetOf(call)), bytes, sizes);
        const finish = events.find(event => event.kind === 'finish');
        const usage = events.findLast(event => event.kind === 'usage');

        checkStreamGrammar(events);
        if (expected) {
          expect(fromParts(partsOf(events), finish?.finish.native ?? null, usageRead(usage?.usage))).toEqual(
            expected,
          );
        } else {
          expect(events.at(-1)?.kind).toBe('error');
        }
      }),
      { numRuns: 5 },
    );
  });

  each(failures)('reads the failure of $name', ({ call }) => {
    const { vendor, status, headers, body } = call;
    const { error: sent } = body as Json;
    const error = openAiResponsesVendor.readError({ vendor, status, headers, body: JSON.stringify(body) });

    expect(error).toBeInstanceOf(UpstreamError);
    expect(error).toMatchObject({ upstreamStatus: status, status, code: sent.code, param: sent.param });
    expect(error.message).toContain(sent.message);
  });
});

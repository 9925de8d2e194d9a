import {
  anthropicMessagesClient,
  anthropicMessagesVendor,
  openAiChatClient,
  openAiChatVendor,
  openAiResponsesClient,
  openAiResponsesVendor,
} from '@app/dialects';
import { eventsIn } from '@app/shared';
import { fc } from '../../../../test/support/properties.js';
import { PassThroughStream } from './pass-through.stream.js';

const chunk = (delta: object, finish: string | null = null): object => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'gpt-x',
  choices: [{ index: 0, delta, finish_reason: finish }],
  usage: null,
});
const USAGE = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 };
const TOLD = { usage: { ...USAGE, cost: 3e-7 }, x_llmhub: { cost: 3e-7 } };
const LAST = { ...chunk({}), choices: [], usage: USAGE };
const EVENTS = [
  chunk({ role: 'assistant', content: '' }),
  chunk({ content: 'say "usage":{ and [DONE] 🐎' }),
  chunk({ content: 'žluťoučký\u2028kůň' }),
  chunk({}, 'stop'),
];

function wire(events: readonly object[], eol = '\n', extra = ''): string {
  return [...events.map(event => `data: ${JSON.stringify(event)}`), 'data: [DONE]']
    .map(e => e + eol + eol + extra)
    .join('');
}

function open(showUsage: boolean): PassThroughStream {
  return new PassThroughStream({
    vendor: 'openai',
    token: openAiChatVendor.token,
    reader: openAiChatVendor.streamReader({ vendor: 'openai', model: 'gpt-x', traits: {}, quirks: {} }),
    passage: openAiChatClient.passage,
    body: { stream_options: { include_usage: showUsage } },
    annotate: usage => ({ cost: usage && usage.outputTokens / 1e7 }),
    estimate: outputTokens => ({ inputTokens: 1, outputTokens, estimated: true }),
  });
}

/** The caller's bytes when the vendor's come cut at these sizes. */
function carry(
  stream: PassThroughStream,
  text: string,
  sizes: readonly number[] = [text.length * 4],
): string {
  const bytes = Buffer.from(text);
  const out: Buffer[] = [];
  for (let at = 0, cut = 0; at < bytes.length && !stream.failure; cut++) {
    const size = sizes[cut % sizes.length] ?? 1;
    out.push(Buffer.from(stream.push(bytes.subarray(at, at + size))));
    at += size;
  }
  return Buffer.concat([...out, Buffer.from(stream.failure ? '' : stream.end())]).toString();
}

/** How many line ends stand between two events is nobody's business. */
const squeezed = (text: string): string => text.replaceAll(/[\r\n]+/g, '\n');

const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 });

describe('a stream passed through', () => {
  it('has not ended by a sentinel that is none of its dialect', () => {
    const target = { vendor: 'anthropic', model: 'claude-x', traits: {}, quirks: {} };
    const stream = new PassThroughStream({
      vendor: 'anthropic',
      token: openAiChatVendor.token,
      reader: anthropicMessagesVendor.streamReader(target),
      passage: anthropicMessagesClient.passage,
      body: {},
      annotate: () => null,
      estimate: () => null,
    });
    const message = { id: 'm', model: 'claude-x', content: [], usage: { input_tokens: 1, output_tokens: 1 } };
    carry(stream, `data: ${JSON.stringify({ type: 'message_start', message })}\n\ndata: [DONE]\n\n`);

    expect(stream.failure).toMatchObject({ status: 502 });
  });

  it('is estimated by its pieces where other events repeat them', () => {
    const stream = new PassThroughStream({
      vendor: 'openai',
      token: openAiChatVendor.token,
      reader: openAiResponsesVendor.streamReader({
        vendor: 'openai',
        model: 'gpt-x',
        traits: {},
        quirks: {},
      }),
      passage: openAiResponsesClient.passage,
      body: {},
      annotate: () => null,
      estimate: () => null,
    });
    const response = { id: 'resp_1', object: 'response', status: 'in_progress', model: 'gpt-x', output: [] };
    const delta = { type: 'response.output_text.delta', item_id: 'msg_1', output_index: 0, content_index: 0 };
    const text = 'one two three '.repeat(20);
    const events = [
      { type: 'response.created', response },
      ...['one ', 'two ', 'three'].map(piece => ({ ...delta, delta: piece })),
      { type: 'response.output_text.done', item_id: 'msg_1', output_index: 0, content_index: 0, text },
      { type: 'response.completed', response: { ...response, status: 'completed' } },
    ];
    carry(stream, events.map(event => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''));

    expect(stream).toMatchObject({ failure: null, facts: { outputTokens: 3, usage: null } });
  });

  it('comes out as it went in, however it is cut, without the usage nobody asked for', () => {
    fc.assert(
      fc.property(
        sizes,
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.constantFrom('', '\n', ': ping\n\n'),
        (cuts, eol, extra) => {
          const stream = open(false);

          expect(squeezed(carry(stream, wire([...EVENTS, LAST], eol, extra), cuts))).toBe(
            squeezed(wire(EVENTS, eol, extra).replace(/(?=data: \[DONE\])/, extra)),
          );
          expect(stream.facts).toMatchObject({
            upstreamId: 'chatcmpl-1',
            model: 'gpt-x',
            usage: { inputTokens: 7, outputTokens: 3 },
            finish: { reason: 'stop' },
          });
        },
      ),
    );
  });

  it('shows usage, annotated, to a caller that asked', () => {
    const out = carry(open(true), wire([...EVENTS, LAST]), [11]);

    expect(out).toBe(wire([...EVENTS, { ...LAST, ...TOLD }]));
  });

  it('adds the sentinel that a vendor leaves out', () => {
    const stream = open(false);

    expect(carry(stream, wire(EVENTS).replace('data: [DONE]\n\n', ''))).toBe(wire(EVENTS));
    expect(stream.failure).toBeNull();
  });

  it.each([
    ['an end without a finish', `data: ${JSON.stringify(EVENTS[1])}\n\n`],
    [
      'an error event',
      `data: ${JSON.stringify(EVENTS[1])}\n\ndata: {"error":{"message":"no"}}\n\ndata: [DONE]\n\n`,
    ],
    ['JSON cut in its middle', `data: ${JSON.stringify(EVENTS[1])}\n\ndata: {"id":"x","choi\n\n`],
  ])('takes %s for a failure', (_, text) => {
    const stream = open(false);

    expect(carry(stream, text)).not.toContain('[DONE]\n');
    expect(stream.failure).not.toBeNull();
  });

  it('holds an event of many megabytes and passes it on once', () => {
    const big = wire([chunk({ content: 'x'.repeat(5_000_000) }), chunk({}, 'stop')]);

    expect(carry(open(false), big, [65_536])).toBe(big);
  });

  it('hides usage that comes with the finish from those who did not ask, and annotates it for the others', () => {
    const last = { ...chunk({}, 'stop'), usage: USAGE };
    const hidden = open(false);

    expect(carry(hidden, wire([EVENTS[1] ?? {}, last]))).toBe(
      wire([EVENTS[1] ?? {}, { ...last, usage: null }]),
    );
    expect(hidden.facts.usage).toMatchObject({ inputTokens: 7, outputTokens: 3 });
    expect(carry(open(true), wire([EVENTS[1] ?? {}, last]))).toBe(
      wire([EVENTS[1] ?? {}, { ...last, ...TOLD }]),
    );
  });

  it.each(['"usage":', '"prompt_tokens"'])(
    'reads and writes events of several lines, parted at %s',
    where => {
      const parted = (text: string): string =>
        text.replaceAll(`,${where}`, `,\ndata: ${where}`).replaceAll(/"usage":\{/g, '"usage":\ndata: {');
      const seen = open(true);
      const hidden = open(false);
      const [data = ''] = eventsIn(carry(seen, parted(wire([...EVENTS, LAST]))))
        .map(event => event.data)
        .filter(text => text.includes('"prompt_tokens"'));

      expect(JSON.parse(data)).toEqual({ ...LAST, ...TOLD });
      expect(seen.facts.usage).toMatchObject({ inputTokens: 7, outputTokens: 3 });
      expect(carry(hidden, parted(wire([...EVENTS, LAST])))).toBe(parted(wire(EVENTS)));
      expect(hidden.facts.usage).toMatchObject({ inputTokens: 7, outputTokens: 3 });
    },
  );

  it('tells the cost once of a vendor that tells its usage in every chunk', () => {
    const said = { ...chunk({ content: 'Hi' }), usage: { ...USAGE, completion_tokens: 1 } };
    const last = { ...chunk({}, 'stop'), usage: USAGE };

    expect(carry(open(true), wire([said, last]))).toBe(wire([said, { ...last, ...TOLD }]));
  });

  it('reckons what was produced by its length where one event holds much', () => {
    const stream = open(false);
    carry(stream, wire([EVENTS[0] ?? {}, chunk({ content: 'word '.repeat(8000) }), chunk({}, 'stop')]));

    expect(stream.facts.outputTokens).toBeGreaterThan(9000);
    expect(stream.facts.outputTokens).toBeLessThan(11_000);
  });

  it('gives up on an event without an end', () => {
    const stream = open(false);
    const piece = Buffer.alloc(1024 * 1024, 'x');
    for (let sent = 0; sent < 100 && !stream.failure; sent++) {
      stream.push(piece);
    }

    expect(stream.failure).toMatchObject({ status: 502, code: 'malformed_stream' });
  });
});

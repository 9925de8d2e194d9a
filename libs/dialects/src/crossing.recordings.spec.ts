import { readStream } from '../../../test/support/read-stream.js';
import { type RecordedCall, recordings } from '../../../test/support/recordings.js';
import type { Answer, StreamEvent } from './domain/answer.js';
import { parseExact } from './domain/exact-json.js';
import { asWritten } from './domain/field-names.js';
import type { FinishReason } from './domain/finish-reason.js';
import { Losses } from './domain/losses.js';
import type { Usage } from './domain/usage.js';
import { isAccountedFor, leavesOf, Written } from './fixtures/accounting.js';
import { unlessFailed } from './fixtures/answers.js';
import { meta, plainRequest, seal, type Side, SIDES } from './fixtures/sides.js';

type Json = Record<string, unknown>;

const PATHS: Readonly<Record<string, RegExp>> = {
  'openai-chat': /\/chat\/completions$/,
  'openai-responses': /\/responses$/,
  'anthropic-messages': /\/messages$/,
  gemini: /:(?:g|streamG)enerateContent$/,
};
const RECORDED = SIDES.map(from => ({ name: from.name, from, calls: callsOf(from) })).filter(
  ({ calls }) => calls.length > 0,
);
const PAIRS = RECORDED.flatMap(({ from, calls }) =>
  SIDES.map(to => ({ names: `${from.name}, written for ${to.name}`, from, to, calls })),
);
/** Recordings are absent on a stranger's machine, and a table of nothing is an error. */
const describeEach = PAIRS.length > 0 ? describe.each(PAIRS) : describe.skip.each(PAIRS);

function callsOf({ name }: Side): (readonly [name: string, call: RecordedCall])[] {
  return recordings(name).flatMap(([file, calls]) =>
    calls.flatMap((call, n) =>
      call.method === 'POST' && PATHS[name]?.test(new URL(call.url).pathname)
        ? [[`${file} #${n}`, call] as const]
        : [],
    ),
  );
}

/** One recorder kept bodies as text. */
const jsonOf = (value: unknown): Json => (typeof value === 'string' ? JSON.parse(value) : value) as Json;
const isStream = (body: unknown): body is string => typeof body === 'string' && !body.startsWith('{');
/** Not one that was only queued, to be fetched later; one recorder wrote a status of its own. */
const isEnded = (body: unknown): boolean =>
  !isStream(body) && [undefined, 'completed', 'incomplete'].includes(jsonOf(body)['status'] as string);

describeEach('recorded requests of $names', ({ from, to, calls }) => {
  it('carry every field, or report it', () => {
    const unaccounted = calls.flatMap(([name, { request }]) => {
      const body = jsonOf(request);
      const losses = new Losses(asWritten(from.client.fieldNames, body));
      const read = from.client.readRequest(parseExact(JSON.stringify(body)), seal);
      const written = new Written(jsonOf(JSON.stringify(to.vendor.writeRequest(read, to.target, losses))));
      return [...leavesOf(body)]
        .filter(leaf => !losses.refuses && !isAccountedFor(leaf, written, losses.list))
        .map(({ path, value }) => `${name}: ${path} = ${JSON.stringify(value).slice(0, 80)}`);
    });

    expect(unaccounted).toEqual([]);
  });
});

/** Two dialects have fewer words than there are reasons. */
const AS_GOOD_AS: Partial<Record<FinishReason, FinishReason>> = { 'context-full': 'length', pause: 'stop' };
const finishOf = (reason: FinishReason | undefined) => (reason && AS_GOOD_AS[reason]) ?? reason;

/** A message of Anthropic always has numbers. */
function tokensOf(usage: Usage | null | undefined): object {
  const { inputTokens, cacheReadTokens = 0, outputTokens } = usage ?? NOTHING;
  return { inputTokens, cacheReadTokens, outputTokens };
}

/** A vendor counted more tokens from and to its cache than there were: no sum of Anthropic's can say so. */
function isSound(usage: Usage | null): boolean {
  const { inputTokens, cacheReadTokens = 0, cacheWriteTokens = 0 } = usage ?? NOTHING;
  return cacheReadTokens + cacheWriteTokens <= inputTokens;
}

const NOTHING: Usage = { inputTokens: 0, outputTokens: 0 };

describeEach('recorded answers of $names', ({ from, to, calls }) => {
  const answered = calls.filter(([, { status }]) => status === 200);

  it('keep to the grammar, their tokens and their reason to end', () => {
    for (const [name, { body }] of answered.filter(([, call]) => isEnded(call.body))) {
      const answer = unlessFailed(() => from.vendor.readAnswer(jsonOf(body), from.target));
      if (answer && isSound(answer.usage)) {
        const wire = jsonOf(JSON.stringify(to.client.writeAnswer(answer, meta)));
        const back = to.vendor.readAnswer(wire, to.target);

        to.checkAnswer(wire);
        expect([name, ...factsOf(back)]).toEqual([name, ...factsOf(answer)]);
      }
    }
  });

  it('do so in streams', () => {
    for (const [name, { body }] of answered.filter(([, call]) => isStream(call.body))) {
      const events = eventsIn(body as string, from);
      const writer = to.client.streamWriter(plainRequest, { ...meta, llmhub: () => null });
      const sse = events.map(event => writer.write(event)).join('');

      to.checkStream(sse);
      expect([name, ...streamFacts(eventsIn(sse, to))]).toEqual([name, ...streamFacts(events)]);
    }
  });
});

function factsOf({ choices, usage }: Answer): unknown[] {
  return [finishOf(choices[0]?.finish.reason), tokensOf(usage)];
}

function streamFacts(events: readonly StreamEvent[]): unknown[] {
  const finish = events.find(event => event.kind === 'finish');
  const usage = events.findLast(event => event.kind === 'usage');
  return [events.at(-1)?.kind, finishOf(finish?.finish.reason), tokensOf(usage?.usage)];
}

function eventsIn(sse: string, { vendor, target }: Side): StreamEvent[] {
  return readStream(vendor.streamReader(target), Buffer.from(sse), [Number.MAX_SAFE_INTEGER].values());
}

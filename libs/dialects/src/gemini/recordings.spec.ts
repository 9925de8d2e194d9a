import { fc } from '../../../../test/support/properties.js';
import { readStream } from '../../../../test/support/read-stream.js';
import { type RecordedCall, recordings } from '../../../../test/support/recordings.js';
import { checkStreamGrammar } from '../../../../test/support/stream-grammar.js';
import type { StreamEvent } from '../domain/answer.js';
import type { Part } from '../domain/part.js';
import { targetWith } from './fixtures/written.js';
import { geminiVendor } from './vendor.js';

type Json = Record<string, any>; // oxlint-disable-line typescript/no-explicit-any -- raw vendor JSON

/** What an answer holds, by whichever way it was found out. */
interface Findings {
  id: string;
  model: string;
  text: string;
  reasoning: string;
  /** Those that stand on a part which only Gemini knows are left out: they stay on it. */
  signatures: string[];
  calls: { name: string; args: unknown; id?: string }[];
  natives: unknown[];
  citedUrls: string[];
  logprobs: [token: string, logprob: number][];
  finish: string;
  usage: Record<string, unknown> | null;
}

const target = targetWith();
const calls = recordings('gemini').flatMap(([name, list]) =>
  list.map((call, n) => [`${name} ${n}`, call] as const),
);
const asking = (method: string) =>
  calls.filter(([, { url }]) => new URL(url).pathname.endsWith(`:${method}`));
const generated = asking('generateContent');
const streamed = asking('streamGenerateContent');
const failed = [...generated, ...streamed].filter(([, { status }]) => status !== 200);
const others = calls.filter(call => !generated.includes(call) && !streamed.includes(call));

describe('recorded calls', () => {
  it('skips by their URL those that are no answers', () => {
    const methods = others.map(([, { url }]) => new URL(url).pathname);
    expect(
      methods.filter(path => !/:countTokens$|\/files|\/interactions|\/cachedContents/.test(path)),
    ).toEqual([]);
  });

  for (const [name, { status, headers, body }] of failed) {
    it(`with an error: ${name}`, () => {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const error = geminiVendor.readError({ vendor: 'google', status, headers, body: text });
      expect(error.upstreamStatus).toBe(status);
      expect(error.message).not.toContain('no explanation');
    });
  }

  for (const [name, call] of generated.filter(([, { status }]) => status === 200)) {
    it(`whole: ${name}`, () => {
      const body = jsonOf(call);
      expect(fromAnswer(body)).toEqual(count([body]));
    });
  }

  for (const [name, { body }] of streamed.filter(([, { status }]) => status === 200)) {
    it(`streamed, cut anywhere: ${name}`, () => {
      const text = body as string;
      const chunks = text
        .split(/\r?\n/)
        .filter(line => line.startsWith('data:'))
        .map(line => JSON.parse(line.slice(5)) as Json);
      const expected = count(chunks);
      fc.assert(
        fc.property(fc.infiniteStream(fc.nat(400).map(n => n + 1)), sizes => {
          const events = readStream(geminiVendor.streamReader(target), Buffer.from(text), sizes);
          checkStreamGrammar(events);
          expect(events.at(-1)).toEqual({ kind: 'end' });
          expect(fromEvents(events)).toEqual(expected);
        }),
        { numRuns: 10 },
      );
    });
  }
});

/** One recorder kept a JSON body as text. */
function jsonOf({ body }: RecordedCall): Json {
  return (typeof body === 'string' ? JSON.parse(body) : body) as Json;
}

/** From the raw chunks alone; a whole answer is one chunk. */
function count(chunks: readonly Json[]): Findings {
  const candidates = chunks.flatMap(({ candidates: list }) => (list ?? []) as Json[]);
  const parts = candidates.flatMap(({ content }) => (content?.parts ?? []) as Json[]);
  const isOurs = (part: Json) => 'text' in part || 'functionCall' in part;
  const texts = (thought: boolean) =>
    parts
      .filter(part => Boolean(part['thought']) === thought)
      .map(({ text }) => text ?? '')
      .join('');
  const last = chunks.findLast(chunk => 'usageMetadata' in chunk)?.['usageMetadata'];
  const highest = Math.max(...chunks.map(({ usageMetadata }) => usageMetadata?.candidatesTokenCount ?? 0));
  return {
    id: chunks[0]?.['responseId'] ?? '',
    model: chunks[0]?.['modelVersion'] ?? '',
    text: texts(false),
    reasoning: texts(true),
    signatures: parts.filter(isOurs).flatMap(({ thoughtSignature }) => thoughtSignature ?? []),
    calls: parts.flatMap(({ functionCall }) => functionCall ?? []),
    natives: parts.filter(part => !isOurs(part)),
    citedUrls: candidates.flatMap(({ groundingMetadata }) => urlsOf(groundingMetadata ?? {})),
    logprobs: candidates.flatMap(({ logprobsResult }) =>
      (logprobsResult?.chosenCandidates ?? []).map((c: Json) => [c['token'], c['logProbability']]),
    ),
    finish: finishOf(chunks, candidates, parts),
    usage: usageOf(last, parts.some(part => !part['thought']) ? highest : 0),
  };
}

function urlsOf({ groundingChunks = [], groundingSupports = [] }: Json): string[] {
  const cited = groundingSupports.flatMap(({ groundingChunkIndices }: Json) => groundingChunkIndices);
  const rest = groundingChunks.keys().filter((n: number) => !cited.includes(n));
  return [...cited, ...rest].map((n: number) => groundingChunks[n]?.web?.uri ?? '');
}

function finishOf(chunks: readonly Json[], candidates: readonly Json[], parts: readonly Json[]): string {
  const [block] = chunks.flatMap(({ promptFeedback }) => promptFeedback?.blockReason ?? []);
  const reason = block ?? candidates.findLast(({ finishReason }) => finishReason)?.['finishReason'];
  if (parts.some(part => 'functionCall' in part)) {
    return 'tool-calls';
  }
  return { STOP: 'stop', MAX_TOKENS: 'length', MODEL_ARMOR: 'content-filter' }[reason as string] ?? '?';
}

/** Totals by another way than ours: what is not prompt is output. */
function usageOf(meta: Json | undefined, highest: number): Findings['usage'] {
  if (meta?.['totalTokenCount'] === undefined) {
    return null;
  }
  const prompted = (modality: string) =>
    (meta['promptTokensDetails'] as Json[] | undefined)?.find(entry => entry['modality'] === modality)?.[
      'tokenCount'
    ];
  const input = meta['promptTokenCount'] + (meta['toolUsePromptTokenCount'] ?? 0);
  return {
    inputTokens: input,
    outputTokens: meta['totalTokenCount'] - input + ('candidatesTokenCount' in meta ? 0 : highest),
    cacheReadTokens: meta['cachedContentTokenCount'],
    reasoningTokens: meta['thoughtsTokenCount'],
    audioInputTokens: prompted('AUDIO'),
    imageInputTokens: prompted('IMAGE'),
    toolUsePromptTokens: meta['toolUsePromptTokenCount'],
    serviceTier:
      { ON_DEMAND: 'standard', ON_DEMAND_FLEX: 'flex' }[meta['trafficType'] as string] ?? meta['serviceTier'],
  };
}

function fromAnswer(body: Json): Findings {
  const { id, model, choices, usage } = geminiVendor.readAnswer(body, target);
  expect(choices).toHaveLength(1);
  const parts = choices[0]?.parts ?? [];
  return {
    id,
    model,
    ...fromParts(parts, body),
    logprobs: (choices[0]?.logprobs?.content ?? []).map(entry => tokenOf(entry)),
    finish: choices[0]?.finish.reason ?? '',
    usage: usage && fieldsOf({ ...usage }),
  };
}

function fromParts(
  parts: readonly Part[],
  body: Json,
): Pick<Findings, 'text' | 'reasoning' | 'signatures' | 'calls' | 'natives' | 'citedUrls'> {
  const wire = ((body['candidates']?.[0]?.content?.parts ?? []) as Json[]).flatMap(
    p => p['functionCall'] ?? [],
  );
  return {
    text: parts.map(part => (part.kind === 'text' ? part.text : '')).join(''),
    reasoning: parts.map(part => (part.kind === 'reasoning' ? part.text : '')).join(''),
    signatures: parts.flatMap(part =>
      'signature' in part && part.signature ? [part.signature.payload] : [],
    ),
    calls: parts
      .filter(part => part.kind === 'tool-call')
      .map(({ id, name, arguments: args }, n) => callOf(id, name, args, 'id' in (wire[n] ?? {}))),
    natives: parts.flatMap(part => (part.kind === 'native' ? [part.value] : [])),
    citedUrls: parts.flatMap(part =>
      part.kind === 'text' ? (part.citations ?? []).map(({ url }) => url ?? '') : [],
    ),
  };
}

function callOf(id: string, name: string, args: string, given: boolean): Findings['calls'][number] {
  expect(id).not.toBe('');
  return { name, args: JSON.parse(args) as unknown, ...(given && { id }) };
}

function fromEvents(events: readonly StreamEvent[]): Findings {
  const of = <K extends StreamEvent['kind']>(kind: K) =>
    events.filter((event): event is Extract<StreamEvent, { kind: K }> => event.kind === kind);
  const [start] = of('start');
  const usage = of('usage').at(-1)?.usage;
  return {
    id: start?.id ?? '',
    model: start?.model ?? '',
    text: of('text')
      .map(({ text }) => text)
      .join(''),
    reasoning: of('reasoning')
      .map(({ text }) => text)
      .join(''),
    signatures: events.flatMap(event =>
      'signature' in event && event.signature ? [event.signature.payload] : [],
    ),
    calls: of('tool-start').map(({ id, name, tool }) => {
      const args = of('tool-arguments').filter(delta => delta.tool === tool);
      return callOf(id, name, args.map(({ delta }) => delta).join(''), false);
    }),
    natives: of('native').map(({ part }) => part.value),
    citedUrls: of('citation').map(({ citation }) => citation.url ?? ''),
    logprobs: of('text').flatMap(({ logprobs }) => (logprobs?.content ?? []).map(tokenOf)),
    finish: of('finish')[0]?.finish.reason ?? '',
    usage: usage ? fieldsOf({ ...usage }) : null,
  };
}

function tokenOf(entry: unknown): [string, number] {
  const { token, logprob } = entry as { token: string; logprob: number };
  return [token, logprob];
}

/** `estimated` has its own tests. */
function fieldsOf(usage: Record<string, unknown>): Record<string, unknown> {
  return { ...usage, estimated: undefined };
}

import {
  anthropicMessagesVendor,
  type GenerationRequest,
  Losses,
  parseExact,
  type Target,
} from '@app/dialects';
import { PriceBook } from '@app/providers';
import { Config, PROMPT_PASSES, RingKey, Secrets } from '@app/shared';
import { TestClock } from '../../../../../test/support/test-clock.js';
import { fc } from '../../../../../test/support/properties.js';
import { recordings } from '../../../../../test/support/recordings.js';
import { requests } from '../../../../dialects/src/fixtures/requests.js';
import { seal, SIDES } from '../../../../dialects/src/fixtures/sides.js';
import { hasCacheMarks } from './caller-marks.js';
import { saidIn, say, unmarked } from './fixtures.js';
import { placeMarks } from './place-marks.js';
import { PromptPasses } from './prompt-passes.service.js';
import { prefixesOf } from './prompt-prefixes.js';
import { leaveOutDuplicates } from './duplicate-context.js';
import { compactJson } from './json-whitespace.js';
import { rewriteTexts } from './said-texts.js';
import { orderTools } from './tool-order.js';

const target: Target = { vendor: 'anthropic', model: 'claude-sonnet-4-5', traits: {}, quirks: {} };
const PATHS: Readonly<Record<string, RegExp>> = {
  'openai-chat': /\/chat\/completions$/,
  'openai-responses': /\/responses$/,
  'anthropic-messages': /\/messages$/,
  gemini: /:(?:g|streamG)enerateContent$/,
};

const recorded = SIDES.flatMap(({ name, client }) =>
  recordings(name).flatMap(([file, calls]) =>
    calls
      .filter(({ method, url }) => method === 'POST' && PATHS[name]?.test(new URL(url).pathname))
      .map(({ request }, n) => {
        const text = typeof request === 'string' ? request : JSON.stringify(request);
        return [`${name}/${file} #${n}`, () => client.readRequest(parseExact(text), seal)] as const;
      }),
  ),
);

/** Every place that can be marked. */
function markedAll(request: GenerationRequest): GenerationRequest {
  const prefixes = prefixesOf(request, 'p');
  return prefixes
    ? placeMarks(
        request,
        [...prefixes.shared, ...prefixes.own].map(({ end }) => end),
      )
    : request;
}

function wireOf(request: GenerationRequest): string {
  const body = anthropicMessagesVendor.writeRequest(request, target, new Losses(name => name));
  return JSON.stringify(body, (name, value: unknown) => (name === 'cache_control' ? undefined : value));
}

function assertMarksOnly(request: GenerationRequest): void {
  const before = structuredClone(request);
  const marked = markedAll(request);
  expect(request).toEqual(before);
  expect(unmarked(marked)).toEqual(unmarked(request));
  expect(wireOf(marked)).toBe(wireOf(request));
  if (marked !== request) {
    expect(hasCacheMarks(marked)).toBe(true);
  }
}

function assertOrderOnly(request: GenerationRequest): void {
  const ordered = orderTools(request);
  expect(orderTools(ordered)).toBe(ordered);
  const { tools, native, ...rest } = ordered;
  expect(rest).toEqual({ ...request, tools: undefined, native: undefined });
  expect(native.fields).toBe(request.native.fields);
  expect(tools).toEqual({ ...request.tools, list: tools.list });
  expect(tools.list).toHaveLength(request.tools.list.length);
  // Not one of them is another object: names, descriptions and schemas are what they were.
  expect(new Set(tools.list)).toEqual(new Set(request.tools.list));
}

const CUTTING = { after: 0, dialect: 'anthropic-messages' };
const LOOSE = [
  '{ "a": [1.0,\n  {"b" : "x  y"}] }',
  'One. \n\n\n\nTwo.\n```\n 1 \n\n\n\n2\n```',
  'What was read. '.repeat(200),
];

/** The same request, but that users and tools say what there is something to leave out of. */
const loose = fc
  .tuple(requests.map(unmarked), fc.array(fc.constantFrom(...LOOSE), { minLength: 1, maxLength: 5 }))
  .map(([request, texts]) => {
    let at = 0;
    return rewriteTexts(request, 0, () => texts[at++ % texts.length] ?? '');
  });

/** What a text says: JSON, whatever blanks stand between its tokens. */
const meaningOf = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
};

function assertCutsOnly(request: GenerationRequest): void {
  const before = structuredClone(request);
  const compact = compactJson(request, CUTTING).request;
  const short = leaveOutDuplicates(compact, CUTTING).request;
  expect(request).toEqual(before);
  expect(saidIn(compact).map(meaningOf)).toEqual(saidIn(request).map(meaningOf));
  const seen = new Set<string>();
  saidIn(short).forEach((text, at) => {
    const said = saidIn(compact)[at] ?? '';
    expect(text === said || seen.has(said)).toBe(true);
    seen.add(said);
  });
  for (const cut of [compactJson, leaveOutDuplicates]) {
    expect(cut(short, CUTTING).request).toBe(short);
  }
  const { turns, native, ...rest } = short;
  expect(rest).toEqual({ ...request, turns: undefined, native: undefined });
  expect(native.fields).toBe(request.native.fields);
  expect(short.tools).toBe(request.tools);
  turns.forEach((turn, at) => {
    const isSaid = turn.role === 'user' || turn.role === 'tool';
    expect(isSaid || turn === request.turns[at]).toBe(true);
    expect({ ...turn, parts: turn.parts.map(({ kind }) => kind) }).toEqual({
      ...request.turns[at],
      parts: request.turns[at]?.parts.map(({ kind }) => kind),
    });
  });
}

describe('prompt passes', () => {
  it('put marks on any request, and change nothing else of it', () => {
    fc.assert(fc.property(requests.map(unmarked), assertMarksOnly));
  });

  it('find the marks of any caller', () => {
    fc.assert(
      fc.property(requests, request => {
        expect(hasCacheMarks(request)).toBe(JSON.stringify(request).includes('"cache":'));
      }),
    );
  });

  it('put the tools of any request in order, and change nothing else of it', () => {
    fc.assert(fc.property(requests, assertOrderOnly));
  });

  it('leave whitespace and what stands there already out of any request, and change nothing else of it', () => {
    fc.assert(fc.property(loose, assertCutsOnly));
  });

  it('change nothing of what they gave, all of them together', () => {
    const model = 'gpt-5';
    const keyed: Target = {
      vendor: 'openai',
      model,
      traits: {},
      quirks: { promptCacheKey: true, cacheControl: true },
    };
    const history = { unit: 'last', most: 2 } as const;
    const context = { projectId: 'p', passes: PROMPT_PASSES, target: keyed, dialect: 'openai-chat', history };
    const passes = new PromptPasses(
      new PriceBook(new Config()),
      new TestClock(),
      new Secrets([new RingKey(Buffer.alloc(32, 1))]),
    );
    fc.assert(
      fc.property(loose, request => {
        const long = { ...request, turns: [say('user', 'x'.repeat(6000)), ...request.turns] };
        const once = passes.apply(long, context).request;
        const twice = passes.apply(once, context);
        expect(twice.request).toBe(once);
        expect(twice.turnsLeftOut).toBeUndefined();
      }),
    );
  });

  const eachRecorded =
    recorded.length > 0 ? it.each(recorded) : it.skip.each([['none', () => null as never]]);
  eachRecorded('leave what is said in %s', (_, read) => {
    const request = read();
    assertMarksOnly(request);
    assertOrderOnly(request);
    assertCutsOnly(unmarked(request));
  });

  eachRecorded('write what is shorter in %s in the words of its dialect', (name, read) => {
    const side = SIDES.find(({ name: dialect }) => name.startsWith(dialect));
    const request = unmarked(read());
    const short = rewriteTexts(request, 0, ({ text, isFree }) => (isFree ? `${text} (changed)` : text));
    expect(short === request).toBe(saidIn(request).every(text => text === ''));
    if (short === request) {
      return;
    }
    const written = side?.vendor.writeRequest(short, { ...target, vendor: 'v' }, new Losses(word => word));
    const again = side?.client.readRequest(parseExact(JSON.stringify(written)), seal);
    expect(again && saidIn(again)).toEqual(saidIn(short));
  });
});

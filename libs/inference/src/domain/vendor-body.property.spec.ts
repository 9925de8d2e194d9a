import { type GenerationRequest, Losses } from '@app/dialects';
import { PromptPasses } from '@app/optimization';
import { catalog, PriceBook, type Vendor } from '@app/providers';
import type { Route } from '@app/routing';
import { Config, type PromptPass, RingKey, Secrets } from '@app/shared';
import { fc } from '../../../../test/support/properties.js';
import { recordings } from '../../../../test/support/recordings.js';
import { TestClock } from '../../../../test/support/test-clock.js';
import { requests } from '../../../dialects/src/fixtures/requests.js';
import { seal, type Side, SIDES } from '../../../dialects/src/fixtures/sides.js';
import { unmarked } from '../../../optimization/src/domain/passes/fixtures.js';
import { hasCacheMarks } from '../../../optimization/src/domain/passes/caller-marks.js';
import { rewriteTexts } from '../../../optimization/src/domain/passes/said-texts.js';
import { writeVendorBody } from './vendor-body.js';

type Body = Record<string, unknown>;

const passes = new PromptPasses(
  new PriceBook(new Config()),
  new TestClock(),
  new Secrets([new RingKey(Buffer.alloc(32, 1))]),
);
const LOOSE = ['{ "a": [1.0,\n  {"b" : "x  y"}] }', 'What was read. '.repeat(200), 'Well.'];
const CONVERSATION = { 'openai-responses': 'input', gemini: 'contents' } as const;
const conversationOf = ({ name }: Side): string =>
  CONVERSATION[name as keyof typeof CONVERSATION] ?? 'messages';

function routeOf({ vendor: dialect, target }: Side): Route {
  const vendor = catalog.find(known => known.id === target.vendor) as Vendor;
  return { id: `${vendor.id}/m`, vendor, dialect, target: { ...target, model: 'm' } };
}

const CUTS: readonly PromptPass[] = ['json_whitespace', 'duplicate_context'];

/** Each is of tens of kilobytes, written and read some times. */
const RUNS = { numRuns: 100 };

/** What the vendor gets for a body. */
function sent(side: Side, json: Body, wanted = CUTS): Body {
  const bytes = Buffer.from(JSON.stringify(json, null, 1));
  const route = routeOf(side);
  const { wire } = writeVendorBody(side.client, { bytes, json, model: 'm', stream: false }, route, {
    seal,
    strict: true,
    pass: (request, { target, dialect }, body) =>
      passes.apply(request, {
        projectId: 'p',
        passes: wanted,
        target,
        dialect: dialect.id,
        body,
      }),
  });
  return JSON.parse(wire.toString()) as Body;
}

/** So many texts are shorter; nothing else is different, nor in another order. */
function cutsIn(before: unknown, after: unknown): number {
  if (typeof before === 'string' && before !== after) {
    expect(after).toEqual(expect.any(String));
    expect((after as string).length).toBeLessThan(before.length);
    return 1;
  }
  if (typeof before !== 'object' || before === null) {
    expect(after).toBe(before);
    return 0;
  }
  expect(Object.keys(after as object)).toEqual(Object.keys(before));
  return Object.entries(before).reduce((sum, [key, value]) => sum + cutsIn(value, (after as Body)[key]), 0);
}

/** Long enough to be cut, and with enough to cut. */
function bodyOf(side: Side, request: GenerationRequest, texts: readonly string[]): Body {
  let at = 0;
  const loose = rewriteTexts(unmarked(request), 0, () => texts[at++ % texts.length] ?? '');
  const start = { role: 'user', parts: [{ kind: 'text', text: 'x'.repeat(24_000) }] } as const;
  const { body: _, ...native } = loose.native;
  const long = { ...loose, native, turns: [start, ...loose.turns] };
  const written = side.vendor.writeRequest(long, routeOf(side).target, new Losses(name => name));
  return { ...(JSON.parse(JSON.stringify(written)) as Body), model: 'm' };
}

function readOf(side: Side, body: Body): GenerationRequest | null {
  try {
    return side.client.readRequest(body, seal);
  } catch {
    return null; // some requests cannot be cut short anywhere
  }
}

describe.each(SIDES.map(side => [side.name, side] as const))('bytes of %s that are cut', (_, side) => {
  const texts = fc.array(fc.constantFrom(...LOOSE), { minLength: 1, maxLength: 5 });
  const member = conversationOf(side);

  it('are another in the texts that were cut, and in nothing else', () => {
    let cuts = 0;
    fc.assert(
      fc.property(requests, texts, (request, said) => {
        const body = bodyOf(side, request, said);
        cuts += cutsIn(sent(side, body, []), sent(side, body));
      }),
      RUNS,
    );
    expect(cuts).toBeGreaterThan(50);
  });

  it('begin in every call of a conversation as they began in the last one', () => {
    fc.assert(
      fc.property(requests, texts, fc.nat(6), (request, said, more) => {
        const body = bodyOf(side, request, said);
        const items = body[member] as unknown[];
        const sooner = { ...body, [member]: items.slice(0, more + 1) };
        fc.pre(readOf(side, sooner) !== null && readOf(side, body) !== null);
        const before = sent(side, sooner)[member] as unknown[];

        expect((sent(side, body)[member] as unknown[]).slice(0, before.length)).toEqual(before);
      }),
      RUNS,
    );
  });

  const recorded = recordings(side.name).flatMap(([file, calls]) =>
    calls
      .filter(({ request }) => typeof request === 'object' && request !== null && member in request)
      .map(({ request }, at) => [`${file} #${at}`, request as Body] as const),
  );
  const eachRecorded = recorded.length > 0 ? it.each(recorded) : it.skip.each([['none', {} as Body]]);
  eachRecorded('are so in %s, with something to cut behind it', (__, request) => {
    const [first, last] = ['x'.repeat(24_000), LOOSE[0]].map(text =>
      side.name === 'gemini' ? { role: 'user', parts: [{ text }] } : { role: 'user', content: text },
    );
    const items = Array.isArray(request[member]) ? (request[member] as unknown[]) : [];
    const body: Body = { ...request, model: 'm', [member]: [first, ...items, last] };
    const cuts = cutsIn(sent(side, body, []), sent(side, body));
    const read = readOf(side, body);
    const isEditing = read?.tools.list.some(tool =>
      /edit|shell|bash|computer|exec/i.test(tool.kind === 'hosted' ? tool.type : tool.name),
    );

    expect(cuts === 0).toBe(!read || hasCacheMarks(read) || isEditing === true);
  });
});

import { Caching, type Owner } from './support/caching.js';
import { VENDORS } from './support/messages.js';
import { usageOf } from './support/usage.js';

let caching: Caching;

beforeAll(async () => {
  caching = await Caching.start();
});
beforeEach(() => caching.gateway.simulator.reset());
afterAll(() => caching?.gateway.stop());

const TOOLS = [{ type: 'function', function: { name: 'look', parameters: { type: 'object' } } }];

const KINDS: readonly [keeps: string, directives: string, more: object][] = [
  ['tool_calls', '', { tools: TOOLS }],
  ['truncated', '[[sim:length]] [[sim:words 9]]', {}],
  ['refusals', '[[sim:refuse]]', {}],
  ['refusals', '[[sim:filter]]', {}],
];

describe.each(VENDORS)('an answer of %s that a project wants to be kept', (_vendor, model) => {
  const ways = KINDS.flatMap(([keeps, directives, more]) =>
    [false, true].map(stream => [keeps, directives, { ...more, stream }] as const),
  );

  it.each(ways)('comes again as it came: %s (%s %j)', async (keeps, directives, more) => {
    const owner = await caching.project({ cache: 'all', cacheKeeps: [keeps] });
    const body = { ...caching.question(directives, model), ...more };
    const first = await caching.ask(owner, body);
    const before = caching.calls;
    const second = await caching.ask(owner, body);

    expect([first.cache, second.cache]).toEqual(['miss', 'hit; age=0']);
    expect(caching.calls).toBe(before);
    expect(meaningOf(second.text)).toEqual(meaningOf(first.text));
    expect(JSON.stringify(meaningOf(second.text))).toContain(keeps === 'tool_calls' ? 'look' : 'finish');
  });

  it.each(KINDS)('is not kept by one that wants all else: %s (%s)', async (keeps, directives, more) => {
    const others = ['tool_calls', 'refusals', 'truncated', 'errors'].filter(other => other !== keeps);
    const owner = await caching.project({ cache: 'all', cacheKeeps: others });
    const body = { ...caching.question(directives, model), ...more };

    expect(await caching.told(owner, body, {}, {})).toEqual(['miss', 'miss']);
  });
});

describe('what a vendor says of a request that it never takes', () => {
  let owner: Owner;
  beforeAll(async () => {
    owner = await caching.project({ cache: 'all', cacheKeeps: ['errors'] });
  });

  it.each([
    ['status=400', 400],
    ['status=413', 413],
    ['status=422', 422],
    ['context', 400],
  ])('is told again for a minute, for nothing: %s', async (fault, status) => {
    const body = caching.question(`[[sim:fault ${fault}]]`);
    const first = await caching.ask(owner, body);
    const before = caching.calls;
    caching.pass(58_000);
    const second = await caching.ask(owner, body);

    expect([first.status, second.status]).toEqual([status, status]);
    expect([first.cache, second.cache]).toEqual([null, 'hit; age=58']);
    expect(JSON.parse(second.text)).toEqual(JSON.parse(first.text));
    expect(caching.calls).toBe(before);
    await expect(usageOf(caching.gateway, second.headers.get('x-request-id'))).resolves.toMatchObject({
      outcome: 'failed',
      status,
      cached: true,
      attempts: 0,
      costNanoUsd: 0,
    });
    caching.pass(3000);
    await caching.ask(owner, body);
    expect(caching.calls).toBe(before + 1);
  });

  it.each([401, 402, 403, 404, 408, 409, 429, 500, 503, 529])(
    'is not kept when it may be otherwise the next time: %i',
    async status => {
      const body = caching.question(`[[sim:fault status=${status},times=9]]`);
      await caching.ask(owner, body);
      const before = caching.calls;
      const { cache } = await caching.ask(owner, body);

      expect(cache).toBeNull();
      expect(caching.calls).toBeGreaterThan(before);
    },
  );

  it('is nobody’s where the project did not ask for it, nor where another vendor might have taken it', async () => {
    const plain = await caching.project({ cache: 'all', cacheKeeps: ['tool_calls'] });
    const body = caching.question('[[sim:fault status=400]]');
    const targets = [{ model: 'openai/gpt-4.1' }, { model: 'anthropic/claude-sonnet-5' }];
    await caching.create(`/admin/projects/${owner.id}/routing-policies`, { name: 'two', targets });
    const two = { ...body, model: 'two' };
    for (const [who, what] of [
      [plain, body],
      [owner, two],
    ] as const) {
      await caching.ask(who, what);
      const before = caching.calls;
      expect(await caching.ask(who, what)).toMatchObject({ status: 400, cache: null });
      expect(caching.calls).toBeGreaterThan(before);
    }
  });

  it('is not for whoever may not use the model any more', async () => {
    const project = await caching.project({ cache: 'all', cacheKeeps: ['errors'] });
    const body = caching.question('[[sim:fault status=400]]');
    await caching.ask(project, body);
    await caching.change(`/admin/projects/${project.id}`, { allowedVendors: ['anthropic'] });

    expect((await caching.ask(project, body)).status).toBe(403);
  });
});

interface Said {
  readonly content?: string | null;
  readonly refusal?: string | null;
  readonly tool_calls?: readonly {
    readonly function: { readonly name?: string; readonly arguments?: string };
  }[];
}

/** What an answer says, streamed or not, and how it ends. */
function meaningOf(text: string): object {
  const bodies = text.startsWith('{')
    ? [text]
    : text.split('\n').flatMap(line => (line.startsWith('data: {') ? line.slice('data: '.length) : []));
  const choices = bodies.flatMap(body => (JSON.parse(body) as Body).choices);
  const said = choices.map(({ message, delta }) => message ?? delta ?? {});
  const calls = said.flatMap(({ tool_calls: list }) => list ?? []).map(call => call.function);
  return {
    text: said.map(({ content }) => content ?? '').join(''),
    refusal: said.map(({ refusal }) => refusal ?? '').join(''),
    calls: calls.flatMap(({ name }) => name ?? []),
    arguments: calls.map(call => call.arguments ?? '').join(''),
    finish: choices.flatMap(({ finish_reason: reason }) => reason ?? []),
  };
}

interface Body {
  readonly choices: readonly {
    readonly message?: Said;
    readonly delta?: Said;
    readonly finish_reason: string | null;
  }[];
}

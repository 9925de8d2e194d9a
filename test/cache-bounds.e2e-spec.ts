import { Caching, type Owner } from './support/caching.js';
import { VENDORS } from './support/messages.js';

const LIMIT_BYTES = 100_000;

let caching: Caching;

beforeAll(async () => {
  caching = await Caching.start({ AI_GATEWAY_CACHE_ENTRY_BYTES: String(LIMIT_BYTES) });
});
beforeEach(() => caching.gateway.simulator.reset());
afterAll(() => caching?.gateway.stop());

describe('who is answered by what was kept', () => {
  it('is nobody of another project', async () => {
    const [one, two] = [await caching.project(), await caching.project()];
    const body = caching.question();
    await caching.ask(one, body);

    expect((await caching.ask(two, body)).cache).toBe('miss');
    expect((await caching.ask(one, body)).cache).toBe('hit; age=0');
  });

  it('is every key of the project, or only the one that asked', async () => {
    const project = await caching.project();
    const { key } = await caching.key(project.id);
    const body = caching.question();
    await caching.ask(project, body);
    expect((await caching.ask({ apiKey: key }, body)).cache).toBe('hit; age=0');

    await caching.change(`/admin/projects/${project.id}`, { cacheScope: 'key' });
    await caching.ask(project, body);
    expect((await caching.ask({ apiKey: key }, body)).cache).toBe('miss');
    expect((await caching.ask(project, body)).cache).toBe('hit; age=0');
  });

  it('is no key that may not use the model, whoever asked before, and whatever it might do then', async () => {
    const project = await caching.project();
    const body = caching.question();
    await caching.ask(project, body);
    const narrow = await caching.key(project.id, { allowedModels: ['anthropic/*'] });
    const changed = await caching.key(project.id, { allowedModels: ['openai/*', 'anthropic/*'] });
    expect((await caching.ask({ apiKey: narrow.key }, body)).status).toBe(403);
    expect((await caching.ask({ apiKey: changed.key }, body)).cache).toBe('miss');
    expect((await caching.ask({ apiKey: changed.key }, body)).cache).toBe('hit; age=0');

    const at = `/admin/projects/${project.id}`;
    await caching.change(`${at}/api-keys/${changed.id}`, { allowedModels: ['anthropic/*'] });
    expect((await caching.ask({ apiKey: changed.key }, body)).status).toBe(403);
    await caching.change(at, { allowedVendors: ['anthropic'] });
    expect((await caching.ask(project, body)).status).toBe(403);
  });
});

describe.each(VENDORS)('an answer of %s that is not kept', (_vendor, model) => {
  const tools = [{ type: 'function', function: { name: 'look', parameters: { type: 'object' } } }];
  const cases: [string, string, object?][] = [
    ['calls a tool', '', { tools }],
    ['was cut short', '[[sim:length]] [[sim:words 9]]'],
    ['refuses', '[[sim:refuse]]'],
    ['is filtered', '[[sim:filter]]'],
    ['tells no usage', '[[sim:fault no-usage]]'],
    ['is too long', `[[sim:blob ${LIMIT_BYTES}]]`],
    ['cites the web', '[[sim:citations]]'],
  ];
  const ways = cases.flatMap(([why, directives, more = {}]) =>
    [false, true].map(stream => [why, directives, { ...more, stream }] as const),
  );

  let owner: Owner;
  beforeAll(async () => {
    owner = await caching.project();
  });

  it.each(ways)('because it %s (%s %j)', async (_why, directives, more) => {
    const body = { ...caching.question(directives, model), ...more };
    const before = caching.calls;

    expect(await caching.ask(owner, body)).toMatchObject({ status: 200, cache: 'miss' });
    expect(await caching.ask(owner, body)).toMatchObject({ status: 200, cache: 'miss' });
    expect(caching.calls).toBe(before + 2);
  });

  it.each([
    ['status=500', false],
    ['status=500', true],
    ['html=200', false],
    ['html=200', true],
    ['cut=100', false],
    ['error-event=3', true],
    ['end-early', true],
    ['cut=3000', true],
  ])('because it is a failure, though the next may be none (%s, stream: %s)', async (fault, stream) => {
    const prompt = `[[sim:words 100]] [[sim:fault ${fault},times=1]]`;
    const body = { ...caching.question(prompt, model), stream };
    const failed = await caching.ask(owner, body);
    const good = await caching.ask(owner, body);

    expect(failed.status === 200 && failed.text.includes('[DONE]')).toBe(false);
    expect(good).toMatchObject({ status: 200, cache: 'miss' });
    expect((await caching.ask(owner, body)).cache).toBe('hit; age=0');
  });

  it('because its caller left', async () => {
    const prompt = '[[sim:words 300]] [[sim:fault pace=10,times=1]]';
    const body = { ...caching.question(prompt, model), stream: true };
    const leaving = new AbortController();
    const headers = { authorization: `Bearer ${owner.apiKey}` };
    const response = await caching.gateway.chat(body, { headers, signal: leaving.signal });
    const reader = response.body?.getReader();
    await reader?.read();
    leaving.abort();
    await reader?.read().catch(() => null);
    await caching.gateway.simulator.untilAborted(1);

    expect((await caching.ask(owner, body)).cache).toBe('miss');
  });
});

describe('an answer that is nearly too long', () => {
  it('is kept', async () => {
    const owner = await caching.project();
    const body = caching.question(`[[sim:blob ${LIMIT_BYTES - 2000}]]`);

    expect(await caching.told(owner, body, {}, {})).toEqual(['miss', 'hit; age=0']);
  });
});

describe('a request that the cache is not for', () => {
  const messages = [{ role: 'user', content: 'the same' }];
  const picture = { type: 'image_url', image_url: { url: 'https://example.com/a.png' } };
  const search = [{ type: 'web_search' }];
  const requests: [string, string, object][] = [
    ['keeps its answer at the vendor', '/v1/chat/completions', { messages, store: true }],
    [
      'shows what stands at an address',
      '/v1/chat/completions',
      { messages: [{ role: 'user', content: [picture] }] },
    ],
    ['has the web searched', '/v1/chat/completions', { messages, web_search_options: {} }],
    [
      'names a file of the vendor',
      '/v1/chat/completions',
      { messages: [{ role: 'user', content: [{ type: 'file', file: { file_id: 'file-1' } }] }] },
    ],
    ['is a response that is kept', '/v1/responses', { input: 'the same' }],
    ['has the web searched, too', '/v1/responses', { input: 'x', store: false, tools: search }],
  ];

  it.each(requests)('%s', async (_what, path, more) => {
    const { apiKey } = await caching.project();
    const ask = (wish: object): Promise<Response> =>
      caching.gateway.call(path, {
        method: 'POST',
        headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', ...wish },
        body: JSON.stringify({ model: 'openai/gpt-4.1-mini', ...more }),
      });
    for (const told of [await ask({}), await ask({})]) {
      expect([told.status, told.headers.get('x-llmhub-cache')]).toEqual([200, 'bypass']);
    }
    expect((await ask({ 'x-llmhub-cache': 'only' })).status).toBe(504);
  });

  it.each([
    ['says two things under one name', '"messages":[{"role":"user","content":"one"}],'],
    ['does so further in', '"metadata":{"a":"1","\\u0061":"2"},'],
  ])('%s', async (_what, member) => {
    const { apiKey } = await caching.project();
    const body = JSON.stringify({ model: 'openai/gpt-4.1-mini', messages });
    const ask = async (bytes: string): Promise<string | null> => {
      const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
      const asked = { method: 'POST', headers, body: bytes };
      return (await caching.gateway.call('/v1/chat/completions', asked)).headers.get('x-llmhub-cache');
    };
    const doubled = `{${member}${body.slice(1)}`;

    expect([await ask(doubled), await ask(doubled)]).toEqual(['bypass', 'bypass']);
    expect([await ask(body), await ask(body)]).toEqual(['miss', 'hit; age=0']);
  });

  it('leaves the choice to chance, where only others are kept', async () => {
    const owner = await caching.project({ cache: 'deterministic' });
    const body = caching.question();

    expect(await caching.told(owner, body, {}, {})).toEqual(['bypass', 'bypass']);
    for (const more of [{ temperature: 0 }, { seed: 7 }]) {
      expect(await caching.told(owner, { ...body, ...more }, {}, {})).toEqual(['miss', 'hit; age=0']);
    }
  });
});

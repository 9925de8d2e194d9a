import { Caching, MODEL, type Owner, type Said } from './support/caching.js';
import { usageOf } from './support/usage.js';

let caching: Caching;
let owner: Owner;

beforeAll(async () => {
  caching = await Caching.start();
});
beforeEach(async () => {
  owner = await caching.project();
});
afterAll(() => caching?.gateway.stop());

/** Asked often enough that the gateway knows its bytes, and what it told of them. */
async function askedOften(body: object, headers: object = {}): Promise<void> {
  expect(await caching.told(owner, body, ...Array(4).fill(headers))).toEqual([
    'miss',
    ...Array(3).fill('hit; age=0'),
  ]);
}

/** What is about one call in its answer, made the same for all. */
function common({ text, headers }: Said): string {
  const id = headers.get('x-request-id') ?? '';
  expect(text).toContain(id);
  return text.replaceAll(id, 'ID').replaceAll(/"response_time":-?\d+/g, '"response_time":0');
}

describe('an answer that is told for the third time and more', () => {
  it.each([
    ['whole', {}],
    ['streamed', { stream: true, stream_options: { include_usage: true } }],
  ])('is the same as the first time but for what is about its call: %s', async (_way, more) => {
    const body = { ...caching.question('[[sim:count 30]]'), ...more };
    await caching.ask(owner, body);
    const told: Said[] = [];
    for (let time = 0; time < 4; time += 1) {
      told.push(await caching.ask(owner, body));
    }
    caching.pass(7000);
    const later = await caching.ask(owner, body);

    expect(new Set(told.map(common)).size).toBe(1);
    expect(new Set(told.map(({ headers }) => headers.get('x-request-id'))).size).toBe(4);
    expect(told[3]?.text).toContain('"cached":true');
    expect(common(later)).toBe(common(told[3] as Said).replace('"age":0', '"age":7'));
  });

  it.each([{}, { stream: true }])('says when it was given, and not when it was told: %j', async more => {
    caching.pass(60_000); // ahead of what the clock on the wall says
    const { messages: input } = caching.question();
    const body = { model: 'anthropic/claude-sonnet-5', input, store: false, ...more };
    const times: string[] = [];
    for (let time = 0; time < 4; time += 1) {
      const response = await caching.gateway.call('/v1/responses', {
        method: 'POST',
        headers: { authorization: `Bearer ${owner.apiKey}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      const text = await response.text();
      const told = [...text.matchAll(/"(?:created|completed)_at":(\d+)/g)].map(([, second]) => second ?? '');
      times.push(...(time === 0 ? [] : told));
      caching.pass(2000);
    }

    expect(times.length).toBeGreaterThan(5);
    expect(new Set(times).size).toBe(1);
  });

  it('is not taken for whole where its caller left', async () => {
    const body = { ...caching.question('[[sim:count 100]]'), stream: true };
    await askedOften(body);
    const leaving = new AbortController();
    const response = await caching.gateway.chat(body, {
      headers: { authorization: `Bearer ${owner.apiKey}`, 'x-llmhub-cache-pace': '20' },
      signal: leaving.signal,
    });
    await response.body?.getReader().read();
    leaving.abort();

    expect(response.headers.get('x-llmhub-cache')).toBe('hit; age=0');
    await expect(usageOf(caching.gateway, response.headers.get('x-request-id'))).resolves.toMatchObject({
      outcome: 'aborted',
      status: 499,
      finish: null,
      cached: true,
    });
  });

  it('is another one when anything besides its bytes is asked for', async () => {
    const body = caching.question();
    await askedOften(body);
    const wishes = [
      { 'x-llmhub-cache-namespace': 'other' },
      { 'x-llmhub-strict': 'true' },
      { 'x-llmhub-history': 'last=1' },
      { 'x-llmhub-cache': 'refresh' },
      { 'cache-control': 'max-age=0, no-store' },
    ];
    caching.pass(1000);

    expect(await caching.told(owner, body, ...wishes)).toEqual(['miss', 'miss', 'miss', 'refresh', null]);
  });

  it('is of its project alone', async () => {
    const body = caching.question();
    await askedOften(body);

    expect(await caching.told(await caching.project(), body, {})).toEqual(['miss']);
  });

  it('is for no key that may not use the model', async () => {
    const body = caching.question();
    await askedOften(body);
    const { key } = await caching.key(owner.id, { allowedModels: ['openai/gpt-5'] });
    const said = await caching.ask({ apiKey: key }, body);

    expect([said.status, said.cache]).toEqual([403, null]);
  });

  it('is over when its time is over, when it is purged, and when the project has no cache any more', async () => {
    const body = caching.question();
    await askedOften(body, { 'x-llmhub-cache-ttl': '10' });
    caching.pass(10_000);
    await askedOften(body);
    await caching.gateway.admin('POST', `/admin/projects/${owner.id}/cache/purge`, {});
    await askedOften(body);
    await caching.change(`/admin/projects/${owner.id}`, { cache: 'off' });

    expect(await caching.told(owner, body, {})).toEqual([null]);
  });

  it('tells nothing of the gateway once the project does not want that', async () => {
    const body = caching.question();
    await askedOften(body);
    await caching.change(`/admin/projects/${owner.id}`, { annotate: false });
    const texts = [await caching.ask(owner, body), await caching.ask(owner, body)].map(({ text }) => text);

    expect(texts.filter(text => text.includes('x_llmhub'))).toEqual([]);
  });

  it('goes by the policy that its name stands for now', async () => {
    const body = { ...caching.question(), model: 'mine' };
    const path = `/admin/projects/${owner.id}/routing-policies`;
    const { id } = await caching.create<{ id: string }>(path, {
      name: 'mine',
      strategy: 'priority',
      targets: [{ model: MODEL }],
    });
    await askedOften(body);
    await caching.change(`${path}/${id}`, { targets: [{ model: 'anthropic/claude-sonnet-5' }] });
    const said = await caching.ask(owner, body);

    expect([said.cache, said.headers.get('x-llmhub-provider')]).toEqual(['miss', 'anthropic']);
  });
});

import { type Caching, MODEL } from './support/caching.js';
import type { Encoder } from './support/encoder.js';
import { eventually } from './support/eventually.js';
import { ASKED, LIKE, ON, SemanticStory, user } from './support/semantic.js';
import { usageOf } from './support/usage.js';

const IMAGE = { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } };

let story: SemanticStory;
let encoder: Encoder;
let caching: Caching;

beforeAll(async () => {
  story = await SemanticStory.start();
  ({ encoder, caching } = story);
});

afterAll(() => story?.stop());

describe('a question in other words', () => {
  it('has the answer of the first, which says so, and costs nothing', async () => {
    const owner = await caching.project(ON);
    const first = await story.ask(owner, ASKED);
    const before = caching.calls;
    caching.pass(12_500);
    const second = await story.ask(owner, LIKE);

    expect(caching.calls).toBe(before);
    expect(first.cache).toBe('miss');
    expect(second.cache).toMatch(/^hit; age=12; similarity=0\.9\d*$/);
    const [paid, free] = [JSON.parse(first.text), JSON.parse(second.text)];
    expect(free.choices[0].message.content).toBe(paid.choices[0].message.content);
    expect(free.x_llmhub).toMatchObject({
      cached: true,
      cost: 0,
      cache: {
        age: 12,
        similarity: expect.closeTo(0.99, 1),
        saved_usd: paid.usage.cost,
        call: first.headers.get('x-request-id'),
      },
    });
    const record = await usageOf(caching.gateway, first.headers.get('x-request-id'));
    await expect(usageOf(caching.gateway, second.headers.get('x-request-id'))).resolves.toMatchObject({
      cached: true,
      attempts: 0,
      costNanoUsd: 0,
      savedNanoUsd: record.costNanoUsd,
    });
  });

  it('has it as a stream, and in another dialect', async () => {
    const owner = await caching.project(ON);
    await story.ask(owner, ASKED, { stream: true });
    const streamed = await story.ask(owner, LIKE, { stream: true });
    await story.ask(owner, ASKED);
    const whole = await story.ask(owner, LIKE);
    const authorization = `Bearer ${owner.apiKey}`;
    const response = await caching.gateway.call('/v1/responses', {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ model: MODEL, input: LIKE, store: false }),
    });

    expect([streamed.cache, whole.cache, response.headers.get('x-llmhub-cache')]).toEqual(
      Array(3).fill(expect.stringContaining('similarity=')),
    );
    expect(streamed.text).toContain('data: [DONE]');
    await expect(response.json()).resolves.toMatchObject({ object: 'response', status: 'completed' });
  });

  it('has no vector made where no vendor is to be asked', async () => {
    const owner = await caching.project(ON);
    await story.ask(owner, ASKED);
    const before = encoder.asked.length;
    const only = await story.ask(owner, LIKE, {}, { 'x-llmhub-cache': 'only' });

    expect(only.status).toBe(504);
    expect(encoder.asked.length).toBe(before);
    expect((await story.ask(owner, ASKED, {}, { 'x-llmhub-cache': 'only' })).cache).toBe('hit; age=0');
  });

  it('has its vector made once, as a call of the project with a record of its own', async () => {
    const owner = await caching.project(ON);
    const before = encoder.asked.length;
    const said = await Promise.all(Array.from({ length: 10 }, () => story.ask(owner, ASKED)));

    expect(encoder.asked.slice(before)).toEqual([[ASKED]]);
    expect(said.map(({ cache }) => cache?.replace(/;.*/, '')).toSorted()).toEqual([
      ...Array(9).fill('hit'),
      'miss',
    ]);
    const data = await eventually(async () => {
      const records = await story.embeddingsOf(owner);
      expect(records).toHaveLength(1);
      return records;
    });
    expect(data[0]).toMatchObject({
      provider: 'encoder',
      modelAsked: 'encoder/tiny',
      outcome: 'completed',
      inputTokens: 8,
      cached: false,
    });
    expect(said.map(({ headers }) => headers.get('x-request-id'))).not.toContain(data[0]?.['id']);
  });

  it('is left alone with its own words when it asks for that', async () => {
    const owner = await caching.project(ON);
    await story.ask(owner, ASKED);
    const before = encoder.asked.length;
    const exact = { 'x-llmhub-cache': 'exact' };

    expect((await story.ask(owner, LIKE, {}, exact)).cache).toBe('miss');
    expect((await story.ask(owner, ASKED, {}, exact)).cache).toBe('hit; age=0');
    expect(
      (await story.ask(owner, 'Can I reset my password?', {}, { 'x-llmhub-cache': 'off' })).cache,
    ).toBeNull();
    expect(encoder.asked).toHaveLength(before);
  });

  it('has no answer of another', async () => {
    const owner = await caching.project(ON);
    const system = { role: 'system', content: 'Be brief.' };
    const tools = [{ type: 'function', function: { name: 'look_up', parameters: { type: 'object' } } }];
    const key = await caching.key(owner.id, { allowedModels: [MODEL, 'encoder/*'] });
    await story.ask(owner, ASKED);

    const others = [
      await story.ask(owner, 'How can I reset my router?'),
      await story.ask(owner, 'How do I reset my 2 passwords?'),
      await story.ask(owner, LIKE, { model: 'openai/gpt-4.1' }),
      await story.ask(owner, LIKE, { temperature: 0.5 }),
      await story.ask(owner, LIKE, { tools }),
      await story.ask(owner, LIKE, { messages: [system, user(LIKE)] }),
      await story.ask(owner, LIKE, {
        messages: [user('Hello'), { role: 'assistant', content: 'Hi' }, user(LIKE)],
      }),
      await story.ask(owner, LIKE, { messages: [user([{ type: 'text', text: LIKE }, IMAGE])] }),
      await story.ask(owner, LIKE, { metadata: { a: 'b' } }),
      await story.ask(owner, LIKE, { stream: true }),
      await story.ask(owner, LIKE, {}, { 'x-llmhub-cache-namespace': 'a' }),
      await story.ask({ apiKey: key.key }, LIKE),
      await story.ask(await caching.project(ON), LIKE),
      await story.ask(await caching.project(ON), ASKED),
    ];
    expect(others.map(({ status, cache }) => `${status} ${cache}`)).toEqual(others.map(() => '200 miss'));
    expect((await story.ask(owner, LIKE)).cache).toContain('similarity=');
  });

  it('has none when it holds words of the list, and gives none', async () => {
    const owner = await caching.project({ ...ON, semanticCacheNever: ['My password'] });
    const before = encoder.asked.length;
    expect((await story.ask(owner, ASKED)).cache).toBe('miss');
    expect((await story.ask(owner, LIKE)).cache).toBe('miss');
    expect((await story.ask(owner, ASKED)).cache).toBe('hit; age=0');
    expect(encoder.asked).toHaveLength(before);

    await story.ask(owner, 'How do I reset my passwords?');
    expect((await story.ask(owner, 'How can I reset my passwords?')).cache).toContain('similarity=');
  });

  it('has none that is not near enough', async () => {
    const owner = await caching.project({ ...ON, semanticCacheThreshold: 0.999 });
    await story.ask(owner, ASKED);

    expect((await story.ask(owner, LIKE)).cache).toBe('miss');
    await expect(story.report(owner)).resolves.toMatchObject({ asked: 2, found: 0, guarded: {} });
  });

  it('has none that is purged, over, or too old', async () => {
    const owner = await caching.project({ ...ON, cacheTtlSeconds: 60 });
    await story.ask(owner, ASKED);
    await caching.gateway.admin('POST', `/admin/projects/${owner.id}/cache/purge`, {});
    const purged = await story.ask(owner, LIKE);
    caching.pass(30_000);
    const old = await story.ask(owner, 'How to reset my password?', {}, { 'cache-control': 'max-age=29' });
    caching.pass(31_000);
    const found = await story.ask(owner, 'What is the way to reset my password?');

    expect([purged.cache, old.cache, found.cache]).toEqual([
      'miss',
      'miss',
      expect.stringContaining('similarity='),
    ]);
    caching.pass(60_000);
    expect((await story.ask(owner, LIKE)).cache).toBe('miss');
  });
});

describe('an answer that took the place of another', () => {
  it('is none to questions in other words', async () => {
    const owner = await caching.project(ON);
    await story.ask(owner, ASKED);
    await story.ask(owner, ASKED, {}, { 'x-llmhub-cache': 'refresh' });

    expect((await story.ask(owner, LIKE)).cache).toBe('miss');
    expect((await story.ask(owner, 'How to reset my password?')).cache).toContain('similarity=');
  });
});

describe('the shadow of it', () => {
  it('asks the vendor, and tells what would have been', async () => {
    const owner = await caching.project({ ...ON, semanticCache: 'shadow' });
    expect((await story.ask(owner, ASKED)).cache).toBe('miss');
    expect((await story.ask(owner, LIKE)).cache).toBe('miss');
    expect((await story.ask(owner, 'How do I reset my router?')).cache).toBe('miss');

    const told = await eventually(async () => {
      const found = await story.report(owner);
      expect(found).toMatchObject({ verified: 1 });
      return found;
    });
    expect(told).toMatchObject({
      since: expect.stringMatching(/^20/),
      asked: 3,
      found: 1,
      answered: 0,
      unavailable: 0,
      savedNanoUsd: expect.any(Number),
    });
    expect(told['savedNanoUsd']).toBeGreaterThan(0);
  });

  it('tells what spoke against it', async () => {
    const owner = await caching.project({ ...ON, semanticCache: 'shadow', semanticCacheThreshold: 0.5 });
    const pairs = [
      ['What is 15% of 240?', 'What is 25% of 240?'],
      ['Is it open in May?', 'Is it open in June?'],
    ];
    for (const [at, pair] of pairs.entries()) {
      for (const text of pair) {
        await story.ask(owner, text, {}, { 'x-llmhub-cache-namespace': `pair-${at}` });
      }
    }
    await expect(story.report(owner)).resolves.toMatchObject({ guarded: { number: 1, name: 1 }, found: 0 });
  });

  it('has the vendor asked in spite of every twentieth answer that is given', async () => {
    const owner = await caching.project(ON);
    await story.ask(owner, ASKED);
    const said: (string | null)[] = [];
    for (let asked = 0; asked < 20; asked += 1) {
      const { cache } = await story.ask(owner, LIKE);
      said.push(cache?.replace(/;.*/, '') ?? null);
    }

    expect(said).toEqual([...Array(19).fill('hit'), 'miss']);
    await eventually(async () =>
      expect(await story.report(owner)).toMatchObject({ found: 20, answered: 19, verified: 1 }),
    );
  });

  it('is asked about a project that there is', async () => {
    const { status } = await caching.gateway.admin('GET', '/admin/projects/0/cache/semantic');
    const untouched = await caching.project(ON);

    expect(status).toBe(404);
    await expect(story.report(untouched)).resolves.toMatchObject({ since: null, asked: 0 });
  });
});

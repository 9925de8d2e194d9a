import { bagOfLetters } from './support/encoder.js';
import { eventually } from './support/eventually.js';
import { ASKED, LIKE, ON, SemanticStory } from './support/semantic.js';

let story: SemanticStory;

beforeAll(async () => {
  story = await SemanticStory.start();
});

afterAll(() => story?.stop());

afterEach(() => {
  story.encoder.instead = null;
  story.encoder.encode = texts => texts.map(bagOfLetters);
  story.caching.pass(5000);
});

const NONE = { found: 0, answered: 0 };

describe('a question without a vector', () => {
  it.each<[string, () => void]>([
    ['fails', () => (story.encoder.instead = response => response.writeHead(500).end())],
    ['hangs up', () => (story.encoder.instead = response => response.destroy())],
    ['answers no JSON', () => (story.encoder.instead = response => response.end('<html>'))],
    ['answers no vectors', () => (story.encoder.instead = response => response.end('{"data":[]}'))],
    ['answers zeros', () => (story.encoder.encode = texts => texts.map(() => [0, 0, 0]))],
    ['answers empty vectors', () => (story.encoder.encode = texts => texts.map(() => []))],
    [
      'answers numbers that are too large',
      () => (story.encoder.encode = texts => texts.map(() => [1e300, 1e300])),
    ],
  ])('is asked of the vendor when the encoder %s', async (_how, fail) => {
    const owner = await story.caching.project(ON);
    await story.ask(owner, ASKED);
    fail();

    expect(await story.ask(owner, LIKE)).toMatchObject({ status: 200, cache: 'miss' });
    expect(await story.ask(owner, LIKE)).toMatchObject({ status: 200, cache: 'hit; age=0' });
    await expect(story.report(owner)).resolves.toMatchObject({ asked: 2, unavailable: 1, ...NONE });
  });

  it('does not wait for an encoder that failed just now, and does again later', async () => {
    const owner = await story.caching.project(ON);
    await story.ask(owner, ASKED);
    story.encoder.instead = response => response.writeHead(500).end();
    await story.ask(owner, LIKE);
    story.encoder.instead = null;
    const before = story.encoder.asked.length;
    expect((await story.ask(owner, 'What is the way to reset my password?')).cache).toBe('miss');
    expect(story.encoder.asked).toHaveLength(before);
    story.caching.pass(2500);

    expect((await story.ask(owner, 'How to reset my password?')).cache).toContain('similarity=');
  });

  it('does not wait for one that is too slow; what comes later keeps the question', async () => {
    const owner = await story.caching.project(ON);
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    story.encoder.encode = async texts => {
      await released;
      return texts.map(bagOfLetters);
    };
    const first = story.ask(owner, `${ASKED} [[sim:fault delay=1500]]`);
    await eventually(async () => expect(await story.report(owner)).toMatchObject({ unavailable: 1 }));
    release();
    expect(await first).toMatchObject({ status: 200, cache: 'miss' });
    story.caching.pass(2500);

    expect((await story.ask(owner, `${LIKE} [[sim:fault delay=1500]]`)).cache).toContain('similarity=');
  });

  it('is asked of the vendor when there is no money for one, or no leave', async () => {
    const poor = await story.caching.project(ON);
    await story.ask(poor, ASKED);
    await story.caching.create(`/admin/projects/${poor.id}/budgets`, {
      name: 'no vectors',
      limitUsd: 0.000000001,
      period: 'total',
      model: 'encoder/*',
    });
    const limited = await story.caching.project(ON);
    const { key } = await story.caching.key(limited.id, { allowedModels: ['openai/*'] });
    const before = story.encoder.asked.length;

    expect(await story.ask(poor, LIKE)).toMatchObject({ status: 200, cache: 'miss' });
    expect(await story.ask({ apiKey: key }, ASKED)).toMatchObject({ status: 200, cache: 'miss' });
    expect(story.encoder.asked).toHaveLength(before);
    const refused = await eventually(async () => {
      const records = [...(await story.embeddingsOf(poor)), ...(await story.embeddingsOf(limited))];
      expect(records).toHaveLength(3);
      return records;
    });
    expect(refused.map(record => record['status']).toSorted()).toEqual([200, 402, 403]);
  });
});

describe('vectors that cannot be compared', () => {
  it('are those of another length', async () => {
    const owner = await story.caching.project(ON);
    await story.ask(owner, ASKED);
    story.encoder.encode = texts => texts.map(text => [...bagOfLetters(text), 1]);

    expect((await story.ask(owner, LIKE)).cache).toBe('miss');
    await expect(story.report(owner)).resolves.toMatchObject({ unavailable: 0, ...NONE });
  });

  it('are those of another model', async () => {
    const owner = await story.caching.project(ON);
    await story.ask(owner, ASKED);
    await story.caching.change(`/admin/projects/${owner.id}`, { semanticCacheModel: 'encoder/other' });

    expect((await story.ask(owner, LIKE)).cache).toBe('miss');
    await expect(story.report(owner)).resolves.toMatchObject({ unavailable: 0, ...NONE });
  });
});

describe('the settings of a project', () => {
  it.each([
    [{ semanticCache: 'on' }, 'semanticCacheModel'],
    [{ semanticCache: 'shadow', semanticCacheModel: null }, 'semanticCacheModel'],
    [{ semanticCache: 'sometimes' }, 'semanticCache'],
    [{ semanticCacheThreshold: 1.1 }, 'semanticCacheThreshold'],
    [{ semanticCacheThreshold: null }, 'semanticCacheThreshold'],
    [{ semanticCacheNever: ['?'] }, 'semanticCacheNever'],
    [{ semanticCacheModel: 'two words' }, 'semanticCacheModel'],
  ])('are refused when they make no sense: %j', async (settings, param) => {
    const { admin } = story.caching.gateway;
    const created = await admin<{ error: object }>('POST', '/admin/projects', { name: 'p', ...settings });

    expect(created).toMatchObject({ status: 400, body: { error: { param } } });
  });

  it('keep a model while they need one', async () => {
    const owner = await story.caching.project(ON);
    const at = `/admin/projects/${owner.id}`;
    const { admin } = story.caching.gateway;

    expect(await admin('PATCH', at, { semanticCacheModel: null })).toMatchObject({ status: 400 });
    expect(await admin('PATCH', at, { semanticCache: 'off', semanticCacheModel: null })).toMatchObject({
      status: 200,
      body: { semanticCache: 'off', semanticCacheModel: null, semanticCacheThreshold: 0.9 },
    });
  });
});

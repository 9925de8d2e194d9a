import { RingKey, Secrets } from '@app/shared';
import { databases } from '../../../../test/support/databases.js';
import { eventually } from '../../../../test/support/eventually.js';
import { connectTo } from '../../../../test/support/redis-client.js';
import { hasRedisServer, RedisServer } from '../../../../test/support/redis-server.js';
import { cachedAnswerRepository } from '../answer-storage.module.js';
import type { CachedAnswerRepository, StoredAnswer } from '../domain/cached-answer.repository.js';
import { CachedAnswerRedisRepository } from './cached-answer.redis.repository.js';

/** In years: a Redis has a clock of its own, by which nothing of this is over. */
const NOW = 4_000_000_000_000;

interface Opened {
  readonly answers: CachedAnswerRepository;
  readonly close: () => Promise<unknown>;
}

type Open = () => Promise<Opened>;

async function stores(): Promise<[name: string, open: Open][]> {
  const all = (await databases()).map(([name, open]): [string, Open] => [
    name,
    async () => {
      const database = await open();
      return { answers: await cachedAnswerRepository.useFactory(database), close: () => database.close() };
    },
  ]);
  return hasRedisServer() ? [...all, ['a Redis', inRedis]] : all;
}

async function inRedis(): Promise<Opened> {
  const server = await RedisServer.start();
  const redis = await connectTo(server);
  return {
    answers: new CachedAnswerRedisRepository(redis),
    close: () => redis.close().finally(() => server.remove()),
  };
}

describe.each(await stores())('CachedAnswerRepository on %s', (_, open) => {
  let answers: CachedAnswerRepository;
  let close: Opened['close'];

  beforeEach(async () => {
    ({ answers, close } = await open());
  });
  afterEach(() => close());

  async function left(ids: readonly string[], projectId = 'project'): Promise<string[]> {
    const found = await Promise.all(ids.map(id => answers.find(projectId, id, 0)));
    return found.flatMap(answer => answer?.id ?? []);
  }

  it('gives an answer back to its project, and to no other', async () => {
    await answers.save(anAnswer());

    await expect(answers.find('project', 'key-1', NOW)).resolves.toEqual(anAnswer());
    await expect(answers.find('other', 'key-1', NOW)).resolves.toBeNull();
    await expect(answers.find('project', 'key-2', NOW)).resolves.toBeNull();
  });

  it('has one answer by a key, the last one, whoever keeps it at once', async () => {
    const all = Array.from({ length: 20 }, (_unused, index) => anAnswer({ envelope: `answer-${index}` }));
    await Promise.all(all.map(answer => answers.save(answer)));
    const kept = await answers.find('project', 'key-1', NOW);
    expect(all).toContainEqual(kept);

    const last = anAnswer({ model: 'openai/other', namespace: 'n', keptAt: NOW, expiresAt: NOW + 999 });
    await answers.save(last);
    await expect(answers.find('project', 'key-1', NOW)).resolves.toEqual(last);
  });

  it('deletes one', async () => {
    await answers.save(anAnswer());

    await answers.delete('other', 'key-1');
    await expect(left(['key-1'])).resolves.toEqual(['key-1']);
    await answers.delete('project', 'key-1');
    await expect(left(['key-1'])).resolves.toEqual([]);
  });

  it.each([
    ['all', {}, []],
    ['those of a model', { model: 'openai/b' }, ['a-n', 'a-m']],
    ['those of a namespace', { namespace: 'n' }, ['a-m', 'b-m']],
    ['those of a namespace, letter by letter', { namespace: 'N' }, ['a-n', 'a-m', 'b-n', 'b-m']],
    ['those of no namespace', { namespace: '' }, ['a-n', 'a-m', 'b-n', 'b-m']],
    ['those that are older', { keptBefore: 2 }, ['a-m', 'b-n', 'b-m']],
    ['those that are all of it', { model: 'openai/b', namespace: 'm', keptBefore: 5 }, ['a-n', 'a-m', 'b-n']],
  ])('purges %s', async (_what, meant, rest) => {
    const ids = ['a-n', 'a-m', 'b-n', 'b-m'];
    for (const [index, id] of ids.entries()) {
      const [model = '', namespace = ''] = id.split('-');
      await answers.save(anAnswer({ id, model: `openai/${model}`, namespace, keptAt: index + 1 }));
    }
    await answers.save(anAnswer({ id: 'b-other', projectId: 'other', model: 'openai/b', namespace: 'n' }));

    await expect(answers.purge('project', meant)).resolves.toBe(ids.length - rest.length);
    await expect(left(ids)).resolves.toEqual(rest);
    await expect(left(['b-other'], 'other')).resolves.toEqual(['b-other']);
  });

  it('does not find what has expired, and deletes it in batches', async () => {
    for (const [id, expiresAt] of [
      ['key-1', NOW - 2],
      ['key-2', NOW - 1],
      ['key-3', NOW],
      ['key-4', NOW + 1],
    ] as const) {
      await answers.save(anAnswer({ id, expiresAt }));
    }

    await expect(answers.find('project', 'key-3', NOW)).resolves.toBeNull();
    await expect(answers.find('project', 'key-4', NOW)).resolves.not.toBeNull();
    await expect(answers.deleteExpired(NOW, 2)).resolves.toBe(2);
    await expect(left(['key-1', 'key-2', 'key-3', 'key-4'])).resolves.toEqual(['key-3', 'key-4']);
    await expect(answers.deleteExpired(NOW, 2)).resolves.toBe(1);
    await expect(answers.deleteExpired(NOW, 2)).resolves.toBe(0);
    await expect(left(['key-4'])).resolves.toEqual(['key-4']);
  });

  it('keeps an answer of the largest size', async () => {
    const secrets = new Secrets([new RingKey(Buffer.alloc(32, 1), 'old')]);
    const envelope = secrets.encrypt(Buffer.alloc(8 * 1024 * 1024), 'key-1');
    await answers.save(anAnswer({ envelope }));

    const found = await eventually(() => answers.find('project', 'key-1', NOW)); // it may be slow
    expect(found?.envelope === envelope).toBe(true);
  });

  it('deletes all of a project, and of no other', async () => {
    await answers.save(anAnswer());
    await answers.save(anAnswer({ id: 'key-2', projectId: 'other' }));
    await answers.deleteOf('project');

    await expect(left(['key-1'])).resolves.toEqual([]);
    await expect(left(['key-2'], 'other')).resolves.toEqual(['key-2']);
  });
});

function anAnswer(some: Partial<StoredAnswer> = {}): StoredAnswer {
  return {
    id: 'key-1',
    projectId: 'project',
    namespace: '',
    model: 'openai/gpt-5',
    keptAt: NOW - 100,
    expiresAt: NOW + 100,
    envelope: 'sealed',
    ...some,
  };
}

import { Redis as Client } from 'ioredis';
import { type Redis, StoreUnavailableError } from '@app/shared';
import { eventually } from '../../../../test/support/eventually.js';
import { connectTo } from '../../../../test/support/redis-client.js';
import { hasRedisServer, RedisServer } from '../../../../test/support/redis-server.js';
import type { StoredAnswer } from '../domain/cached-answer.repository.js';
import { CachedAnswerRedisRepository } from './cached-answer.redis.repository.js';

const MANY = 1000;

(hasRedisServer() ? describe : describe.skip)('answers that are kept in a Redis', () => {
  let server: RedisServer;
  let redis: Redis;
  let client: Client;
  let answers: CachedAnswerRedisRepository;

  beforeEach(async () => {
    server = await RedisServer.start();
    redis = await connectTo(server);
    client = new Client(server.url);
    answers = new CachedAnswerRedisRepository(redis);
  });
  afterEach(async () => {
    client.disconnect();
    await answers.onApplicationShutdown();
    await server.remove();
  });

  /** Keys of the server but that of the probe. */
  async function keys(): Promise<string[]> {
    return (await client.keys('llmhub:answers:*')).toSorted();
  }

  it('are forgotten by it when their time is over, and by the indexes with the next sweep', async () => {
    await answers.save(anAnswer({ id: 'soon', expiresAt: Date.now() + 50 }));
    await answers.save(anAnswer({ id: 'later' }));
    await eventually(async () =>
      expect(await keys()).toEqual([
        'llmhub:answers:by-expiry',
        'llmhub:answers:of:project',
        'llmhub:answers:project:later',
      ]),
    );

    await expect(answers.purge('project', { model: 'openai/none' })).resolves.toBe(0);
    await expect(answers.deleteExpired(Date.now(), 10)).resolves.toBe(1);
    await expect(client.hkeys('llmhub:answers:of:project')).resolves.toEqual(['later']);
  });

  it('leave nothing behind when they are purged, however many', async () => {
    const ids = Array.from({ length: MANY }, (_, number) => `key-${number}`);
    await Promise.all(ids.map(id => answers.save(anAnswer({ id }))));

    await expect(answers.purge('project', { model: 'openai/gpt-5' })).resolves.toBe(MANY);
    await expect(keys()).resolves.toEqual([]);
  });

  it('are purged by what they are now, not by what was kept in their place before', async () => {
    await answers.save(anAnswer({ model: 'openai/old' }));
    await answers.save(anAnswer({ model: 'openai/new' }));

    await expect(answers.purge('project', { model: 'openai/old' })).resolves.toBe(0);
    await expect(answers.purge('project', { model: 'openai/new' })).resolves.toBe(1);
  });

  it('cannot be reached while it is away', async () => {
    server.freeze();

    await expect(answers.find('project', 'key-1', 0)).rejects.toThrow(StoreUnavailableError);
    await expect(answers.purge('project', {})).rejects.toThrow(StoreUnavailableError);
  });
});

function anAnswer(some: Partial<StoredAnswer> = {}): StoredAnswer {
  return {
    id: 'key-1',
    projectId: 'project',
    namespace: '',
    model: 'openai/gpt-5',
    keptAt: Date.now(),
    expiresAt: Date.now() + 60_000,
    envelope: 'sealed',
    ...some,
  };
}

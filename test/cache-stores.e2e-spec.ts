import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CachedAnswerRepository, CachedAnswerSweep } from '@app/optimization';
import { ProjectSweep } from '@app/projects';
import { encryptionKey } from './support/encryption-key.js';
import { eventually } from './support/eventually.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { hasRedisServer, RedisServer } from './support/redis-server.js';
import { describeOnServers, removeData, storeEnvironment } from './support/test-store.js';

const SETTINGS = {
  AI_GATEWAY_CACHE_STORE: 'database',
  AI_GATEWAY_PROJECT_GRACE_MS: '0',
  AI_GATEWAY_SECURITY_ENCRYPTION_KEY: encryptionKey(7),
};
let questions = 0;

function question(): object {
  questions += 1;
  return {
    model: 'openai/gpt-4.1-mini',
    messages: [{ role: 'user', content: `question ${questions} [[sim:count 4]]` }],
  };
}

interface Said {
  readonly cache: string | null;
  readonly text: string;
}

async function ask(gateway: TestGateway, body: object, key: string, headers = {}): Promise<Said> {
  const response = await gateway.chat(body, { headers: { authorization: `Bearer ${key}`, ...headers } });
  const { choices } = (await response.json()) as { choices?: { message: { content: string } }[] };
  return {
    cache: response.headers.get('x-llmhub-cache'),
    text: choices?.[0]?.message.content ?? '',
  };
}

async function switchOn(gateway: TestGateway): Promise<void> {
  const change = { cache: 'all', cacheTtlSeconds: 3600 };
  const { status } = await gateway.admin('PATCH', `/admin/projects/${gateway.projectId}`, change);
  expect(status).toBe(200);
  // keys are looked up again
  await eventually(async () =>
    expect((await ask(gateway, question(), gateway.projectKey)).cache).toBe('miss'),
  );
}

describe.each(hasRedisServer() ? ['its store', 'a Redis'] : ['its store'])(
  'a gateway that keeps answers in %s',
  where => {
    let dataDir: string;
    let gateway: TestGateway;
    let store: Record<string, string>;
    let redis: RedisServer | null = null;

    beforeAll(async () => {
      dataDir = mkdtempSync(path.join(tmpdir(), 'gateway-cache-'));
      store = await storeEnvironment(dataDir);
      if (where === 'a Redis') {
        redis = await RedisServer.start();
        store = { ...store, AI_GATEWAY_CACHE_STORE: 'redis', AI_GATEWAY_REDIS_URL: redis.url };
      }
      gateway = await startGateway({ ...SETTINGS, ...store });
      await switchOn(gateway);
    }, 60_000);
    afterAll(async () => {
      await gateway?.stop();
      await redis?.remove();
      await removeData(dataDir);
    });

    it('has them after it was started anew, unless its encryption key is another one', async () => {
      const [key, body] = [gateway.projectKey, question()];
      const first = await ask(gateway, body, key);
      await gateway.stop();
      gateway = await startGateway({ ...SETTINGS, ...store });
      const second = await ask(gateway, body, key);

      expect(first.cache).toBe('miss');
      expect(second).toEqual({ cache: expect.stringMatching(/^hit; age=\d+$/) as string, text: first.text });
      expect(gateway.simulator.requests()).toEqual([]);

      await gateway.stop();
      const ring = `2027:${encryptionKey(8)},old:${encryptionKey(7)}`;
      const { AI_GATEWAY_SECURITY_ENCRYPTION_KEY: _old, ...settings } = SETTINGS;
      gateway = await startGateway({ ...settings, ...store, AI_GATEWAY_SECURITY_ENCRYPTION_KEYS: ring });
      await expect(ask(gateway, body, key)).resolves.toMatchObject({ cache: 'miss' });
      await expect(ask(gateway, body, key)).resolves.toMatchObject({
        cache: expect.stringMatching(/^hit/) as string,
      });
    }, 60_000);

    it('deletes them with their project, and when their time is over', async () => {
      const stored = gateway.app.get(CachedAnswerRepository);
      const later = Date.now() + 7_200_000;
      const purge = `/admin/projects/${gateway.projectId}/cache/purge`;
      const record = {
        projectId: gateway.projectId,
        namespace: '',
        model: 'openai/m',
        keptAt: 1,
        envelope: 'sealed',
      };
      await stored.save({ ...record, id: 'over', expiresAt: Date.now() });
      await stored.save({ ...record, id: 'kept', expiresAt: later });

      await gateway.app.get(CachedAnswerSweep).run();
      await expect(stored.find(gateway.projectId, 'over', 0)).resolves.toBeNull();
      await expect(stored.find(gateway.projectId, 'kept', 0)).resolves.not.toBeNull();
      expect((await gateway.admin('POST', purge, { model: 'openai/other' })).body).toEqual({ purged: 0 });

      await gateway.admin('DELETE', `/admin/projects/${gateway.projectId}`);
      await gateway.app.get(ProjectSweep).run();
      await expect(stored.find(gateway.projectId, 'kept', 0)).resolves.toBeNull();
    }, 60_000);
  },
);

(hasRedisServer() ? describe : describe.skip)('a gateway whose Redis with the answers is frozen', () => {
  it('asks the vendor, and refuses nobody', async () => {
    const redis = await RedisServer.start();
    const env = { ...SETTINGS, AI_GATEWAY_CACHE_STORE: 'redis', AI_GATEWAY_REDIS_URL: redis.url };
    const gateway = await startGateway({ ...env, AI_GATEWAY_CACHE_MEMORY_BYTES: '0' });
    try {
      await switchOn(gateway);
      const body = question();
      const first = await ask(gateway, body, gateway.projectKey);
      await eventually(async () =>
        expect(await ask(gateway, body, gateway.projectKey)).toMatchObject({ cache: 'hit; age=0' }),
      );
      redis.freeze();
      const answers = await Promise.all([1, 2, 3].map(() => ask(gateway, body, gateway.projectKey)));

      expect(answers.map(({ text }) => text)).toEqual(Array(3).fill(first.text));
      expect(answers.map(({ cache }) => cache)).toContain('miss');
    } finally {
      redis.thaw();
      await gateway.stop();
      await redis.remove();
    }
  }, 60_000);
});

describeOnServers('two gateways that share a %s', database => {
  let one: TestGateway;
  let two: TestGateway;

  beforeAll(async () => {
    const shared = { ...(await database.environment()), ...SETTINGS };
    one = await startGateway(shared);
    two = await startGateway(shared);
    await switchOn(one);
  }, 60_000);
  afterAll(async () => {
    await two?.stop();
    await one?.stop();
    await database.drop();
  });

  it('ask the vendor once', async () => {
    const body = question();
    const first = await ask(one, body, one.projectKey);
    const before = two.simulator.requests().length;
    const fromCache = { 'x-llmhub-cache': 'only' };

    expect(first.cache).toBe('miss');
    await eventually(async () => {
      const { cache, text } = await ask(two, body, one.projectKey, fromCache);
      expect({ text, isHit: cache?.startsWith('hit') }).toEqual({ text: first.text, isHit: true });
    });
    expect(two.simulator.requests()).toHaveLength(before);
  });
});

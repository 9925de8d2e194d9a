import { randomBytes } from 'node:crypto';
import { Redis as Client } from 'ioredis';
import { eventually } from './support/eventually.js';
import { FeedReader } from './support/feed.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { hasRedisServer, RedisServer } from './support/redis-server.js';

const CHANNEL = 'llmhub:feed';

async function call(gateway: TestGateway): Promise<string> {
  const response = await gateway.chat({
    model: 'openai/gpt-4.1-mini',
    messages: [{ role: 'user', content: 'Hello' }],
  });
  await response.text();
  return response.headers.get('x-request-id') ?? '';
}

(hasRedisServer() ? describe : describe.skip)('the feed of two gateways with one Redis', () => {
  let redis: RedisServer;
  let gateways: [TestGateway, TestGateway];
  let reader: FeedReader;

  beforeAll(async () => {
    redis = await RedisServer.start();
    const env = {
      AI_GATEWAY_REDIS_URL: redis.url,
      AI_GATEWAY_SECURITY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    };
    gateways = [await startGateway(env), await startGateway(env)];
  }, 60_000);
  afterAll(async () => {
    await Promise.all((gateways ?? []).map(gateway => gateway.stop()));
    await redis?.remove();
  });
  beforeEach(async () => {
    reader = await FeedReader.open(gateways[0]);
    await eventually(() => expect(reader.seconds.at(-1)?.gateways).toBe(2));
    await reader.quiet();
  });
  afterEach(() => reader.close());

  it('shows the calls of both, once, and adds them up together', async () => {
    const ids = [await call(gateways[0]), await call(gateways[1])];
    await reader.told(...ids);
    await eventually(() => expect(reader.total('calls')).toBe(2));

    expect(reader.calls.toSorted()).toEqual(ids.toSorted());
    expect(reader.total('shownCalls')).toBe(2);
  });

  it('goes on at the other one where a connection broke', async () => {
    const seen = await call(gateways[0]);
    await reader.told(seen);
    const missed = [await call(gateways[1]), await call(gateways[0])];
    await reader.told(...missed);
    const elsewhere = await FeedReader.open(gateways[1], { after: seen });
    await elsewhere.told(...missed);

    expect(elsewhere.named('missed')).toEqual([]);
    expect(elsewhere.calls).not.toContain(seen);
    elsewhere.close();
  });

  it('hears what somebody has recorded no second time, and nothing that no gateway has said', async () => {
    const spy = new Client(redis.url);
    const recorded: string[] = [];
    spy.on('message', (_channel, message) => recorded.push(message));
    await spy.subscribe(CHANNEL);
    const id = await call(gateways[1]);
    await reader.told(id);
    await eventually(() => expect(recorded.length).toBeGreaterThan(2));
    const before = reader.total('calls');
    const thief = new Client(redis.url);
    for (const message of [...recorded, 'nonsense', '{}', '']) {
      await thief.publish(CHANNEL, message);
    }
    const later = await call(gateways[1]);
    await reader.told(later);
    await eventually(() => expect(reader.total('calls')).toBe(before + 1));

    expect(recorded.join('')).not.toContain(id);
    expect(reader.calls.filter(told => told === id)).toHaveLength(1);
    spy.disconnect();
    thief.disconnect();
  });

  it('shows its own calls while Redis is away, and those of both when it is back', async () => {
    redis.freeze();
    const own = await call(gateways[0]);
    await reader.told(own);
    await eventually(() => expect(reader.seconds.at(-1)?.gateways).toBe(1));
    redis.thaw();
    await eventually(() => expect(reader.seconds.at(-1)?.gateways).toBe(2));
    const theirs = await call(gateways[1]);
    await reader.told(theirs);
  }, 30_000);
});

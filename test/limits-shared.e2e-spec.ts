import { randomUUID } from 'node:crypto';
import { Redis as Client } from 'ioredis';
import OpenAI, { RateLimitError } from 'openai';
import { Redis } from '@app/shared';
import { POSTGRES_TEST_URI } from './support/databases.js';
import { encryptionKey } from './support/encryption-key.js';
import { eventually } from './support/eventually.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { hasRedisServer, RedisServer } from './support/redis-server.js';
import { StoreDoor } from './support/store-door.js';
import { describeOnServers, NO_STORE, SERVERS, type TestServer } from './support/test-store.js';

const MODEL = 'openai/gpt-4.1-mini';
const CHAT = { model: MODEL, messages: [{ role: 'user', content: 'Hello' }] };

let redis: RedisServer | null = null;
let gateways: TestGateway[];

beforeEach(() => {
  gateways = [];
});
afterEach(async () => {
  redis?.thaw();
  await Promise.all(gateways.map(gateway => gateway.stop()));
  await redis?.remove();
  redis = null;
});

async function start(env: Record<string, string>): Promise<TestGateway> {
  const gateway = await startGateway({ ...(redis && { AI_GATEWAY_REDIS_URL: redis.url }), ...env });
  gateways.push(gateway);
  return gateway;
}

/** The key of a new project with such limits. */
async function keyWith(gateway: TestGateway, limits: object): Promise<Record<string, string>> {
  const { body } = await gateway.admin<{ apiKey: string }>('POST', '/admin/projects', {
    name: 'limited',
    ...limits,
  });
  return { authorization: `Bearer ${body.apiKey}` };
}

async function health(gateway: TestGateway): Promise<unknown> {
  return (await fetch(`${gateway.url}/health/ready`)).json();
}

(hasRedisServer() ? describe : describe.skip)('a gateway with a Redis', () => {
  beforeEach(async () => {
    redis = await RedisServer.start();
  });

  it('says in the headers what is left, and to the millisecond when there is more', async () => {
    const gateway = await start({});
    const headers = await keyWith(gateway, { requestsPerMinute: 2 });
    const client = new OpenAI({
      apiKey: headers['authorization']?.slice('Bearer '.length),
      baseURL: `${gateway.url}/v1`,
      maxRetries: 0,
    });
    const ask = () =>
      client.chat.completions.create({ model: MODEL, messages: [{ role: 'user', content: 'Hi' }] });
    const first = await ask().withResponse();
    const second = await ask().withResponse();
    const refused: unknown = await ask().catch((error: unknown) => error);

    expect(
      [first, second].map(({ response }) => response.headers.get('x-ratelimit-remaining-requests')),
    ).toEqual(['1', '0']);
    expect(refused).toBeInstanceOf(RateLimitError);
    const { headers: told } = refused as RateLimitError;
    const waitMs = Number(told?.get('retry-after-ms'));
    expect(Number(told?.get('retry-after'))).toBe(Math.ceil(waitMs / 1000));
    expect(waitMs).toBeGreaterThan(0);
    expect(waitMs).toBeLessThanOrEqual(60_250);
  });

  it('ends the open calls of callers who leave', async () => {
    const gateway = await start({});
    const headers = await keyWith(gateway, { concurrentCalls: 1 });
    const leave = new AbortController();
    const slow = {
      ...CHAT,
      stream: true,
      messages: [{ role: 'user', content: '[[sim:count 500]] [[sim:fault pace=100]]' }],
    };
    const open = await gateway.chat(slow, { headers, signal: leave.signal });
    expect([open.status, (await gateway.chat(CHAT, { headers })).status]).toEqual([200, 429]);
    leave.abort();

    await eventually(async () => expect((await gateway.chat(CHAT, { headers })).status).toBe(200));
  });

  it('tells Redis again which calls are open, should that have forgotten', async () => {
    const gateway = await start({});
    const headers = await keyWith(gateway, { concurrentCalls: 1 });
    const leave = new AbortController();
    const content = '[[sim:count 500]] [[sim:fault pace=100]]';
    const slow = { model: MODEL, stream: true, messages: [{ role: 'user', content }] };
    const open = await gateway.chat(slow, { headers, signal: leave.signal }); // kept, lest it is collected and hung up on
    const client = new Client(redis?.url ?? '');
    const openCalls = (): Promise<string[]> => client.keys('llmhub:limits:calls:*');
    expect(await openCalls()).toHaveLength(1);
    await client.flushall();
    await eventually(async () => expect(await openCalls()).toHaveLength(1), 20_000).finally(() => {
      client.disconnect();
    });

    expect([open.status, (await gateway.chat(CHAT, { headers })).status]).toEqual([200, 429]);
    leave.abort();
  });

  it('tells whether it answers, and counts alone while it does not', async () => {
    const gateway = await start({});
    const headers = await keyWith(gateway, { requestsPerMinute: 2 });
    expect(await health(gateway)).toEqual({ status: 'ok', redis: 'up' });
    expect((await gateway.chat(CHAT, { headers })).status).toBe(200);
    redis?.freeze();

    const answers = await Promise.all([1, 2, 3].map(() => gateway.chat(CHAT, { headers })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 429, 429]);
    expect(await health(gateway)).toEqual({ status: 'ok', redis: 'down' });
    redis?.thaw();
    await eventually(async () => expect(await health(gateway)).toEqual({ status: 'ok', redis: 'up' }));
  });

  it('refuses who has limits while it does not answer, if the operator wants that, in the words of the caller', async () => {
    const gateway = await start({ AI_GATEWAY_LIMITS_ON_OUTAGE: 'closed' });
    const headers = await keyWith(gateway, { requestsPerMinute: 100 });
    await redis?.kill();
    await eventually(() => expect(gateway.app.get<Redis>(Redis).isUp).toBe(false));
    const chat = await gateway.chat(CHAT, { headers });
    const message = await gateway.call('/v1/messages', {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ ...CHAT, max_tokens: 5 }),
    });

    expect([chat.status, chat.headers.get('retry-after')]).toEqual([503, '1']);
    await expect(chat.json()).resolves.toMatchObject({ error: { code: 'limits_unavailable' } });
    expect([message.status, message.headers.get('retry-after')]).toEqual([503, '1']);
    await expect(message.json()).resolves.toMatchObject({
      type: 'error',
      error: { type: 'overloaded_error' },
    });
    expect((await gateway.chat(CHAT)).status).toBe(200);
  });
});

const [store] = Object.values(SERVERS).filter(({ uri }) => uri !== undefined);

/** Sixty calls ask the store at once: on a machine that has much to do it takes its time, and nobody is to take it for gone. */
const PATIENT = Object.fromEntries(
  ['MONGODB', 'POSTGRES', 'MYSQL'].map(kind => [
    `AI_GATEWAY_DATABASE_${kind}_CONNECTION_TIMEOUT_MS`,
    '10000',
  ]),
);

/** Three gateways on that store. @returns the first */
async function startThree(settings: Record<string, string>): Promise<TestGateway> {
  const shared = {
    ...settings,
    ...PATIENT,
    AI_GATEWAY_SECURITY_ENCRYPTION_KEY: encryptionKey(7),
    AI_GATEWAY_LIMITS_ON_OUTAGE: 'closed',
  };
  for (let n = 0; n < 3; n += 1) {
    await start(shared);
  }
  return gateways[0] as TestGateway;
}

describeOnServers('gateways with one %s, and no Redis', database => {
  afterEach(async () => {
    await Promise.all(gateways.splice(0).map(gateway => gateway.stop()));
    await database.drop();
  });

  it('let in exactly what a project may, of requests and of open calls', async () => {
    const first = await startThree(await database.environment());
    const headers = await keyWith(first, { requestsPerMinute: 20 });
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_unused, n) => gateways[n % gateways.length]?.chat(CHAT, { headers })),
    );
    expect(answers.map(answer => answer?.status).toSorted()).toEqual([
      ...Array<number>(20).fill(200),
      ...Array<number>(40).fill(429),
    ]);
    const refused = answers.find(answer => answer?.status === 429)?.headers;
    expect(refused?.get('x-ratelimit-remaining-requests')).toBe('0');
    expect(Number(refused?.get('retry-after-ms'))).toBeGreaterThan(0);
    expect(Number(refused?.get('retry-after-ms'))).toBeLessThanOrEqual(60_750);

    const seats = await keyWith(first, { concurrentCalls: 4 });
    const leave = new AbortController();
    const slow = {
      ...CHAT,
      stream: true,
      messages: [{ role: 'user', content: '[[sim:count 500]] [[sim:fault pace=100]]' }],
    };
    const open = await Promise.all(
      Array.from({ length: 12 }, (_unused, n) =>
        gateways[n % gateways.length]?.chat(slow, { headers: seats, signal: leave.signal }),
      ),
    );
    expect(open.filter(answer => answer?.status === 200)).toHaveLength(4);
    leave.abort();
    await eventually(async () => expect((await first.chat(CHAT, { headers: seats })).status).toBe(200));
  });
});

(POSTGRES_TEST_URI ? describe : describe.skip)('a gateway whose PostgreSQL is frozen', () => {
  let door: StoreDoor;

  beforeEach(async () => {
    door = await StoreDoor.start('postgres');
  });
  afterEach(async () => {
    door.thaw();
    await Promise.all(gateways.splice(0).map(gateway => gateway.stop()));
    await door.remove();
  });

  it.each([
    ['open', [200, 429, 429]],
    ['closed', [503, 503, 503]],
  ])('does with limited calls what the operator wants, and never hangs (%s)', async (policy, statuses) => {
    const env = { ...NO_STORE, ...door.environment, AI_GATEWAY_LIMITS_ON_OUTAGE: policy };
    const gateway = await start(env);
    const headers = await keyWith(gateway, { requestsPerMinute: 2 });
    expect((await gateway.chat(CHAT, { headers })).status).toBe(200);
    door.freeze();
    const answers = await Promise.all([1, 2, 3].map(() => gateway.chat(CHAT, { headers })));
    const refused = answers.find(({ status }) => status !== 200);

    expect(answers.map(({ status }) => status).toSorted()).toEqual(statuses);
    await expect(refused?.json()).resolves.toMatchObject({
      error: { code: policy === 'open' ? 'rate_limit_exceeded' : 'limits_unavailable' },
    });
    door.thaw();
    const free = await keyWith(gateway, { requestsPerMinute: 5 });
    await eventually(async () => {
      const { status, headers: told } = await gateway.chat(CHAT, { headers: free });
      expect([status, told.get('x-ratelimit-limit-requests')]).toEqual([200, '5']);
    });
    const later = await Promise.all([1, 2, 3].map(() => gateway.chat(CHAT, { headers })));
    const letIn = [...answers, ...later].filter(({ status }) => status === 200);
    expect(letIn.length).toBeLessThanOrEqual(1); // beside the first
  });
});

(store && hasRedisServer() ? describe : describe.skip)('gateways with one store and one Redis', () => {
  const name = `test-${randomUUID()}`;
  afterEach(() => store?.drop(store.uri ?? '', name));

  it('let in exactly what a project and its key may', async () => {
    redis = await RedisServer.start();
    const { uri = '', environment } = store as TestServer;
    const first = await startThree({ ...NO_STORE, ...(await environment(uri, name)) });
    const headers = await keyWith(first, { requestsPerMinute: 20 });
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, n) => gateways[n % gateways.length]?.chat(CHAT, { headers })),
    );

    expect(answers.filter(answer => answer?.status === 200)).toHaveLength(20);
    expect(answers.filter(answer => answer?.status === 429)).toHaveLength(40);
  });
});

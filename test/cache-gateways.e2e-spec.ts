import { Redis as Client } from 'ioredis';
import { AnswerCache } from '@app/optimization';
import { OtherGateways } from '../libs/inference/src/domain/cache/other-gateways.js';
import { APIS } from './support/cache.js';
import { eventually } from './support/eventually.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { SharedGround } from './support/shared-ground.js';
import { contentOf } from './support/streamed.js';
import { usageOf } from './support/usage.js';

const SHARED = 'hit; age=0; shared';
let questions = 0;

interface Said {
  readonly status: number;
  readonly cache: string | null;
  readonly id: string | null;
  readonly text: string;
}

function question(directives: string, model = 'openai/gpt-4.1-mini'): Record<string, unknown> {
  questions += 1;
  return { model, messages: [{ role: 'user', content: `question ${questions} ${directives}` }] };
}

/** One that takes so long that others can ask meanwhile. */
function slowQuestion(directives = '[[sim:count 30]] [[sim:fault pace=20]]'): object {
  return { ...question(directives), stream: true, stream_options: { include_usage: true } };
}

function failureIn(text: string): string {
  return (JSON.parse(text) as { error: { message: string } }).error.message;
}

(SharedGround.isThere ? describe : describe.skip)('two gateways with one store and one Redis', () => {
  let ground: SharedGround;
  let gateways: [TestGateway, TestGateway];
  let apiKey: string;

  beforeAll(async () => {
    ground = await SharedGround.start();
    const env = { ...ground.env, AI_GATEWAY_CACHE_STORE: 'redis' };
    gateways = [await startGateway(env), await startGateway(env)];
    apiKey = await project();
  }, 60_000);
  afterAll(async () => {
    ground.redis.thaw();
    await Promise.all((gateways ?? []).map(gateway => gateway.stop()));
    await ground.remove();
  });
  afterEach(() => gateways.forEach(({ simulator }) => simulator.chaos([])));

  async function project(): Promise<string> {
    const { body } = await gateways[0].admin<{ apiKey: string }>('POST', '/admin/projects', {
      name: 'p',
      cache: 'all',
    });
    return body.apiKey;
  }

  /** Requests that vendors had. */
  function calls(): number {
    return gateways.reduce((sum, { simulator }) => sum + simulator.requests().length, 0);
  }

  async function ask(number: number, body: object, key = apiKey): Promise<Said> {
    const response = await begin(number, body, undefined, key);
    return {
      status: response.status,
      cache: response.headers.get('x-llmhub-cache'),
      id: response.headers.get('x-request-id'),
      text: await response.text().catch(() => 'cut'),
    };
  }

  /** Resolves when the answer begins. */
  function begin(number: number, body: object, signal?: AbortSignal, key = apiKey): Promise<Response> {
    const gateway = gateways[number % 2] as TestGateway;
    const headers = { authorization: `Bearer ${key}` };
    return gateway.chat(body, { headers, ...(signal && { signal }) });
  }

  function many(count: number, body: object): Promise<Said[]> {
    return Promise.all(Array.from({ length: count }, (_, number) => ask(number, body)));
  }

  it('make one call of the same request at the same time, which one pays, and answer all', async () => {
    const before = calls();
    const answers = await many(100, question('[[sim:fault delay=2000]]'));

    expect(answers.map(({ status }) => status)).toEqual(Array(100).fill(200));
    expect(calls() - before).toBe(1);
    expect(answers.filter(({ cache }) => cache === 'miss')).toHaveLength(1);
    expect(answers.filter(({ cache }) => cache === SHARED)).toHaveLength(99);
    const paying = answers.findIndex(({ cache }) => cache === 'miss');
    const paid = await usageOf(gateways[paying % 2] as TestGateway, answers[paying]?.id ?? '');
    expect(paid.costNanoUsd).toBeGreaterThan(0);
    const free = await Promise.all(
      answers
        .map(({ id }, number) => ({ id, gateway: gateways[number % 2] as TestGateway }))
        .filter((_, number) => number !== paying)
        .map(({ id, gateway }) => usageOf(gateway, id)),
    );
    for (const record of free) {
      expect(record).toMatchObject({
        cached: true,
        attempts: 0,
        costNanoUsd: 0,
        savedNanoUsd: paid.costNanoUsd,
        outcome: 'completed',
      });
    }
  }, 20_000);

  it('look again for what was kept while they looked, before they make the same call', async () => {
    const before = calls();
    const body = question('');
    const cache = gateways[1].app.get(AnswerCache);
    const looked = Promise.withResolvers<void>();
    const over = Promise.withResolvers<void>();
    cache.find = async (...asked) => {
      Reflect.deleteProperty(cache, 'find');
      const found = await cache.find(...asked);
      looked.resolve();
      return over.promise.then(() => found);
    };
    const late = ask(1, body);
    await looked.promise;
    expect((await ask(0, body)).cache).toBe('miss');
    over.resolve();

    expect((await late).cache).toMatch(/^hit; age=\d+$/);
    expect(calls() - before).toBe(1);
  });

  it('stream it to all while it comes', async () => {
    const before = calls();
    const body = slowQuestion();
    const first = await begin(0, body);
    const reader = (await begin(1, body)).body?.getReader();
    const piece = await reader?.read();
    expect(calls() - before).toBe(1);
    expect(Buffer.from(piece?.value ?? []).toString()).not.toContain('[DONE]');
    await reader?.cancel();
    await first.text();

    const answers = await many(10, slowQuestion());
    expect(calls() - before).toBe(2);
    expect(new Set(answers.map(({ text }) => contentOf(text))).size).toBe(1);
    expect(answers.every(({ text }) => text.includes('[DONE]'))).toBe(true);
    expect(answers.filter(({ cache }) => cache === SHARED)).toHaveLength(9);
    const records = await Promise.all(
      answers.map(({ id }, number) => usageOf(gateways[number % 2] as TestGateway, id)),
    );
    const cost = Math.max(...records.map(({ costNanoUsd }) => costNanoUsd ?? 0));
    expect(cost).toBeGreaterThan(0);
    expect(records.map(record => record.savedNanoUsd ?? 0).toSorted((one, other) => one - other)).toEqual([
      0,
      ...Array<number>(9).fill(cost),
    ]);
  });

  it('serve all dialects with it', async () => {
    const before = calls();
    const asked = {
      model: 'openai/gpt-4.1-mini',
      prompt: 'In all words [[sim:count 20]] [[sim:fault pace=20]]',
      key: apiKey,
    };
    const heard = await Promise.all(
      gateways.flatMap(gateway => Object.values(APIS).map(api => api.streamed(gateway, asked))),
    );

    expect(calls() - before).toBe(1);
    expect(new Set(heard.map(({ text }) => text)).size).toBe(1);
    expect(heard[0]?.text).toContain('20');
  });

  it('goes on for the other gateway when the one who asked first has left', async () => {
    const before = calls();
    const body = slowQuestion();
    const leaving = new AbortController();
    const first = await begin(0, body, leaving.signal);
    const second = await begin(1, body);
    leaving.abort();
    await first.text().catch(() => null);

    expect(contentOf(await second.text())).toContain('30');
    expect(calls() - before).toBe(1);
  });

  it('hang up on the vendor when all have left, in both', async () => {
    const body = slowQuestion('[[sim:count 500]] [[sim:fault pace=50]]');
    const leaving = new AbortController();
    const answers = [await begin(0, body, leaving.signal), await begin(1, body, leaving.signal)];
    const ids = answers.map(({ headers }) => headers.get('x-request-id'));
    leaving.abort();

    await expect(usageOf(gateways[1], ids[1] ?? '')).resolves.toMatchObject({
      outcome: 'aborted',
      attempts: 0,
    });
    await expect(usageOf(gateways[0], ids[0] ?? '')).resolves.toMatchObject({
      outcome: 'aborted',
      attempts: 1,
    });
  });

  it('tell all of them what the vendor failed with, which is not asked again by each', async () => {
    gateways.forEach(({ simulator }) =>
      simulator.chaos([{ vendor: 'openai', fault: 'status=500,delay=500' }]),
    );
    const before = calls();
    const [alone] = await many(1, question(''));
    const asOne = calls() - before;
    const answers = await many(20, question(''));

    expect(calls() - before).toBe(2 * asOne);
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(alone?.status));
    expect(new Set(answers.map(({ text }) => failureIn(text))).size).toBe(1);
  });

  it('break off for all when the vendor does', async () => {
    const answers = await many(6, slowQuestion('[[sim:count 30]] [[sim:fault pace=20,cut=900]]'));

    expect(answers.map(({ text }) => text.includes('[DONE]'))).toEqual(Array(6).fill(false));
    expect(answers.map(({ text }) => text.includes('"error"'))).toEqual(Array(6).fill(true));
    const messages = answers.map(({ text }) => /"message":"([^"]*)"/.exec(text)?.[1]);
    expect(new Set(messages).size).toBe(1);
  });

  it('share nothing between projects', async () => {
    const other = await project();
    const before = calls();
    const body = question('[[sim:fault delay=1000]]');
    const answers = await Promise.all([ask(0, body), ask(1, body, other), ask(0, body, other)]);

    expect(answers.map(({ cache }) => cache).filter(cache => cache === 'miss')).toHaveLength(2);
    expect(calls() - before).toBe(2);
  });

  it('leave nothing in Redis that says anything, and nothing at all in the end', async () => {
    const client = new Client(ground.redis.url);
    const heard: string[] = [];
    client.on('pmessage', (_pattern, _channel, message: string) => heard.push(message));
    await client.psubscribe('llmhub:gateway:*');
    const reader = new Client(ground.redis.url);
    await eventually(async () => expect(await reader.keys('llmhub:flights:*')).toEqual([]));
    const before = calls();
    const answers = many(4, { ...slowQuestion(), user: 'somebody' });
    await eventually(() => expect(heard.length).toBeGreaterThan(2));
    const forged = ['nothing of a gateway', `${'0'.repeat(64)}${heard[0]?.slice(64)}`];
    const [address = ''] = (await reader.pubsub('CHANNELS', 'llmhub:gateway:*')) as string[];
    await Promise.all(forged.map(message => reader.publish(address, message)));
    expect(await reader.keys('llmhub:flights:*')).toEqual([
      expect.stringMatching(/^llmhub:flights:[0-9a-f]{64}$/),
    ]);
    expect(new Set((await answers).map(({ text }) => contentOf(text))).size).toBe(1);
    expect(calls() - before).toBe(1);
    await eventually(async () => expect(await reader.keys('llmhub:flights:*')).toEqual([]));
    client.disconnect();
    reader.disconnect();

    const sent = heard.filter(message => !forged.includes(message));
    expect(sent.every(message => /^[0-9a-f]{64} v1\.[\w.-]+$/.test(message))).toBe(true);
  });

  it('answer everybody, each by its own call, when Redis is frozen while they wait, and together again afterwards', async () => {
    const before = calls();
    const body = question('[[sim:fault delay=2500]]');
    const answers = many(10, body);
    await eventually(() => expect(calls() - before).toBe(1));
    ground.redis.freeze();
    const later = many(10, question('[[sim:fault delay=100]]'));

    expect((await later).map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect((await answers).map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(calls() - before).toBe(4);
    ground.redis.thaw();
    await eventually(() =>
      expect(gateways.map(({ app }) => app.get(OtherGateways).areReached)).toEqual([true, true]),
    );
    const again = calls();
    await many(10, question('[[sim:fault delay=1000]]'));
    expect(calls() - again).toBe(1);
  }, 30_000);

  it('answer everybody when Redis is killed under load, and comes back empty', async () => {
    const before = calls();
    const bodies = Array.from({ length: 20 }, (_, n) => question(`[[sim:fault delay=${200 + 40 * n}]]`));
    const answers = Promise.all(bodies.map(body => many(10, body)));
    await eventually(() => expect(calls() - before).toBe(20));
    await ground.redis.kill();
    await ground.redis.start();
    const all = await answers;

    expect(all.flat().map(({ status }) => status)).toEqual(Array(200).fill(200));
    expect(calls() - before).toBeLessThanOrEqual(40); // at most one of each gateway
  }, 30_000);
});

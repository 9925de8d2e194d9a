import { Redis as Client } from 'ioredis';
import { Caching, type Owner } from './support/caching.js';
import { eventually } from './support/eventually.js';
import { SharedGround } from './support/shared-ground.js';
import { contentOf } from './support/streamed.js';

const ONLY = { 'x-llmhub-cache': 'only' };
const HIT = /^hit; age=\d+$/;
const EVERYBODY = 'llmhub:gateway:all';

/** Clocks stand still: nothing is looked up again because a minute is over. */
(SharedGround.isThere ? describe.each(['memory', 'database', 'redis']) : describe.skip.each(['']))(
  'two gateways with a Redis that keep answers in %s',
  where => {
    let ground: SharedGround;
    let one: Caching;
    let two: Caching;
    let owner: Owner;

    beforeAll(async () => {
      ground = await SharedGround.start();
      const env = { ...ground.env, AI_GATEWAY_CACHE_STORE: where };
      [one, two] = [await Caching.start(env), await Caching.start(env)];
    }, 60_000);
    beforeEach(async () => {
      owner = await one.project();
    });
    afterAll(async () => {
      await Promise.all([one, two].map(caching => caching?.gateway.stop()));
      await ground?.remove();
    });

    const calls = (): number => one.calls + two.calls;

    async function purge(caching: Caching, meant: object = {}, projectId = owner.id): Promise<number> {
      const path = `/admin/projects/${projectId}/cache/purge`;
      const { status, body } = await caching.gateway.admin<{ purged: number }>('POST', path, meant);
      expect(status).toBe(200);
      return body.purged;
    }

    const cacheOf = async (caching: Caching, body: object, headers: object = {}): Promise<string> => {
      const { status, cache } = await caching.ask(owner, body, headers);
      return cache ?? String(status);
    };

    /** Both remember an answer to it. */
    async function remembered(headers: object = {}): Promise<object> {
      const body = one.question();
      await cacheOf(one, body, headers);
      await eventually(async () => {
        await cacheOf(two, body, headers);
        expect(await cacheOf(two, body, { ...headers, ...ONLY })).toMatch(HIT);
      });
      return body;
    }

    /** The one gateway asks it, and its vendor takes its time. */
    async function underWay(
      caching: Caching,
      directives: string,
    ): Promise<{ body: object; said: ReturnType<Caching['ask']> }> {
      const asked = caching.question(directives);
      const body = { ...asked, stream: true, stream_options: { include_usage: true } };
      const before = calls();
      const said = caching.ask(owner, body);
      await eventually(() => expect(calls() - before).toBe(1));
      return { body, said };
    }

    it('forget what is purged at one of them, and nothing else', async () => {
      const named = { 'x-llmhub-cache-namespace': 'user-17' };
      const body = await remembered();
      const gone = await remembered(named);
      await purge(one, { namespace: 'user-17' });

      await eventually(async () => expect(await cacheOf(two, gone, { ...named, ...ONLY })).toBe('504'));
      expect(await cacheOf(one, gone, { ...named, ...ONLY })).toBe('504');
      expect([await cacheOf(one, body, ONLY), await cacheOf(two, body, ONLY)]).toEqual([
        expect.stringMatching(HIT),
        expect.stringMatching(HIT),
      ]);
    });

    it('keep nothing of a call that was under way at the other one, and give it to nobody new', async () => {
      const { body, said } = await underWay(two, '[[sim:count 30]] [[sim:fault pace=20]]');
      await purge(one);
      const before = calls();
      const later = await Promise.all([one, two].map(caching => caching.ask(owner, body)));
      const first = await said;

      expect(calls() - before).toBe(1);
      expect(later.map(({ cache }) => cache).toSorted()).toEqual(['hit; age=0; shared', 'miss']);
      expect(contentOf(first.text)).toContain('30');
      expect(first.text).toContain('[DONE]');
      const asked = later.find(({ cache }) => cache === 'miss')?.headers.get('x-request-id') ?? '';
      await eventually(async () => {
        for (const caching of where === 'memory' ? [] : [one, two]) {
          const { cache, text } = await caching.ask(owner, body, ONLY);
          expect(cache).toMatch(HIT);
          expect(text).toContain(asked);
        }
      });
    });

    it('keep nothing of it at all when nobody asks it again', async () => {
      const { body, said } = await underWay(two, '[[sim:count 20]] [[sim:fault pace=20]]');
      await purge(one);
      await said;

      expect([await cacheOf(one, body, ONLY), await cacheOf(two, body, ONLY)]).toEqual(['504', '504']);
    });

    const itWhereShared = where === 'memory' ? it.skip : it;

    itWhereShared.each([
      ['a refresh', { 'x-llmhub-cache': 'refresh' }],
      ['a newer answer', { 'cache-control': 'max-age=5' }],
    ])('give what %s at one of them put in the place of what they remember', async (_, headers) => {
      const body = await remembered();
      [one, two].forEach(caching => caching.pass(10_000));
      const newer = (await one.ask(owner, body, headers)).headers.get('x-request-id') ?? '';

      await eventually(async () => {
        const { cache, text } = await two.ask(owner, body, ONLY);
        expect(cache).toBe('hit; age=0');
        expect(text).toContain(newer);
      });
    });

    itWhereShared('keep nothing in its place that was asked at the other one before', async () => {
      two.gateway.simulator.chaos([{ vendor: 'openai', fault: 'delay=2000' }]);
      const { body, said } = await underWay(two, '');
      const fresh = await one.ask(owner, body, { 'x-llmhub-cache': 'refresh' });
      expect(fresh.cache).toBe('refresh');
      const id = fresh.headers.get('x-request-id') ?? '';
      await said;
      two.gateway.simulator.chaos([]);

      for (const caching of [one, two]) {
        const { cache, text } = await caching.ask(owner, body, ONLY);
        expect(cache).toMatch(HIT);
        expect(text).toContain(id);
      }
    });

    // With a store they would find it there again.
    const itWhereAlone = where === 'memory' ? it : it.skip;

    itWhereAlone('hear nobody who is no gateway: what is forged, and what was recorded', async () => {
      const client = new Client(ground.redis.url);
      const heard: string[] = [];
      client.on('message', (_channel, message: string) => heard.push(message));
      await client.subscribe(EVERYBODY);
      await purge(one);
      await eventually(() => expect(heard).toHaveLength(1));
      const [purged = ''] = heard;
      const body = await remembered();
      const stranger = new Client(ground.redis.url);
      const altered = purged.replace(/..$/, end => (end === 'AA' ? 'BB' : 'AA'));
      for (const message of [purged, altered, 'nothing of a gateway']) {
        expect(await stranger.publish(EVERYBODY, message)).toBe(3);
      }
      const other = await remembered({ 'x-llmhub-cache-namespace': 'heard-after-that' });
      await purge(one, { namespace: 'heard-after-that' });
      await eventually(async () =>
        expect(await cacheOf(two, other, { 'x-llmhub-cache-namespace': 'heard-after-that', ...ONLY })).toBe(
          '504',
        ),
      );

      expect([await cacheOf(one, body, ONLY), await cacheOf(two, body, ONLY)]).toEqual([
        expect.stringMatching(HIT),
        expect.stringMatching(HIT),
      ]);
      expect(heard.every(message => !message.includes(owner.id))).toBe(true);
      [client, stranger].forEach(connection => connection.disconnect());
    });

    itWhereAlone(
      'purge what they have themselves while Redis is away, and hear each other when it is back',
      async () => {
        const body = await remembered();
        await ground.redis.kill();
        expect(await purge(one)).toBe(1);
        expect([await cacheOf(one, body, ONLY), await cacheOf(two, body, ONLY)]).toEqual([
          '504',
          expect.stringMatching(HIT),
        ]);
        await ground.redis.start();
        await eventually(async () => {
          await purge(one);
          expect(await cacheOf(two, body, ONLY)).toBe('504');
        });
      },
    );
  },
);

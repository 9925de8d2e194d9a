import { UsageRecorder } from '@app/analytics';
import { Config } from '@app/shared';
import { eventually } from './support/eventually.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { MYSQL_TEST_URI, POSTGRES_TEST_URI } from './support/databases.js';
import type { FailingStore } from './support/failing-store.js';
import { hasMongoServer, MongoServer } from './support/mongo-server.js';
import { StoreDoor } from './support/store-door.js';

const QUESTION = { model: 'openai/gpt-4.1-mini', messages: [{ role: 'user', content: 'Hi' }] };
const CALLERS = 4;
const CALLS = 40;
/** How much longer than the store's own time-out an answer may take on a busy machine. */
const PATIENCE = 10;

const outages: readonly [string, (server: FailingStore) => unknown, (server: FailingStore) => unknown][] = [
  ['stopped', server => server.kill(), server => server.start()],
  ['frozen', server => server.freeze(), server => server.thaw()],
];

/** Callers that never rest. Each answer is counted by its status and its id. */
class Load {
  readonly answered: string[] = [];
  readonly others: number[] = [];
  private running = true;
  private readonly callers: Promise<unknown>;

  constructor(private readonly gateway: TestGateway) {
    this.callers = Promise.all(Array.from({ length: CALLERS }, () => this.call()));
  }

  /** Resolves when so many more calls were answered well. */
  async more(count: number): Promise<void> {
    const goal = this.answered.length + count;
    await eventually(() => expect(this.answered.length).toBeGreaterThanOrEqual(goal), 60_000);
  }

  async stop(): Promise<void> {
    this.running = false;
    await this.callers;
  }

  private async call(): Promise<void> {
    while (this.running) {
      const response = await this.gateway.chat(QUESTION);
      await response.text();
      if (response.status === 200) {
        this.answered.push(response.headers.get('x-request-id') ?? '');
      } else {
        this.others.push(response.status);
      }
    }
  }
}

describe.each([
  ['MongoDB', hasMongoServer(), () => MongoServer.start()],
  ['PostgreSQL', POSTGRES_TEST_URI !== undefined, () => StoreDoor.start('postgres')],
  ['MySQL', MYSQL_TEST_URI !== undefined, () => StoreDoor.start('mysql')],
] as const)('while %s is away', (_, isThere, startServer) => {
  (isThere ? describe : describe.skip)('which needs a server of its own', () => {
    let server: FailingStore;
    let gateway: TestGateway;
    let load: Load | null;

    beforeEach(async () => {
      load = null;
      server = await startServer();
      gateway = await startGateway(server.environment);
    }, 90_000);
    afterEach(async () => {
      await load?.stop();
      await gateway?.stop();
      await server?.remove();
    }, 90_000);

    it.each(outages)(
      '%s: known keys go on, others are told to come back, and no record is lost',
      async (_outage, begin, end) => {
        const cold = await newKey();
        load = new Load(gateway);
        await load.more(CALLS);

        await begin(server);
        const refused = await ask(cold);
        expect(refused.status).toBe(503);
        expect(refused.headers.get('retry-after')).toBe('1');
        expect(await refused.json()).toMatchObject({ error: { code: 'store_unavailable' } });
        for (const at of ['/admin/projects', '/admin/usage']) {
          const { status, headers } = await gateway.admin('GET', at);
          expect([status, headers.get('retry-after')]).toEqual([503, '1']);
        }
        expect(await ready()).toBe(503);
        await load.more(CALLS);

        await end(server);
        await eventually(async () => expect((await ask(cold)).status).toBe(200), 60_000);
        await eventually(async () => expect(await ready()).toBe(200));
        await load.more(CALLS);
        await expectNothingLost(load, 1); // the cold key's
      },
      180_000,
    );

    it('restarted again and again: no call notices, and no record is lost', async () => {
      load = new Load(gateway);
      for (let round = 0; round < 3; round++) {
        await load.more(CALLS);
        await server.kill();
        await server.start();
      }
      await load.more(CALLS);

      await expectNothingLost(load, 0);
    }, 180_000);

    it.each(outages)(
      '%s: responses are answered, and say that they are not kept',
      async (_outage, begin) => {
        expect((await respond({})).status).toBe(200); // which the store keeps: it knows the caller from now on
        await begin(server);
        const response = await respond({});

        expect(response.status).toBe(200);
        expect(response.headers.get('x-llmhub-warnings')).toBe('dropped=store');
        expect(await response.json()).toMatchObject({ status: 'completed', store: false });
        expect((await respond({ background: true })).status).toBe(503);
      },
      180_000,
    );

    function respond(more: object): Promise<Response> {
      return gateway.call('/v1/responses', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'anthropic/claude-sonnet-5', input: 'Hi', ...more }),
      });
    }

    /** Every answered call has one record, and so have the calls of other keys. */
    async function expectNothingLost(calls: Load, ofOtherKeys: number): Promise<void> {
      await calls.stop();
      expect(calls.others).toEqual([]);
      const recorder = gateway.app.get(UsageRecorder);
      const ids = await eventually(async () => {
        await recorder.flush();
        const found = await recorded();
        expect(found).toHaveLength(calls.answered.length + ofOtherKeys);
        return found;
      }, 60_000);

      expect(new Set(ids).size).toBe(ids.length);
      expect(ids).toEqual(expect.arrayContaining(calls.answered));
      expect(recorder.dropped).toBe(0);
    }

    /** Of a project whose keys nobody has asked for yet. */
    async function newKey(): Promise<string> {
      const { body } = await gateway.admin<{ apiKey: string }>('POST', '/admin/projects', { name: 'cold' });
      return body.apiKey;
    }

    function ask(key: string): Promise<Response> {
      const { store } = gateway.app.get(Config);
      const timeoutMs = store.kind === 'sqlite' ? 0 : store.timeoutMs;
      return gateway.chat(QUESTION, {
        headers: { authorization: `Bearer ${key}` },
        signal: AbortSignal.timeout(PATIENCE * timeoutMs),
      });
    }

    async function ready(): Promise<number> {
      return (await fetch(`${gateway.url}/health/ready`)).status;
    }

    /** A cold key may be let in and its call fail when the store comes back in its midst: that has a record, too. */
    async function recorded(): Promise<string[]> {
      const ids: string[] = [];
      for (let after = ''; ;) {
        const { status, body } = await gateway.admin<{ data: { id: string }[]; next: string | null }>(
          'GET',
          `/admin/usage?outcome=completed&limit=200${after}`,
        );
        expect(status).toBe(200);
        ids.push(...body.data.map(({ id }) => id));
        if (body.next === null) {
          return ids;
        }
        after = `&after=${encodeURIComponent(body.next)}`;
      }
    }
  });
});

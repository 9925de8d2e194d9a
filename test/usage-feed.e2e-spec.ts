import { Lifecycle } from '../apps/gateway/src/lifecycle.js';
import { eventually } from './support/eventually.js';
import { FeedReader } from './support/feed.js';
import { startGateway, type TestGateway } from './support/gateway.js';

const MODEL = 'openai/gpt-4.1-mini';

let gateway: TestGateway;
let readers: FeedReader[];

beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway?.stop());
beforeEach(() => {
  readers = [];
});
afterEach(() => readers.forEach(reader => reader.close()));

async function watch(wanted: Parameters<typeof FeedReader.open>[1] = {}): Promise<FeedReader> {
  const reader = await FeedReader.open(gateway, wanted);
  readers.push(reader);
  return reader;
}

/** The id of a call that has ended. */
async function call(content = 'Hello', key?: string): Promise<string> {
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const response = await gateway.chat({ model: MODEL, messages: [{ role: 'user', content }] }, { headers });
  await response.text();
  return response.headers.get('x-request-id') ?? '';
}

describe('the feed of calls', () => {
  it('shows a call as it ends, as it is on record', async () => {
    const reader = await watch();
    const id = await call();
    await reader.told(id);

    // The feed is told before the store.
    await eventually(async () => {
      const { body } = await gateway.admin<Record<string, unknown>>('GET', `/admin/usage/${id}`);
      expect(body).toMatchObject(reader.named('call')[0] ?? {});
    });
  });

  it('adds up every second, whatever became of the calls, and goes on in silence', async () => {
    const reader = await watch();
    await reader.quiet();
    await call();
    await call('[[sim:fault status=500]]');
    await eventually(() => expect(reader.total('calls')).toBe(2));
    await eventually(() => expect(reader.seconds.at(-1)?.calls).toBe(0));

    const { body } = await gateway.admin<{ data: { costNanoUsd: number; inputTokens: number }[] }>(
      'GET',
      '/admin/usage?limit=2',
    );
    const of = (name: 'costNanoUsd' | 'inputTokens') =>
      body.data.reduce((sum, record) => sum + (record[name] ?? 0), 0);
    const failed = reader.seconds.reduce((sum, second) => sum + second.failedCalls, 0);
    expect([reader.total('costNanoUsd'), reader.total('inputTokens'), failed]).toEqual([
      of('costNanoUsd'),
      of('inputTokens'),
      1,
    ]);
    const busy = reader.seconds.find(({ calls }) => calls > 0);
    expect(busy).toMatchObject({ gateways: 1, latencyMs: { p50: expect.any(Number) as unknown } });
    expect(reader.seconds.at(-1)).toMatchObject({ latencyMs: null, firstSoundMs: null, relay: null });
  });

  it('shows one project alone to who asks for that', async () => {
    const { body } = await gateway.admin<{ id: string; apiKey: string }>('POST', '/admin/projects', {
      name: 'another',
    });
    const [all, one] = [await watch(), await watch({ projectId: body.id })];
    await all.quiet();
    const theirs = await call();
    const mine = await call('Hello', body.apiKey);
    await all.told(theirs, mine);
    await one.told(mine);

    expect(one.calls).toEqual([mine]);
    await eventually(() => expect([all.total('calls'), one.total('calls')]).toEqual([2, 1]));
  });

  it('goes on where a connection broke', async () => {
    const first = await watch();
    const seen = await call();
    await first.told(seen);
    first.close();
    const witness = await watch();
    const missed = [await call(), await call()];
    await witness.told(...missed);
    const second = await watch({ after: seen });
    await second.told(...missed);

    expect(second.calls).toEqual(missed);
    expect(second.named('missed')).toEqual([]);
  });

  it('says that nobody knows what was missed, where the last call is none of the latest', async () => {
    const reader = await watch({ after: 'nothing that anybody knows' });
    const id = await call();
    await reader.told(id);

    expect(reader.named('missed')).toEqual([{ calls: null }]);
    expect(reader.calls).toEqual([id]);
  });

  it('shows some of many calls, and counts all', async () => {
    const reader = await watch();
    await reader.quiet();
    await Promise.all(Array.from({ length: 120 }, () => call('[[sim:fault status=400]]')));
    await eventually(() => expect(reader.total('calls')).toBe(120));

    expect(reader.calls.length).toBe(reader.total('shownCalls'));
    expect(reader.calls.length).toBeLessThan(120);
    expect(reader.named('missed')).toEqual([]);
  });

  it('is for admins, to look: no project sees it', async () => {
    const { body } = await gateway.admin<{ key: string }>('POST', '/admin/users', {
      name: 'viewer',
      role: 'viewer',
    });
    const statusOf = async (key: string, method = 'GET') => {
      const response = await fetch(`${gateway.url}/admin/analytics/stream`, {
        method,
        headers: { authorization: `Bearer ${key}` },
      });
      await response.body?.cancel();
      return response.status;
    };

    expect([
      await statusOf(gateway.projectKey),
      await statusOf('ak_wrong'),
      await statusOf(body.key),
      await statusOf(body.key, 'HEAD'),
    ]).toEqual([403, 401, 200, 200]);
  });

  it('ends when the gateway stops, which does not wait for who watches', async () => {
    const stopping = await startGateway();
    const reader = await FeedReader.open(stopping);
    await reader.quiet();
    await stopping.app.get(Lifecycle).drain(stopping.app.getHttpServer());
    await reader.ended();
    await stopping.stop();

    expect(reader.named('end')).toEqual([{ reason: 'shutting_down' }]);
  });
});

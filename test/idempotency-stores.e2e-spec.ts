import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Clock } from '@app/shared';
import { encryptionKey } from './support/encryption-key.js';
import { eventually } from './support/eventually.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { holdClock } from './support/held-clock.js';
import { isReplayed, newKey, ORIGINAL_ID, tell, type Told } from './support/idempotency-keys.js';
import { describeOnServers, removeData, storeEnvironment } from './support/test-store.js';

const CHAT = '/v1/chat/completions';
const KEYS = { AI_GATEWAY_SECURITY_ENCRYPTION_KEY: encryptionKey(7) };

/** A chat, with wishes to the simulator. */
function asking(wishes = ''): unknown {
  return {
    model: 'openai/gpt-4.1-mini',
    stream: true,
    messages: [{ role: 'user', content: `Tea? ${wishes}` }],
  };
}

it('an answer is replayed by the gateway that was started anew, with another encryption key', async () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'gateway-idempotency-'));
  const store = await storeEnvironment(dataDir);
  let gateway = await startGateway({ ...store, ...KEYS });
  try {
    const headers = { ...newKey().headers, authorization: `Bearer ${gateway.projectKey}` };
    const first = await tell(gateway, CHAT, asking(), headers);
    await gateway.stop();
    const [old, next] = [encryptionKey(7), encryptionKey(8)];
    gateway = await startGateway({
      ...store,
      AI_GATEWAY_SECURITY_ENCRYPTION_KEYS: `2027:${next},old:${old}`,
    });
    await tell(gateway, '/v1/moderations', {}, headers); // the project's key moves when it is used
    await gateway.admin('POST', '/admin/encryption/reencrypt');
    await gateway.stop();
    gateway = await startGateway({ ...store, AI_GATEWAY_SECURITY_ENCRYPTION_KEYS: `2027:${next}` });
    const second = await tell(gateway, CHAT, asking(), headers);

    expect(second).toMatchObject({ status: 200, body: first.body });
    expect(isReplayed(second)).toBe(true);
    expect(gateway.simulator.requests()).toEqual([]);
  } finally {
    await gateway.stop();
    await removeData(dataDir);
  }
}, 60_000);

describeOnServers('two gateways that share a %s', database => {
  let one: TestGateway;
  let two: TestGateway;

  beforeAll(async () => {
    const shared = { ...(await database.environment()), ...KEYS };
    one = await startGateway(shared);
    two = await startGateway(shared);
  }, 60_000);
  beforeEach(() => [one, two].forEach(({ simulator }) => simulator.reset()));
  afterAll(async () => {
    await two?.stop();
    await one?.stop();
    await database.drop();
  });

  const at = (gateway: TestGateway, body: unknown, key: Record<string, string>): Promise<Told> =>
    tell(gateway, CHAT, body, { ...key, authorization: `Bearer ${one.projectKey}` });
  /** At the first, until its caller leaves. */
  const begin = (body: unknown, key: Record<string, string>, signal: AbortSignal): Promise<Response> =>
    fetch(`${one.url}${CHAT}`, {
      method: 'POST',
      signal,
      headers: { ...key, authorization: `Bearer ${one.projectKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const asked = (): number => one.simulator.requests().length + two.simulator.requests().length;

  it('make a call once: the other waits for it, and replays it', async () => {
    const { headers } = newKey();
    const body = asking('[[sim:fault delay=700]]');
    const first = at(one, body, headers);
    await eventually(() => expect(asked()).toBe(1));
    const [refused, second] = await Promise.all([at(two, asking('other'), headers), at(two, body, headers)]);

    expect(refused.status).toBe(409);
    expect(second.body).toBe((await first).body);
    expect(second.headers.get(ORIGINAL_ID)).toBe((await first).headers.get('x-request-id'));
    expect(asked()).toBe(1);
  });

  it('make one call of twenty that come at once to both', async () => {
    const { headers } = newKey();
    const told = await Promise.all(
      Array.from({ length: 20 }, (_unused, index) => at(index % 2 ? one : two, asking(), headers)),
    );

    expect(new Set(told.map(({ body }) => body)).size).toBe(1);
    expect(told.filter(isReplayed)).toHaveLength(19);
    expect(asked()).toBe(1);
  });

  it('tell callers to come back while a call takes long', async () => {
    const { headers } = newKey();
    const body = asking('[[sim:fault stall=1]]');
    const abort = new AbortController();
    const first = begin(body, headers, abort.signal);
    await eventually(() => expect(asked()).toBe(1));
    const second = await at(two, body, headers);
    abort.abort();
    await first.then(response => response.text()).catch(() => undefined);

    expect(second.status).toBe(409);
    expect(JSON.parse(second.body)).toMatchObject({ error: { code: 'idempotency_key_in_use' } });
    expect(Number(second.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(asked()).toBe(1);
  }, 30_000);

  it('make a call anew whose gateway has been killed, once its lease is over', async () => {
    const { headers } = newKey();
    const body = asking('[[sim:fault stall=1,times=1]]');
    const abort = new AbortController();
    const first = begin(body, headers, abort.signal).catch(() => null);
    await eventually(() => expect(asked()).toBe(1));
    const clock = holdClock(two.app.get(Clock)); // not before: it stands still, and the lease counts from when it was taken
    clock.advance(31_000); // as if nobody had renewed it
    const second = await at(two, asking(), headers);
    abort.abort();
    await first;

    expect([second.status, isReplayed(second)]).toEqual([200, false]);
    expect((await at(two, asking(), headers)).body).toBe(second.body);
  }, 30_000);
});

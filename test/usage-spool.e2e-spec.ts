import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually } from './support/eventually.js';
import { freePort } from './support/free-port.js';
import { GatewayProcess } from './support/gateway-process.js';
import { removeData } from './support/test-store.js';

const ADMIN_KEY = 'ak_test_spool_0123456789abcdef0123456789abcdef';
const ROUNDS = 4;
const CALLS = 20;

let dataDir: string;
let ports: [number, number];
let gateway: GatewayProcess | null = null;

beforeEach(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'gateway-spool-'));
  ports = [await freePort(), await freePort()];
});
afterEach(async () => {
  await gateway?.end('SIGKILL');
  await removeData(dataDir);
});

async function start(env: Record<string, string> = {}): Promise<GatewayProcess> {
  const settings = { AI_GATEWAY_ADMIN_KEY: ADMIN_KEY, ...env };
  gateway = await (await GatewayProcess.start(dataDir, ports, settings)).ready();
  return gateway;
}

function keyOf({ output }: GatewayProcess): string {
  return output.match(/\bpk_[0-9a-f]{48}/)?.[0] ?? '';
}

function ask({ url }: GatewayProcess, key: string, content: string, stream = false): Promise<Response> {
  return fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'openai/gpt-4.1-mini', stream, messages: [{ role: 'user', content }] }),
  });
}

/** @returns the ids of answers that their callers have whole */
async function call(running: GatewayProcess, key: string): Promise<string[]> {
  const hear = async (stream: boolean): Promise<string> => {
    const response = await ask(running, key, 'Hi', stream);
    expect(response.status).toBe(200);
    await response.text();
    return response.headers.get('x-request-id') ?? '';
  };
  return Promise.all(Array.from({ length: CALLS }, (_none, n) => hear(n % 2 === 0)));
}

type Recorded = Record<string, unknown> & { readonly id: string };

async function records({ url }: GatewayProcess): Promise<Recorded[]> {
  const headers = { authorization: `Bearer ${ADMIN_KEY}` };
  const response = await fetch(`${url}/admin/usage?limit=200`, { headers });
  return ((await response.json()) as { data: Recorded[] }).data;
}

async function settle({ url }: GatewayProcess, id: string | undefined, cost: object): Promise<object> {
  const response = await fetch(`${url}/admin/usage/${id}/settle`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify(cost),
  });
  return { status: response.status, body: (await response.json()) as object };
}

async function recorded(running: GatewayProcess): Promise<string[]> {
  return (await records(running)).map(({ id }) => id).toSorted();
}

/** How many calls have reached the vendor. */
async function arrived(): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${ports[1]}/calls`);
  const { openai } = (await response.json()) as Record<string, Record<string, { calls: number }>>;
  return openai?.['gpt-4.1-mini']?.calls ?? 0;
}

/** Files that wait for the store. */
const waiting = (): string[] =>
  readdirSync(path.join(dataDir, 'spool'), { recursive: true })
    .map(String)
    .filter(name => name.endsWith('.jsonl'));

it('no call whose answer was given is lost when the gateway is killed at once', async () => {
  let key = '';
  const answered: string[] = [];
  let left = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const running = await start();
    key ||= keyOf(running);
    answered.push(...(await call(running, key)));
    await running.end('SIGKILL');
    left += waiting().length; // 0 when the store had just got them all
  }
  const last = await start();

  expect(left).toBeGreaterThan(0); // or else this shows nothing
  await eventually(async () => expect(await recorded(last)).toEqual(answered.toSorted()));
  await eventually(() => expect(waiting()).toEqual([]));
}, 180_000);

it.each(['process', 'power'])(
  'calls in whose midst the gateway is killed are unsettled in the ledger (%s)',
  async durability => {
    const running = await start({ AI_GATEWAY_SPOOL_DURABILITY: durability });
    const key = keyOf(running);
    const answered = (await ask(running, key, 'Hi')).headers.get('x-request-id') ?? '';
    const broken = [false, true].map(stream =>
      ask(running, key, '[[sim:fault stall=40]] Hi', stream).then(r => r.text()),
    );
    await eventually(async () => expect(await arrived()).toBe(3));
    await running.end('SIGKILL');
    expect(await Promise.allSettled(broken)).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
    const last = await start();

    await eventually(async () => expect(await records(last)).toHaveLength(3));
    const [told, ...others] = (await records(last)).toReversed();
    expect(told).toMatchObject({ id: answered, outcome: 'completed' });
    for (const call of others) {
      expect(call).toMatchObject({
        outcome: 'unsettled',
        provider: 'openai',
        modelAsked: 'openai/gpt-4.1-mini',
        modelUsed: 'gpt-4.1-mini',
        costNanoUsd: null,
      });
    }
    await eventually(() => expect(waiting()).toEqual([]));
    expect(await settle(last, others[0]?.id, { costNanoUsd: 1234 })).toMatchObject({
      status: 200,
      body: { outcome: 'unsettled', costNanoUsd: null, corrections: [{ costNanoUsd: 1234 }] },
    });
    expect(await settle(last, answered, { costNanoUsd: 1 })).toMatchObject({ status: 409 });
    expect(await settle(last, others[0]?.id, { costNanoUsd: -1 })).toMatchObject({ status: 400 });
  },
  180_000,
);

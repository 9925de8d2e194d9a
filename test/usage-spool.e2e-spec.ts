import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually } from './support/eventually.js';
import { freePort } from './support/free-port.js';
import { GatewayProcess } from './support/gateway-process.js';
import { removeData } from './support/test-store.js';

const ADMIN_KEY = 'ak_test_spool_0123456789abcdef0123456789abcdef';
const ROUNDS = 3;
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

async function start(): Promise<GatewayProcess> {
  gateway = await (await GatewayProcess.start(dataDir, ports, { AI_GATEWAY_ADMIN_KEY: ADMIN_KEY })).ready();
  return gateway;
}

/** @returns the ids of answers that their callers have whole */
async function call({ url }: GatewayProcess, key: string): Promise<string[]> {
  const ask = async (stream: boolean): Promise<string> => {
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        model: 'openai/gpt-4.1-mini',
        stream,
        messages: [{ role: 'user', content: 'Hi' }],
      }),
    });
    expect(response.status).toBe(200);
    await response.text();
    return response.headers.get('x-request-id') ?? '';
  };
  return Promise.all(Array.from({ length: CALLS }, (_none, n) => ask(n % 2 === 0)));
}

async function recorded({ url }: GatewayProcess): Promise<string[]> {
  const headers = { authorization: `Bearer ${ADMIN_KEY}` };
  const response = await fetch(`${url}/admin/usage?limit=200`, { headers });
  const { data } = (await response.json()) as { data: { id: string }[] };
  return data.map(({ id }) => id).toSorted();
}

/** Files that wait for the store. */
const waiting = (): string[] =>
  readdirSync(path.join(dataDir, 'spool'), { recursive: true })
    .map(String)
    .filter(name => name.endsWith('.jsonl'));

it('no call whose answer was given is lost when the gateway is killed at once', async () => {
  let key = '';
  const answered: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const running = await start();
    key ||= running.output.match(/\bpk_[0-9a-f]{48}/)?.[0] ?? '';
    answered.push(...(await call(running, key)));
    await running.end('SIGKILL');
    expect(waiting().length).toBeGreaterThan(0); // or else this shows nothing
  }
  const last = await start();

  await eventually(async () => expect(await recorded(last)).toEqual(answered.toSorted()));
  await eventually(() => expect(waiting()).toEqual([]));
}, 180_000);

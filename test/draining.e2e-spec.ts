import { once } from 'node:events';
import { existsSync, mkdtempSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LiveClient } from '../apps/simulator/test/support/live-client.js';
import { answer, inWords, MODEL, said } from '../apps/simulator/test/support/realtime-events.js';
import { eventually } from './support/eventually.js';
import { GatewayProcess } from './support/gateway-process.js';
import { freePort } from './support/free-port.js';
import { removeData } from './support/test-store.js';

const ADMIN_KEY = 'ak_test_draining_0123456789abcdef';

let dataDir: string;
let ports: [number, number];
const running: GatewayProcess[] = [];

beforeAll(() => {
  if (!existsSync('dist/apps/gateway/src/main.js')) {
    throw new Error('There is no build to test. Run `npm run build` first.');
  }
});
beforeEach(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'gateway-draining-'));
  ports = [await freePort(), await freePort()];
});
afterEach(async () => {
  await Promise.all(running.splice(0).map(gateway => gateway.end('SIGKILL')));
  await removeData(dataDir);
});

async function start(timeoutMs: number): Promise<GatewayProcess> {
  const gateway = await GatewayProcess.start(dataDir, ports, {
    AI_GATEWAY_ADMIN_KEY: ADMIN_KEY,
    AI_GATEWAY_SERVER_SHUTDOWN_TIMEOUT_MS: String(timeoutMs),
  });
  running.push(gateway);
  return gateway.ready();
}

function keyOf({ output }: GatewayProcess): string {
  return output.match(/\bpk_[0-9a-f]{48}/)?.[0] ?? '';
}

function talk({ url }: GatewayProcess, key: string): Promise<LiveClient> {
  const headers = { authorization: `Bearer ${key}` };
  return LiveClient.open(`${url}/v1/realtime?model=${MODEL}`, { headers });
}

function chat(gateway: GatewayProcess, content: string, stream: boolean): Promise<Response> {
  return fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${keyOf(gateway)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-4.1-mini', stream, messages: [{ role: 'user', content }] }),
  });
}

/** Calls that the vendor has not answered to the end. */
async function active(): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${ports[1]}/health`);
  return ((await response.json()) as { active: number }).active;
}

async function answerOn(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  socket.write('GET /health/ready HTTP/1.1\r\nhost: x\r\n\r\n');
  await eventually(() => expect(text).toContain('\r\n\r\n'));
  return text;
}

describe('while the gateway drains', () => {
  it('it takes no new connections, and says on old ones that it is not ready', async () => {
    const gateway = await start(10_000);
    const old = connect(ports[0], '127.0.0.1');
    await once(old, 'connect');
    const response = await chat(gateway, '[[sim:count 60]] [[sim:fault pace=20]]', true);
    const ended = gateway.end('SIGTERM');
    await eventually(async () => {
      await expect(fetch(`${gateway.url}/health`)).rejects.toThrow();
    });

    expect(gateway.hasEnded).toBe(false);
    expect(await answerOn(old)).toMatch(/^HTTP\/1.1 503 /);
    expect((await response.text()).trimEnd().endsWith('data: [DONE]')).toBe(true);
    expect(await ended).toBe(0);
  }, 120_000);

  it('nobody waits for connections over which nothing was asked', async () => {
    const gateway = await start(600_000);
    const unused = connect(ports[0], '127.0.0.1');
    await once(unused, 'connect');
    const closed = once(unused.resume(), 'close');

    expect(await gateway.end('SIGTERM')).toBe(0);
    await closed;
  }, 120_000);

  it('a realtime session goes on until the deadline, and is told then', async () => {
    const gateway = await start(3000);
    const client = await talk(gateway, keyOf(gateway));
    await client.untilType('session.created');
    const ended = gateway.end('SIGTERM');
    await eventually(async () => {
      await expect(fetch(`${gateway.url}/health`)).rejects.toThrow();
    });
    client.send(inWords, said('hello'), answer);
    await client.untilType('response.done');

    expect(await client.closed).toBe(1001);
    expect(client.events.at(-1)).toMatchObject({ type: 'error', error: { code: 'shutting_down' } });
    expect(await ended).toBe(0);
  }, 120_000);

  it('nobody waits for who was refused a session, and stays', async () => {
    const gateway = await start(1000);
    const socket = connect({ port: ports[0], host: '127.0.0.1', allowHalfOpen: true });
    socket.write(
      'GET /v1/realtime HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\r\n',
    );
    await once(socket.resume(), 'end');

    expect(await gateway.end('SIGTERM')).toBe(0);
    socket.destroy();
  }, 120_000);

  it('a background response may still be done, and is there at the next start', async () => {
    const gateway = await start(10_000);
    const [key = ''] = gateway.output.match(/\bpk_[0-9a-f]{48}/) ?? [];
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const asked = { model: 'claude-sonnet-5', background: true, input: 'Hello [[sim:fault delay=800]]' };
    const body = JSON.stringify(asked);
    const begun = await fetch(`${gateway.url}/v1/responses`, { method: 'POST', headers, body });
    const { id } = (await begun.json()) as { id: string };
    await eventually(async () => expect(await active()).toBe(1));
    expect(await gateway.end('SIGTERM')).toBe(0);

    const next = await start(10_000);
    const kept = await fetch(`${next.url}/v1/responses/${id}`, { headers });
    expect(await kept.json()).toMatchObject({ id, status: 'completed', background: true });
  }, 120_000);

  it('a whole answer may still come', async () => {
    const gateway = await start(10_000);
    const asking = chat(gateway, 'Hello [[sim:fault delay=800]]', false);
    await eventually(async () => expect(await active()).toBe(1));
    const ended = gateway.end('SIGTERM');
    const response = await asking;

    expect(response.status).toBe(200);
    expect(await response.text()).toContain('Hello');
    expect(await ended).toBe(0);
  }, 120_000);
});

describe('at the deadline', () => {
  it('a whole answer that did not come is an honest 503, on the record', async () => {
    const gateway = await start(300);
    const asking = chat(gateway, 'Hello [[sim:fault delay=60000]]', false);
    await eventually(async () => expect(await active()).toBe(1));
    const ended = gateway.end('SIGTERM');
    const response = await asking;

    expect(response.status).toBe(503);
    await expect(response.json()).resolves.toMatchObject({ error: { code: 'shutting_down' } });
    expect(await ended).toBe(0);
    const next = await start(300);
    const usage = await fetch(`${next.url}/admin/usage`, {
      headers: { authorization: `Bearer ${ADMIN_KEY}` },
    });
    await expect(usage.json()).resolves.toMatchObject({
      data: [{ outcome: 'failed', status: 503, errorCode: 'shutting_down', attempts: 1 }],
    });
  }, 120_000);

  it('a stream that has not begun is one too', async () => {
    const gateway = await start(300);
    const asking = chat(gateway, 'Hello [[sim:fault delay=60000]]', true);
    await eventually(async () => expect(await active()).toBe(1));
    const ended = gateway.end('SIGTERM');

    expect((await asking).status).toBe(503);
    expect(await ended).toBe(0);
  }, 120_000);
});

describe('a second signal', () => {
  it('makes the deadline now, and keeps the record of what was streamed', async () => {
    const gateway = await start(60_000);
    const response = await chat(gateway, '[[sim:count 500]] [[sim:fault pace=50]]', true);
    const reading = response.text();
    const ended = gateway.end('SIGINT');
    await eventually(async () => {
      await expect(fetch(`${gateway.url}/health`)).rejects.toThrow();
    });
    void gateway.end('SIGINT');

    expect(await reading).toContain('shutting_down');
    expect(await ended).toBe(0);
    const next = await start(300);
    const usage = await fetch(`${next.url}/admin/usage`, {
      headers: { authorization: `Bearer ${ADMIN_KEY}` },
    });
    await expect(usage.json()).resolves.toMatchObject({
      data: [{ outcome: 'cut', errorCode: 'shutting_down', outputTokens: expect.any(Number) }],
    });
  }, 120_000);
});

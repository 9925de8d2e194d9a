import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { encryptionKey } from './support/encryption-key.js';
import { eventually } from './support/eventually.js';
import { GatewayProcess } from './support/gateway-process.js';
import { freePort } from './support/free-port.js';
import { ON_SERVER, removeData } from './support/test-store.js';

const ADMIN_KEY = 'ak_test_process_0123456789abcdef';
const SECRET = /\b[pa]k_[0-9a-f]{48}\b/g;

let dataDir: string;
let ports: [number, number];
const running: GatewayProcess[] = [];

beforeEach(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'gateway-process-'));
  ports = [await freePort(), await freePort()];
});
afterEach(async () => {
  await Promise.all(running.splice(0).map(gateway => gateway.end('SIGKILL')));
  await removeData(dataDir);
});

async function start(env: Record<string, string> = {}): Promise<GatewayProcess> {
  const gateway = await GatewayProcess.start(dataDir, ports, env);
  running.push(gateway);
  return gateway.ready();
}

function stream(gateway: GatewayProcess, fault: string): Promise<Response> {
  const [key = ''] = gateway.output.match(/\bpk_[0-9a-f]{48}/) ?? [];
  return fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'claude-sonnet-5',
      stream: true,
      messages: [{ role: 'user', content: `[[sim:count 40]] [[sim:fault ${fault}]]` }],
    }),
  });
}

const isListening = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/health`).then(
    () => true,
    () => false,
  );

describe('the process', () => {
  it('does not start with another encryption key than its store’s, and says what to do', async () => {
    const first = await start();
    expect(await first.end('SIGINT')).toBe(0);
    const second = await start({
      AI_GATEWAY_SECURITY_ENCRYPTION_KEY: encryptionKey(7),
    });

    expect(await second.end()).toBe(1);
    expect(second.output).toMatch(
      /cannot start\. AI_GATEWAY_SECURITY_ENCRYPTION_KEY is not the key of this store/,
    );
    expect(second.output.trim().split('\n')).toHaveLength(1);
  }, 120_000);

  it('shows its secrets on the first start and never again', async () => {
    const first = await start();
    expect(new Set(first.output.match(SECRET)).size).toBe(2);
    expect(await first.end('SIGINT')).toBe(0);
    const second = await start();

    expect(second.output).not.toMatch(SECRET);
    expect(second.output).toContain(dataDir);
  }, 120_000);

  it('lets a short stream finish when it is told to stop, and takes the simulator with it', async () => {
    const gateway = await start();
    const response = await stream(gateway, 'pace=10');
    const ended = gateway.end();
    const text = await response.text();

    expect(text.trimEnd().endsWith('data: [DONE]')).toBe(true);
    expect(await ended).toBe(0);
    expect(await isListening(ports[1])).toBe(false);
  }, 120_000);

  it('tells a stream that outlasts the deadline, and keeps its record', async () => {
    const env = { AI_GATEWAY_SERVER_SHUTDOWN_TIMEOUT_MS: '300', AI_GATEWAY_ADMIN_KEY: ADMIN_KEY };
    const gateway = await start(env);
    const response = await stream(gateway, 'pace=2000');
    const ended = gateway.end();
    const text = await response.text();

    expect(text).toContain('"code":"shutting_down"');
    expect(text).not.toContain('[DONE]');
    expect(await ended).toBe(0);
    const next = await start(env);
    const answer = await fetch(`${next.url}/admin/usage`, {
      headers: { authorization: `Bearer ${ADMIN_KEY}` },
    });
    await expect(answer.json()).resolves.toMatchObject({
      data: [{ outcome: 'cut', errorCode: 'shutting_down' }],
    });
  }, 120_000);

  it('takes the simulator with it when it is killed', async () => {
    const gateway = await start();
    expect(await isListening(ports[1])).toBe(true);
    await gateway.end('SIGKILL');

    await eventually(async () => expect(await isListening(ports[1])).toBe(false));
  }, 120_000);

  it('shares a store that allows it, and refuses one that does not', async () => {
    await start();
    ports = [await freePort(), await freePort()];
    const second = await start();

    expect(second.hasEnded).toBe(!ON_SERVER);
    expect(second.output.includes('Another gateway already uses')).toBe(!ON_SERVER);
  }, 120_000);

  it('refuses a port that is taken', async () => {
    await start();
    const [taken] = ports;
    const elsewhere = mkdtempSync(path.join(tmpdir(), 'gateway-process-'));
    const simulatorPort = await freePort();
    const other = await GatewayProcess.start(elsewhere, [taken, simulatorPort]);
    running.push(other);
    await other.ready();
    await removeData(elsewhere);

    expect(other.output).toContain(`AI_GATEWAY_SERVER_PORT names port ${taken}, which is taken.`);
    await eventually(async () => expect(await isListening(simulatorPort)).toBe(false));
  }, 120_000);

  it.each([
    ['a wrong port', { AI_GATEWAY_SERVER_PORT: 'https' }, 'AI_GATEWAY_SERVER_PORT is not valid'],
    ['a short admin key', { AI_GATEWAY_ADMIN_KEY: 'short-secret' }, 'AI_GATEWAY_ADMIN_KEY is not valid'],
    [
      'production without a key',
      { AI_GATEWAY_ENVIRONMENT: 'production' },
      'AI_GATEWAY_SECURITY_ENCRYPTION_KEY is missing',
    ],
    [
      'a placeholder for a key',
      { AI_GATEWAY_SECURITY_ENCRYPTION_KEY: Buffer.alloc(32).toString('base64') },
      'AI_GATEWAY_SECURITY_ENCRYPTION_KEY is no secret',
    ],
    [
      'what is production by another name',
      { AI_GATEWAY_ENVIRONMENT: 'prod' },
      "AI_GATEWAY_ENVIRONMENT is not 'production'",
    ],
    [
      'production on plain HTTP',
      {
        AI_GATEWAY_ENVIRONMENT: 'production',
        AI_GATEWAY_SECURITY_ENCRYPTION_KEY: encryptionKey(7),
      },
      'AI_GATEWAY_TLS_CERT_FILE is missing',
    ],
    [
      'a certificate that is not there',
      { AI_GATEWAY_TLS_CERT_FILE: '/nowhere/tls.crt', AI_GATEWAY_TLS_KEY_FILE: '/nowhere/tls.key' },
      'AI_GATEWAY_TLS_CERT_FILE cannot be read (ENOENT)',
    ],
  ])('does not start with %s, and says so in one line', async (_, env, line) => {
    const gateway = await start(env);

    expect(gateway.child.exitCode).toBe(1);
    expect(gateway.output.trimEnd().split('\n')).toEqual([expect.stringContaining(line)]);
    expect(gateway.output).not.toMatch(/https|short-secret|AAAA/);
  });

  it('says so when others may enter its data folder', async () => {
    chmodSync(dataDir, 0o755);
    const open = await start();
    await open.end();
    chmodSync(dataDir, 0o700);
    const closed = await start();

    expect(open.output.split('The data folder is open to other users')).toHaveLength(2);
    expect(closed.output).not.toContain('The data folder is open');
  });

  it('loads OpenTelemetry for whoever has a collector, and for nobody else', async () => {
    const telling = { NODE_OPTIONS: `--import ${path.resolve('test/support/tell-loaded.mjs')}` };
    const without = await start(telling);
    await without.end();
    const collector = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await freePort()}` }; // nobody is there
    const telemetered = await start({ ...telling, ...collector });

    expect(telemetered.output).toMatch(/^loaded .+sdk-trace/m);
    expect(without.output).not.toContain('loaded ');
    expect(await isListening(ports[0])).toBe(true);
  });

  it('makes no demo project in production', async () => {
    const key = encryptionKey(7);
    const gateway = await start({
      AI_GATEWAY_ENVIRONMENT: 'production',
      AI_GATEWAY_SECURITY_ENCRYPTION_KEY: key,
      AI_GATEWAY_TRUSTED_PROXIES: 'loopback',
    });

    expect(gateway.output).not.toContain('pk_');
    expect(gateway.output).toMatch(/\bak_[0-9a-f]{48}\b/);
    expect(await isListening(ports[1])).toBe(false);
  });
});

import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { makeCertificate, type TestCertificate } from './support/certificate.js';
import { eventually } from './support/eventually.js';
import { freePort } from './support/free-port.js';
import { GatewayProcess } from './support/gateway-process.js';

const FIRST = makeCertificate('first');
const SECOND = makeCertificate('second');

let dataDir: string;
let ports: [number, number];
let gateway: GatewayProcess;

beforeAll(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'gateway-tls-'));
  ports = [await freePort(), await freePort()];
  write(FIRST);
  gateway = await GatewayProcess.start(dataDir, ports, {
    AI_GATEWAY_TLS_CERT_FILE: path.join(dataDir, 'tls.crt'),
    AI_GATEWAY_TLS_KEY_FILE: path.join(dataDir, 'tls.key'),
  });
  await gateway.ready();
}, 30_000);
afterAll(async () => {
  await gateway.end('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

function write({ cert, key }: TestCertificate): void {
  writeFileSync(path.join(dataDir, 'tls.crt'), cert);
  writeFileSync(path.join(dataDir, 'tls.key'), key);
}

async function shake(options: ConnectionOptions = {}): Promise<TLSSocket> {
  const ca = [FIRST.cert, SECOND.cert];
  const socket = connect({ host: '127.0.0.1', port: ports[0], servername: 'localhost', ca, ...options });
  await once(socket, 'secureConnect');
  return socket;
}

async function servedName(): Promise<unknown> {
  const socket = await shake();
  const { subject } = socket.getPeerCertificate();
  socket.destroy();
  return subject.CN;
}

/** Verifies the certificate, unlike a client that is told to trust everything. */
async function chat(at: string, content: string, stream = false): Promise<IncomingMessage> {
  const [key = ''] = gateway.output.match(/\bpk_[0-9a-f]{48}/) ?? [];
  const sending = request(`https://localhost:${ports[0]}${at}`, {
    method: 'POST',
    ca: [FIRST.cert, SECOND.cert],
    agent: false,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    family: 4,
  });
  sending.end(JSON.stringify({ model: 'gpt-4.1-mini', stream, messages: [{ role: 'user', content }] }));
  const [response] = (await once(sending, 'response')) as [IncomingMessage];
  return response;
}

describe('the gateway with a certificate', () => {
  it('says https when it welcomes', () => {
    expect(gateway.output).toContain(`LLM Hub AI Gateway at https://127.0.0.1:${ports[0]}`);
    expect(gateway.output).toContain(`curl https://127.0.0.1:${ports[0]}/v1/chat/completions`);
  });

  it('speaks TLS 1.3', async () => {
    const socket = await shake();

    expect(socket.getProtocol()).toBe('TLSv1.3');
    expect(socket.authorized).toBe(true);
    socket.destroy();
  });

  it.each(['TLSv1', 'TLSv1.1', 'TLSv1.2'] as const)(
    'refuses a client that knows %s at most',
    async version => {
      const old = shake({ minVersion: 'TLSv1', maxVersion: version, ciphers: 'DEFAULT:@SECLEVEL=0' });

      await expect(old).rejects.toMatchObject({
        code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
      });
    },
  );

  it('does not speak plain HTTP', async () => {
    await expect(fetch(`http://127.0.0.1:${ports[0]}/health`)).rejects.toThrow('fetch failed');
  });

  it.each([
    ['the hot path', '/v1/chat/completions'],
    ['Express', '/v1/chat/completions?behind=express'],
  ])('answers whole and streamed on %s', async (_, at) => {
    const whole = await chat(at, 'Say hello.');
    const stream = await chat(at, '[[sim:count 5]]', true);

    expect(whole.statusCode).toBe(200);
    expect(await text(whole)).toContain('"chat.completion"');
    expect(stream.headers['content-type']).toContain('text/event-stream');
    expect((await text(stream)).trimEnd().endsWith('data: [DONE]')).toBe(true);
  });

  it('takes a new certificate without a restart, and keeps the old one while the files are broken', async () => {
    const old = await shake();
    expect(await servedName()).toBe('first');

    writeFileSync(path.join(dataDir, 'tls.crt'), 'not a certificate');
    await eventually(() => expect(gateway.output).toContain('holds no certificate in PEM form'));
    expect(await servedName()).toBe('first');

    write({ cert: SECOND.cert, key: FIRST.key });
    await eventually(() => expect(gateway.output).toContain('does not belong to the certificate'));
    expect(await servedName()).toBe('first');

    write(SECOND);
    await eventually(async () => expect(await servedName()).toBe('second'));
    await eventually(() => expect(gateway.output).toContain('The TLS certificate was replaced.'));
    old.write('GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n');
    expect(await text(old)).toMatch(/^HTTP\/1\.1 200 /);
  }, 30_000);

  it('lets a stream finish when it is told to stop', async () => {
    const response = await chat('/v1/chat/completions', '[[sim:count 40]] [[sim:fault pace=10]]', true);
    const ended = gateway.end('SIGTERM');

    expect((await text(response)).trimEnd().endsWith('data: [DONE]')).toBe(true);
    expect(await ended).toBe(0);
  }, 30_000);
});

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { ADMIN_KEY, startGateway, type TestGateway } from './support/gateway.js';
import { rawRequest, statusesOf } from './support/raw-request.js';

const QUESTION = { model: 'openai/gpt-4.1-mini', messages: [{ role: 'user', content: 'Say hello.' }] };
const BODY = JSON.stringify(QUESTION);
const ROADS = [
  ['the hot path', '/v1/chat/completions'],
  ['Express', '/v1/chat/completions?behind=express'],
] as const;

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway({
    AI_GATEWAY_SERVER_HEADERS_TIMEOUT_MS: '300',
    AI_GATEWAY_SERVER_REQUEST_TIMEOUT_MS: '60000',
    AI_GATEWAY_SERVER_KEEP_ALIVE_TIMEOUT_MS: '300',
  });
});
afterAll(() => gateway?.stop());

async function open(bytes: string, of: TestGateway = gateway): Promise<Socket> {
  const socket = connect(Number(new URL(of.url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write(bytes);
  return socket;
}

const head = (at: string, ...lines: string[]): string => headFor(gateway, at, ...lines);

const headFor = ({ projectKey }: TestGateway, at: string, ...lines: string[]): string =>
  [
    `POST ${at} HTTP/1.1`,
    'host: gateway',
    `authorization: Bearer ${projectKey}`,
    'content-type: application/json',
    `content-length: ${BODY.length}`,
    ...lines,
    '',
    '',
  ].join('\r\n');

const headers = (count: number): string[] => Array.from({ length: count }, (_, n) => `x-${n}: 1`);

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`;

describe('a caller who is too slow', () => {
  it.each(ROADS)('to send its head is told so on %s, and cut', async (_, at) => {
    const answer = await text(await open(head(at).slice(0, 60)));

    expect(statusesOf(answer)).toEqual([408]);
  });

  it('to send anything at all is cut', async () => {
    expect(statusesOf(await text(await open('')))).toEqual([408]);
  });

  it.each(ROADS)('with its body is not, while a slow head on another connection is (%s)', async (_, at) => {
    const upload = await open(head(at, 'connection: close') + BODY.slice(0, 10));
    const loris = await open('GET / HTTP/1.1\r\n');
    expect(statusesOf(await text(loris))).toEqual([408]);
    upload.write(BODY.slice(10));

    expect(statusesOf(await text(upload))).toEqual([200]);
  });

  it('with its body for longer than a request may take is cut', async () => {
    const strict = await startGateway({
      AI_GATEWAY_SERVER_HEADERS_TIMEOUT_MS: '200',
      AI_GATEWAY_SERVER_REQUEST_TIMEOUT_MS: '300',
    });
    try {
      const answers = await Promise.all(
        ROADS.map(async ([, at]) => text(await open(headFor(strict, at) + BODY.slice(0, 10), strict))),
      );

      expect(answers.flatMap(statusesOf)).toEqual([408, 408]);
    } finally {
      await strict.stop();
    }
  });

  it('to ask again is cut in silence', async () => {
    const answer = await text(await open('GET /health HTTP/1.1\r\nhost: gateway\r\n\r\n'));

    expect(statusesOf(answer)).toEqual([200]);
  });
});

describe('the head of a request', () => {
  it.each(ROADS)('has 100 headers at most on %s', async (_, at) => {
    const most = await rawRequest(gateway.url, head(at, ...headers(95), 'connection: close') + BODY);
    const more = await rawRequest(gateway.url, head(at, ...headers(96), 'connection: close') + BODY);
    const flood = await rawRequest(gateway.url, head(at, 'connection: close', ...headers(1500)) + BODY);

    expect([most, more, flood].map(statusesOf)).toEqual([[200], [431], [431]]);
    expect(more).toContain('"code":"too_many_headers"');
  });

  it.each(ROADS)('has 16 KiB at most on %s', async (_, at) => {
    const answer = await rawRequest(gateway.url, head(at, `x-long: ${'x'.repeat(17_000)}`) + BODY);

    expect(statusesOf(answer)).toEqual([431]);
  });

  it('may have a long address, but no endless one', async () => {
    expect(statusesOf(await rawRequest(gateway.url, get(`/health?${'x'.repeat(8000)}`)))).toEqual([200]);
    expect(statusesOf(await rawRequest(gateway.url, get(`/health?${'x'.repeat(17_000)}`)))).toEqual([431]);
  });
});

describe('the type of a body', () => {
  const TYPES = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'];

  it.each(ROADS.flatMap(([road, at]) => TYPES.map(type => [type, road, at])))(
    'is not %s on %s',
    async (type, _road, at) => {
      const response = await gateway.call(at, {
        method: 'POST',
        headers: { 'content-type': type },
        body: BODY,
      });

      expect(response.status).toBe(415);
      await expect(response.json()).resolves.toMatchObject({
        error: {
          code: 'unsupported_media_type',
          message: expect.stringContaining('Content-Type: application/json'),
        },
      });
    },
  );

  it.each([...TYPES, 'application/json; charset=utf-16'])('is not %s for the management API', async type => {
    const response = await fetch(`${gateway.url}/admin/projects`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': type },
      body: JSON.stringify({ name: 'confused' }),
    });
    const { body } = await gateway.admin<{ data: { name: string }[] }>('GET', '/admin/projects');

    expect(response.status).toBe(415);
    expect(body.data.map(({ name }) => name)).not.toContain('confused');
  });

  it('is not a form for JSON, nor JSON for a form', async () => {
    const response = await gateway.call('/v1/audio/transcriptions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'whisper-1', file: 'x' }),
    });

    expect(response.status).toBe(400);
  });
});

describe('a polluted prototype', () => {
  const POLLUTION = [
    '{"__proto__": {"polluted": true}, "name": "x"}',
    '{"constructor": {"prototype": {"polluted": true}}, "name": "x"}',
    '{"name": {"__proto__": {"polluted": true}}}',
    '{"__proto__": {"__proto__": {"polluted": true}}, "model": "openai/gpt-4.1-mini", "messages": []}',
    '{"model": "__proto__", "messages": [{"role": "__proto__", "content": "x"}]}',
    '{"model": "anthropic/claude-sonnet-5", "metadata": {"__proto__": {"polluted": true}}, "messages": [{"role": "user", "content": "Hi", "__proto__": {"polluted": true}}]}',
    '{"model": "constructor/prototype", "messages": [{"role": "user", "content": "Hi"}]}',
  ];

  it.each(POLLUTION)('does not come of %s', async body => {
    const admin = { authorization: `Bearer ${ADMIN_KEY}` };
    const answers = await Promise.all([
      ...ROADS.map(([, at]) =>
        gateway.call(at, { method: 'POST', headers: { 'content-type': 'application/json' }, body }),
      ),
      fetch(`${gateway.url}/admin/projects`, {
        method: 'POST',
        headers: { ...admin, 'content-type': 'application/json' },
        body,
      }),
    ]);

    expect(answers.every(({ status }) => status < 500)).toBe(true);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    expect(await Promise.all(answers.map(answer => answer.text()))).not.toContain('polluted');
  });

  it('does not come of a query or a form', async () => {
    const names = [
      '__proto__[polluted]',
      'constructor[prototype][polluted]',
      'temperature[__proto__]',
      'timestamp_granularities[constructor][prototype]',
    ];
    const answers = await Promise.all([
      fetch(`${gateway.url}/admin/usage?__proto__[polluted]=1&constructor[prototype][polluted]=1`, {
        headers: { authorization: `Bearer ${ADMIN_KEY}` },
      }),
      ...[names, ...names.map(name => [name])].map(fields => {
        const form = new FormData();
        ['model', ...fields].forEach(name => form.append(name, 'whisper-1'));
        return gateway.call('/v1/audio/transcriptions', { method: 'POST', body: form });
      }),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400, 400]);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});

import { startGateway, type TestGateway } from './support/gateway.js';
import { rawRequest, statusesOf } from './support/raw-request.js';

const BODY = JSON.stringify({
  model: 'openai/gpt-4.1-mini',
  messages: [{ role: 'user', content: 'Say hello.' }],
});
const SIZE = Buffer.byteLength(BODY);
const CHUNKED = `${SIZE.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`;
/** What an attacker hides behind a request, for the next one on the connection. */
const HIDDEN = 'GET /health HTTP/1.1\r\nhost: hidden\r\nconnection: close\r\n\r\n';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway?.stop());

const send = (bytes: string): Promise<string> => rawRequest(gateway.url, bytes);

describe.each([
  ['the hot path', '/v1/chat/completions'],
  ['Express', '/v1/chat/completions?behind=express'],
])('on %s', (_, at) => {
  const head = (...lines: string[]): string =>
    [
      `POST ${at} HTTP/1.1`,
      'host: gateway',
      `authorization: Bearer ${gateway.projectKey}`,
      'content-type: application/json',
      ...lines,
      '\r\n',
    ]
      .join('\r\n')
      .replace(/\r\n\r\n\r\n$/, '\r\n\r\n');

  it.each([
    ['by its length', () => head('connection: close', `content-length: ${SIZE}`) + BODY],
    ['in chunks', () => head('connection: close', 'transfer-encoding: chunked') + CHUNKED],
  ])('a request that ends clearly (%s) is answered', async (_how, bytes) => {
    expect(statusesOf(await send(bytes()))).toEqual([200]);
  });

  it.each([
    [
      'a length and chunks',
      () => head(`content-length: ${SIZE}`, 'transfer-encoding: chunked') + CHUNKED + HIDDEN,
    ],
    ['chunks and a length', () => head('transfer-encoding: chunked', 'content-length: 3') + CHUNKED + HIDDEN],
    ['two lengths', () => head(`content-length: ${SIZE}`, 'content-length: 0') + BODY + HIDDEN],
    [
      'the same length twice',
      () => head(`content-length: ${SIZE}`, `content-length: ${SIZE}`) + BODY + HIDDEN,
    ],
    ['a list of lengths', () => head(`content-length: ${SIZE}, ${SIZE}`) + BODY + HIDDEN],
    ['a length with a sign', () => head(`content-length: +${SIZE}`) + BODY + HIDDEN],
    ['a length in hex', () => head(`content-length: 0x${SIZE.toString(16)}`) + BODY + HIDDEN],
    ['a space before the colon', () => head(`content-length : ${SIZE}`) + BODY + HIDDEN],
    ['an unknown coding', () => head('transfer-encoding: xchunked') + CHUNKED + HIDDEN],
    ['chunks that are not last', () => head('transfer-encoding: chunked, identity') + CHUNKED + HIDDEN],
    ['a hidden coding', () => head('transfer-encoding:\x0bchunked') + CHUNKED + HIDDEN],
    ['two codings', () => head('transfer-encoding: chunked', 'transfer-encoding: x') + CHUNKED + HIDDEN],
    ['a folded header', () => head('transfer-encoding:', ' chunked') + CHUNKED + HIDDEN],
    [
      'a folded header of another kind',
      () => head('x-note: one', '\ttwo', `content-length: ${SIZE}`) + BODY + HIDDEN,
    ],
    ['a bare line feed', () => head(`x-note: one\ncontent-length: ${SIZE}`) + BODY + HIDDEN],
    ['a bare carriage return', () => head(`x-note: one\rcontent-length: ${SIZE}`) + BODY + HIDDEN],
    ['a NUL in a header', () => head(`x-note: a\0b`, `content-length: ${SIZE}`) + BODY + HIDDEN],
    [
      'a chunk that ends in a bare line feed',
      () => head('transfer-encoding: chunked') + CHUNKED.replaceAll('\r\n', '\n') + HIDDEN,
    ],
    [
      'a chunk of a wrong size',
      () => head('transfer-encoding: chunked') + `1\r\n${BODY}\r\n0\r\n\r\n${HIDDEN}`,
    ],
    [
      'a chunk of a negative size',
      () => head('transfer-encoding: chunked') + `-1\r\n${BODY}\r\n0\r\n\r\n${HIDDEN}`,
    ],
    [
      'a chunk of an endless size',
      () => head('transfer-encoding: chunked') + `${'f'.repeat(17)}\r\n${BODY}\r\n0\r\n\r\n${HIDDEN}`,
    ],
    ['a coding before the chunks', () => head('transfer-encoding: gzip, chunked') + CHUNKED + HIDDEN],
    ['two hosts', () => head('Host: other', `content-length: ${SIZE}`) + BODY + HIDDEN],
    ['the same host twice', () => head('host: gateway', `content-length: ${SIZE}`) + BODY + HIDDEN],
    ['no host', () => head(`content-length: ${SIZE}`).replace('host: gateway\r\n', '') + BODY + HIDDEN],
    [
      'another version',
      () => head(`content-length: ${SIZE}`).replace('HTTP/1.1', 'HTTP/1.9') + BODY + HIDDEN,
    ],
  ])('%s is refused, and nothing behind it is read', async (_what, bytes) => {
    const statuses = statusesOf(await send(bytes()));

    expect(statuses).toEqual([400]);
  });

  it('a second request behind a whole one is a request of its own', async () => {
    expect(statusesOf(await send(head(`content-length: ${SIZE}`) + BODY + HIDDEN))).toEqual([200, 200]);
  });
});

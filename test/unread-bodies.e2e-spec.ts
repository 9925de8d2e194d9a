import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { ADMIN_KEY, startGateway, type TestGateway } from './support/gateway.js';
import { statusesOf } from './support/raw-request.js';

const LARGE = 1_000_100;
const ROADS = ['/v1/chat/completions', '/v1/chat/completions?behind=express', '/admin/projects', '/nowhere'];

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway({ AI_GATEWAY_SERVER_HEADERS_TIMEOUT_MS: '400' });
});
afterAll(() => gateway?.stop());

async function open(at: string, lines: readonly string[], body: string): Promise<Socket> {
  const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
  socket.on('error', () => undefined); // whoever goes on sending may be reset
  await once(socket, 'connect');
  const head = [`POST ${at} HTTP/1.1`, 'host: gateway', 'content-type: application/json', ...lines];
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  return socket;
}

const admin = `authorization: Bearer ${ADMIN_KEY}`;

describe('a body that nobody wants', () => {
  it.each(ROADS)('is not waited for: who has no key is told so, and the connection closed (%s)', async at => {
    const almost = '{"name":"'.padEnd(LARGE - 1, 'x');
    const socket = await open(at, [`content-length: ${LARGE}`], almost);
    const answer = await text(socket);

    expect(statusesOf(answer)).toEqual([at === '/nowhere' ? 404 : 401]);
    expect(answer.toLowerCase()).toContain('\r\nconnection: close\r\n');
  });

  it.each(ROADS)('is not waited for when it comes in chunks without an end (%s)', async at => {
    const socket = await open(at, ['transfer-encoding: chunked'], '9\r\n{"name":"\r\n');

    expect(statusesOf(await text(socket))).toEqual([at === '/nowhere' ? 404 : 401]);
  });

  it.each(ROADS)('is cut when it is small, and never ends (%s)', async at => {
    const socket = await open(at, ['content-length: 100'], '{');

    expect(statusesOf(await text(socket))).toEqual([at === '/nowhere' ? 404 : 401]);
  });

  it('leaves the connection to the next request when it is small', async () => {
    const socket = await open('/admin/projects', ['content-length: 2'], '{');
    await once(socket, 'data');
    socket.write('}GET /health HTTP/1.1\r\nhost: gateway\r\nconnection: close\r\n\r\n');

    expect(statusesOf(await text(socket))).toEqual([200]);
  });

  it.each([
    ['/admin/projects', 408],
    ['/health', 404],
  ])('has as long as a head where bodies are small, whoever sends it (%s)', async (at, status) => {
    const socket = await open(at, [admin, 'content-length: 100'], '{');

    expect(statusesOf(await text(socket))).toEqual([status]);
  });

  it('is no reason to cut one that came in time', async () => {
    const name = 'n'.repeat(60);
    const body = JSON.stringify({ name });
    const lines = [admin, `content-length: ${body.length}`, 'connection: close'];
    const socket = await open('/admin/projects', lines, body.slice(0, 20));
    socket.write(body.slice(20));

    expect(await text(socket)).toContain(name);
  });
});

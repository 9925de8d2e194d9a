import { once } from 'node:events';
import { createServer, type IncomingMessage, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { GatewayError } from '@app/shared';
import { CallerLeftError } from '../domain/inference.errors.js';
import { readBody } from './body.reader.js';

const LIMIT = 1000;

describe('reading a body', () => {
  let server: Server;
  let url: string;

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      try {
        response.end(await readBody(request, LIMIT));
      } catch (error) {
        response.writeHead(error instanceof GatewayError ? error.status : 500).end(String(error));
      }
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => new Promise(resolve => server.close(resolve)));

  const send = (body: string | Buffer | ReadableStream, encoding?: string): Promise<Response> =>
    fetch(url, {
      method: 'POST',
      body: typeof body === 'string' || body instanceof ReadableStream ? body : new Uint8Array(body),
      headers: { 'content-type': 'application/json', ...(encoding && { 'content-encoding': encoding }) },
      duplex: 'half',
    } as RequestInit);

  const text = '{"say": "žluťoučký 🐎"}';

  it.each([
    ['gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['br', brotliCompressSync(text)],
    ['zstd', zstdCompressSync(text)],
    [undefined, Buffer.from(text)],
  ])('reads %s', async (encoding, bytes) => {
    await expect((await send(bytes, encoding)).text()).resolves.toBe(text);
  });

  it('refuses a body over the limit by its length', async () => {
    expect((await send('x'.repeat(LIMIT + 1))).status).toBe(413);
  });

  it('refuses a body over the limit that does not tell its length', async () => {
    const pieces = Array.from({ length: 20 }, () => new TextEncoder().encode('x'.repeat(100)));
    expect((await send(ReadableStream.from(pieces) as ReadableStream)).status).toBe(413);
  });

  it('refuses a small body that unpacks to a large one', async () => {
    expect((await send(gzipSync('x'.repeat(1_000_000)), 'gzip')).status).toBe(413);
  });

  it('says that the packing is broken, or not known', async () => {
    expect((await send('no gzip', 'gzip')).status).toBe(400);
    expect((await send('x', 'lzma')).status).toBe(415);
  });

  it.each(['before anybody read', 'while sending'])('is told of a caller who left %s', async when => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const arriving = once(other, 'request') as Promise<[IncomingMessage]>;
    const sending = httpRequest({
      port: (other.address() as AddressInfo).port,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    });
    sending.on('error', () => undefined).write('half');
    const [request] = await arriving;
    const early = when === 'while sending' ? readBody(request, LIMIT).catch((error: unknown) => error) : null;
    const left = new Promise(resolve => request.on('error', () => undefined).once('close', resolve));
    sending.destroy();
    await left;

    const reading = early ?? readBody(request, LIMIT).catch((error: unknown) => error);
    await expect(reading).resolves.toBeInstanceOf(CallerLeftError);
    other.close();
  });
});

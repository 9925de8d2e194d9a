import { once } from 'node:events';
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createSilentServer, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { BodyTooLargeError, Metrics, readConfig } from '@app/shared';
import { VendorClient } from './vendor.client.js';
import type { VendorResponse } from './vendor.response.js';

describe('the vendor client', () => {
  let server: Server;
  let answer: RequestListener;
  let url: string;
  const client = new VendorClient(readConfig({ AI_GATEWAY_UPSTREAM_TIMEOUT_MS: '300' }), new Metrics());

  beforeAll(async () => {
    server = createServer((request, response) => answer(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(async () => {
    await client.onApplicationShutdown();
    server.closeAllConnections();
    server.close();
  });

  const send = (signal = new AbortController().signal, waitMs?: number): Promise<VendorResponse> =>
    client.send({
      vendor: 'acme',
      url: `${url}/v1/x?y=z`,
      headers: { 'x-api-key': 'k' },
      body: '{"a":1}',
      signal,
      waitMs,
    });

  const put = (body: Readable): Promise<VendorResponse> =>
    client.send({
      vendor: 'acme',
      method: 'PUT',
      url: `${url}/files`,
      headers: {},
      body,
      signal: new AbortController().signal,
    });

  it('sends method, path, headers and body, and gives the whole answer', async () => {
    let seen = '';
    answer = async (request, response) => {
      const body = (await request.toArray()).join('');
      seen = `${request.method} ${request.url} ${request.headers['x-api-key']} ${body}`;
      response.writeHead(418, { 'x-request-id': 'r1' }).end('short and stout');
    };
    const response = await send();

    expect((await response.collect('acme', 1000)).toString()).toBe('short and stout');
    expect([response.status, response.header('x-request-id')]).toEqual([418, 'r1']);
    expect(seen).toBe('POST /v1/x?y=z k {"a":1}');
  });

  it('asks for what is only read with GET, and sends no body', async () => {
    let seen = '';
    answer = async (request, response) => {
      seen = `${request.method} ${request.headers['content-length']} ${(await request.toArray()).join('')}`;
      response.end('[]');
    };
    const response = await client.send({
      vendor: 'acme',
      method: 'GET',
      url: `${url}/models`,
      headers: {},
      signal: new AbortController().signal,
    });

    expect((await response.collect('acme', 100)).toString()).toBe('[]');
    expect(seen).toBe('GET undefined ');
  });

  it('sends a body as it comes, with any method, and lets go of it when it fails', async () => {
    let seen = '';
    answer = async (request, response) => {
      seen = `${request.method} ${(await request.toArray()).join('')}`;
      response.end('ok');
    };
    await put(Readable.from([Buffer.from('a'), Buffer.from('b')]));
    expect(seen).toBe('PUT ab');

    const broken = new Readable({ read: () => undefined });
    broken.on('error', () => undefined).push('begin');
    const failing = put(broken);
    broken.destroy(new BodyTooLargeError(5));
    await expect(failing).rejects.toBeInstanceOf(BodyTooLargeError);
  });

  it('says that a vendor cannot be reached', async () => {
    const request = client.send({
      vendor: 'acme',
      url: 'http://127.0.0.1:1/v1',
      headers: {},
      body: '',
      signal: new AbortController().signal,
    });

    await expect(request).rejects.toMatchObject({
      status: 502,
      code: 'upstream_unreachable',
      retryable: true,
    });
  });

  it('gives up on a vendor that never answers', async () => {
    answer = () => undefined;

    await expect(send()).rejects.toMatchObject({ status: 504, code: 'upstream_timeout' });
  });

  it('waits for one that may take its time', async () => {
    const waiting: ServerResponse[] = [];
    answer = (_request, response) => void waiting.push(response);
    const answering = send(undefined, 60_000);
    await expect(send()).rejects.toMatchObject({ status: 504 });
    waiting.forEach(response => response.end('late')); // the other one has been hung up on

    expect((await (await answering).collect('acme', 1000)).toString()).toBe('late');
  });

  it('fails when the answer breaks off', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('half', () => response.destroy());
    };
    const response = await send();

    await expect(response.collect('acme', 1000)).rejects.toMatchObject({ status: 502 });
  });

  it('refuses an answer over the limit', async () => {
    answer = (_request, response) => response.end('x'.repeat(2000));
    const response = await send();

    await expect(response.collect('acme', 1000)).rejects.toMatchObject({
      status: 502,
      message: "The answer of 'acme' is too large.",
    });
  });

  it('hangs up on the vendor when the caller leaves, before the answer or in its middle', async () => {
    for (const started of [false, true]) {
      const caller = new AbortController();
      const gone = new Promise<void>(resolve => {
        answer = (_request, response) => {
          response.once('close', resolve);
          if (started) {
            response.writeHead(200).write('first');
          } else {
            caller.abort();
          }
        };
      });
      const failure = send(caller.signal).then(response => {
        caller.abort();
        return response.collect('acme', 1000);
      });

      await expect(failure).rejects.toThrow();
      await gone;
    }
  });

  it('does not wait for a connection that never stands when the caller leaves, or has left', async () => {
    const silent = createSilentServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const caller = new AbortController();
    const ask = (): Promise<VendorResponse> =>
      client.send({
        vendor: 'acme',
        url: `https://127.0.0.1:${port}/v1/x`, // whose handshake is never answered
        headers: {},
        body: '{}',
        signal: caller.signal,
      });
    const failures = [ask()];
    const [socket] = (await once(silent, 'connection')) as [Socket];
    caller.abort();
    failures.push(ask());

    for (const failure of failures) {
      await expect(failure).rejects.toMatchObject({ upstreamStatus: null });
    }
    expect(socket.destroyed).toBe(false);
    socket.destroy();
    silent.close();
  });

  it.each([
    ['what is looked for has come, in pieces', ['open ', 'to', 'ken'], /token/],
    ['it has ended without it', ['open'], /token/],
    ['too much has come without it', ['x'.repeat(70_000), null], /token/],
    ['anything has come, if nothing is looked for', ['o', null], null],
  ])('tells that an answer has begun when %s', async (_, pieces, token) => {
    answer = async (_request, response) => {
      response.writeHead(200);
      for (const piece of pieces) {
        if (piece === null) {
          return; // nothing more comes
        }
        response.write(piece);
        await new Promise(setImmediate);
      }
      response.end();
    };
    const response = await send();

    await response.begun(token);

    const [first] = pieces;
    const held = await new Promise<string>(resolve => {
      response.pipe({
        data: chunk => (resolve(chunk.toString()), true),
        end: () => undefined,
        fail: () => undefined,
      });
    });
    expect(held.startsWith(first ?? '')).toBe(true);
    response.abort();
  });

  it('shows a body that has ended, until it is taken', async () => {
    const half = Promise.withResolvers<ServerResponse>();
    answer = (_request, response) => {
      response.writeHead(200).write('held');
      half.resolve(response);
    };
    const response = await send();
    await response.begun(null);
    expect(response.held()).toBeNull();

    (await half.promise).end(' back');
    await response.begun(/never said/);

    expect(response.held()?.toString()).toBe('held back');
    expect((await response.collect('acme', 1000)).toString()).toBe('held back');
    expect(response.held()).toBeNull();
  });

  it('tells that an answer broke off before it began', async () => {
    answer = (_request, response) => {
      response.writeHead(200).write('open');
      setImmediate(() => response.destroy());
    };
    const response = await send();

    await expect(response.begun(/token/)).rejects.toMatchObject({ code: 'upstream_unreachable' });
  });

  it('lets the vendor wait while the caller is slow', async () => {
    let written = 0;
    answer = (_request, response) => {
      const more = (): void => {
        while (written < 64 * 1024 * 1024 && response.write(Buffer.alloc(65_536))) {
          written += 65_536;
        }
      };
      response.on('drain', more);
      more();
    };
    const response = await send();
    let received = 0;
    response.pipe({
      data: chunk => (received += chunk.length) < 0,
      end: () => undefined,
      fail: () => undefined,
    });
    await new Promise<void>(resolve => {
      const look = (last: number): void => {
        setTimeout(() => (written === last ? resolve() : look(written)), 50);
      };
      look(written);
    });

    expect(written).toBeLessThan(32 * 1024 * 1024);
    response.abort();
  });
});

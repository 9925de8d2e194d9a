import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { Readable } from 'node:stream';
import { eventually } from './support/eventually.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { EVENT_STREAM } from './support/raw-vendor.js';
import { usageOf } from './support/usage.js';
import { startWatchedVendor, type WatchedVendor } from './support/watched-vendor.js';

const MOST = 64 * 1024 * 1024;
const PIECE = Buffer.alloc(65_536);

let vendor: WatchedVendor;
let gateway: TestGateway;

beforeAll(async () => {
  vendor = await startWatchedVendor();
  gateway = await startGateway(vendor.env);
});
beforeEach(() => vendor.reset());
afterAll(async () => {
  await gateway?.stop();
  await vendor?.close();
});

function chunk(content: string): string {
  return `data: {"id":"c-1","object":"chat.completion.chunk","model":"gpt-4o-mini","choices":[{"index":0,"delta":{"content":"${content}"}}]}\n\n`;
}

describe('answers', () => {
  it('pass with status, headers and bytes as they came', async () => {
    const bytes = Buffer.from([0, 255, 128, 10, 13]);
    vendor.answer(response =>
      response
        .writeHead(418, {
          'content-type': 'application/x-strange',
          'content-disposition': 'attachment; filename="a"',
          'x-request-id': 'req-of-the-vendor',
          'x-ratelimit-remaining-tokens': '7',
          'retry-after': '9',
        })
        .end(bytes),
    );
    const response = await gateway.call('/openai/v1/files', { method: 'PATCH' });

    expect(response.status).toBe(418);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/x-strange',
      'content-disposition': 'attachment; filename="a"',
      'x-llmhub-upstream-x-request-id': 'req-of-the-vendor',
      'x-ratelimit-remaining-tokens': '7',
      'retry-after': '9',
    });
    await expect(usageOf(gateway, 'req-of-the-vendor')).resolves.toMatchObject({
      id: response.headers.get('x-request-id'),
      status: 418,
      outcome: 'failed',
      costNanoUsd: null,
    });
  });

  it('do not redirect, nor tell where to', async () => {
    vendor.answer(response =>
      response.writeHead(302, { location: 'http://10.0.0.1/secret' }).end('go to 10.0.0.1'),
    );
    const response = await gateway.call('/openai/v1/files', { redirect: 'manual' });

    expect(response.status).toBe(502);
    expect(JSON.stringify([...response.headers]) + (await response.text())).not.toContain('10.0.0.1');
    expect(vendor.seen).toHaveLength(1);
  });

  it('name the gateway where they name the vendor, and nobody else', async () => {
    vendor.answer(response =>
      response
        .writeHead(200, {
          'x-goog-upload-url': `${vendor.url}/upload/v1beta/files?upload_id=1`,
          'x-elsewhere': 'https://elsewhere.example/x',
          'content-location': '/v1beta/files/1',
        })
        .end('{}'),
    );
    const { headers } = await gateway.call('/google/upload/v1beta/files', { method: 'POST', body: '{}' });

    expect(headers.get('x-goog-upload-url')).toBe(`${gateway.url}/google/upload/v1beta/files?upload_id=1`);
    expect(headers.get('content-location')).toBe(`${gateway.url}/google/v1beta/files/1`);
    expect(headers.get('x-elsewhere')).toBeNull();
  });

  it('are cut when the vendor’s is', async () => {
    vendor.answer(response => {
      response.writeHead(200, EVENT_STREAM).write('data: 1\n\n');
      response.write('data: 2\n\n', () => response.socket?.destroySoon());
    });
    const response = await gateway.call('/openai/v1/responses', { method: 'POST', body: '{}' });

    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
    await expect(usageOf(gateway, response.headers.get('x-request-id'))).resolves.toMatchObject({
      outcome: 'cut',
      errorCode: 'upstream_unreachable',
    });
  });

  it('that are cut before they told their usage cost what was produced, by estimate', async () => {
    vendor.answer(response => {
      response.writeHead(200, EVENT_STREAM).write(chunk('one'));
      response.write(chunk('two') + chunk('six'), () => response.socket?.destroySoon());
    });
    const body = JSON.stringify({ model: 'gpt-4o-mini', stream: true, messages: [] });
    const response = await gateway.call('/openai/v1/chat/completions', { method: 'POST', body });

    await expect(response.text()).rejects.toThrow();
    await expect(usageOf(gateway, response.headers.get('x-request-id'))).resolves.toMatchObject({
      outcome: 'cut',
      modelUsed: 'gpt-4o-mini',
      upstreamId: 'c-1',
      inputTokens: Math.ceil(body.length / 4),
      outputTokens: 3,
      estimated: true,
      costNanoUsd: Math.ceil(body.length / 4) * 150 + 3 * 600,
    });
  });

  it('have their head before their first byte', async () => {
    const begun = Promise.withResolvers<ServerResponse>();
    vendor.answer(response => {
      response.writeHead(200, EVENT_STREAM).flushHeaders();
      begun.resolve(response);
    });
    const response = await gateway.call('/anthropic/v1/anything', { method: 'POST', body: '{}' });

    expect(response.headers.get('content-type')).toBe('text/event-stream');
    (await begun.promise).end('event: message_stop\ndata: {}\n\n');
    expect(await response.text()).toBe('event: message_stop\ndata: {}\n\n');
  });

  it.each([
    ['openai', 'openai', { error: { type: 'upstream_error' } }],
    ['anthropic', 'anthropic', { type: 'error', error: { type: 'api_error' } }],
    ['google', 'google', { error: { code: 502 } }],
  ])('of the gateway itself have the shape of %s', async (_, id, shape) => {
    vendor.answer(response => response.destroy());
    const response = await gateway.call(`/${id}/v1/files`);

    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject(shape);
  });
});

describe('a caller', () => {
  it('that leaves in the middle of an answer stops the vendor', async () => {
    const gone = Promise.withResolvers<void>();
    vendor.answer(response => {
      response.once('close', gone.resolve);
      response.writeHead(200, EVENT_STREAM).write('data: 1\n\n');
    });
    const leaving = new AbortController();
    const response = await gateway.call('/openai/v1/x', {
      method: 'POST',
      body: '{}',
      signal: leaving.signal,
    });
    leaving.abort();
    await gone.promise;

    await expect(usageOf(gateway, response.headers.get('x-request-id'))).resolves.toMatchObject({
      outcome: 'aborted',
      status: 499,
    });
  });

  it('that leaves in the middle of its upload stops it', async () => {
    const gone = Promise.withResolvers<void>();
    const arrived = Promise.withResolvers<void>();
    vendor.onRequest(request => {
      request.once('data', () => arrived.resolve());
      request.once('close', gone.resolve);
      request.on('error', () => undefined);
    });
    const leaving = new AbortController();
    const endless = new Readable({ read: () => undefined });
    endless.push('begin');
    const sent = gateway.call('/openai/v1/files', {
      method: 'POST',
      body: Readable.toWeb(endless) as ReadableStream,
      duplex: 'half',
      signal: leaving.signal,
    } as RequestInit);
    await arrived.promise;
    leaving.abort();

    await expect(sent).rejects.toThrow();
    await gone.promise;
  });

  it('that sends what the vendor does not wait for gets the vendor’s answer', async () => {
    const hasty = createServer(socket =>
      socket
        .on('error', () => undefined)
        .once('data', () => socket.end('HTTP/1.1 415 No\r\ncontent-length: 2\r\nconnection: close\r\n\r\nno'))
        .resume(),
    );
    hasty.listen(0, '127.0.0.1');
    await once(hasty, 'listening');
    const { port } = hasty.address() as AddressInfo;
    const own = await startGateway({
      AI_GATEWAY_PROVIDERS_OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`,
    });
    try {
      const response = await own.call('/openai/v1/files', { method: 'POST', body: 'x'.repeat(5_000_000) });

      expect(response.status).toBe(415);
      expect(await response.text()).toBe('no');
    } finally {
      await own.stop();
      hasty.close();
    }
  });

  it('that reads slowly has the vendor wait', async () => {
    let written = 0;
    vendor.answer(response => {
      const more = (): void => {
        while (written < MOST && response.write(PIECE)) {
          written += PIECE.length;
        }
      };
      response.on('drain', more);
      more();
    });
    const leaving = new AbortController();
    await gateway.call('/openai/v1/files/1/content', { signal: leaving.signal });

    expect(await settled(() => written)).toBeLessThan(MOST / 2);
    leaving.abort();
  });

  it('waits when the vendor reads slowly, and is heard to the end', async () => {
    const paused = Promise.withResolvers<IncomingMessage>();
    vendor.onRequest(request => {
      request.once('resume', () => {
        request.pause();
        paused.resolve(request);
      });
    });
    let sent = 0;
    const upload = new Readable({
      read() {
        sent += PIECE.length;
        this.push(sent <= MOST ? PIECE : null);
      },
    });
    const answered = gateway.call('/openai/v1/files', {
      method: 'POST',
      body: Readable.toWeb(upload) as ReadableStream,
      duplex: 'half',
    } as RequestInit);
    const request = await paused.promise;
    expect(await settled(() => sent)).toBeLessThan(MOST / 2);

    let arrived = 0;
    request.on('data', (chunk: Buffer) => (arrived += chunk.length)).resume();
    expect((await answered).status).toBe(200);
    expect(arrived).toBe(MOST);
  });

  it('without a key is told so, and needs none to learn that there is no such vendor', async () => {
    expect((await fetch(`${gateway.url}/openai/v1/files`)).status).toBe(401);
    expect((await fetch(`${gateway.url}/nobody/v1/files`)).status).toBe(404);
  });
});

/** A count, once it has stopped to grow. */
async function settled(count: () => number): Promise<number> {
  let last = -1;
  await eventually(() => {
    const before = last;
    last = count();
    expect(last).toBe(before);
  });
  return last;
}

import { startGateway, type TestGateway } from './support/gateway.js';
import { rawRequest, statusesOf } from './support/raw-request.js';
import { startWatchedVendor, type WatchedVendor } from './support/watched-vendor.js';

const OPENAI_KEY = 'sk-simulated-openai';

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

function raw(target: string, headers: Record<string, string> = {}, method = 'GET'): Promise<string> {
  const lines = Object.entries({ host: 'gw', connection: 'close', ...headers }).map(
    ([k, v]) => `${k}: ${v}\r\n`,
  );
  const key = `authorization: Bearer ${gateway.projectKey}\r\n`;
  return rawRequest(gateway.url, `${method} ${target} HTTP/1.1\r\n${lines.join('')}${key}\r\n`);
}

describe('a path at which a vendor makes keys that nobody would count', () => {
  it.each([
    '/openai/v1/realtime/client_secrets',
    '/openai/v1/realtime/translations/client_secrets',
    '/openai/v1/chatkit/sessions',
    '/openai/v1/live/sessions',
    '/openai/realtime/client_secrets',
    '/openai/v1/Realtime/sessions',
    '/openai/v1/realtime/transcription_sessions/',
    '/openai/v1/realtime/calls',
    '/openai/v1/realtime%2Fclient_secrets',
    '/openai/v1/real%2574ime/client_secrets',
    '/openai/v1/real%25252574ime/client_secrets',
    '/google/v1alpha/auth_tokens',
    '/google/v1alpha/authTokens',
    '/deepgram/v1/auth/grant',
    '/elevenlabs/v1/single-use-token/realtime_scribe',
  ])('is refused: %s', async target => {
    const answer = await raw(target, {}, 'POST');

    expect(statusesOf(answer)).toEqual([403]);
    expect(answer).toMatch(/"vendor_key_making"/i);
    expect(vendor.seen).toEqual([]);
  });
});

describe('a path that might leave the vendor’s base URL', () => {
  it.each([
    '/openai/v1/../admin',
    '/openai/..',
    '/openai/./files',
    '/openai/v1/files/..',
    '/openai/v1/%2e%2e/admin',
    '/openai/v1/%2E./admin',
    '/openai/v1/%252e%252e/admin',
    '/openai/v1/%25252e%25252e/admin',
    '/openai/v1/..%2fadmin',
    '/openai/v1/files%2f..%2f..%2fadmin',
    '/openai/v1/..;x=1/admin',
    '/openai/v1/..%5cadmin',
    '/openai/v1\\..\\admin',
    '/openai/\\\\evil.example/x',
    '/openai//evil.example/x',
    '/openai/v1//files',
    '/openai/%2f%2fevil.example/x',
    '/openai/http://evil.example/x',
    '/openai/https:%2f%2fevil.example/x',
    '/openai/v1/%c0%ae%c0%ae/admin',
    '/openai/v1/%00',
    '/openai/v1/%0d%0ax-injected:1',
    '/openai/v1/%zz',
    '/openai/v1/files#/../x',
    '/openai/v1/files?x=#y',
    '/openai/v1/fi|les',
  ])('is refused: %s', async target => {
    const answer = await raw(target);

    expect(statusesOf(answer)).toEqual([400]);
    expect(answer).toMatch(/"message":"The (path|query)/);
    expect(vendor.seen).toEqual([]);
  });

  it.each(['http://evil.example/openai/v1/files', '/openai', '/openai/', '/openai?x=1', '/nobody/v1/files'])(
    'is none of a vendor: %s',
    async target => {
      expect(statusesOf(await raw(target))).toEqual([404]);
      expect(vendor.seen).toEqual([]);
    },
  );

  it.each([
    ['/openai/files', '/v1/files'],
    ['/openai/v1/files/', '/v1/files/'],
    ['/openai/v1/@evil.example/x', '/v1/@evil.example/x'],
    ['/openai/:80/x', '/v1/:80/x'],
    ['/openai/v1/models/ft%3Agpt%3Aacme%2Fmine', '/v1/models/ft%3Agpt%3Aacme%2Fmine'],
    ['/openai/v1/files/...', '/v1/files/...'],
    ['/openai/v1/files?after=%2e%2e%2f&x=//', '/v1/files?after=%2e%2e%2f&x=//'],
    ['/google/upload/v1beta/files?a=b&key=other&c=d', '/upload/v1beta/files?a=b&c=d'],
  ])('is none of these: %s', async (target, expected) => {
    expect(statusesOf(await raw(target))).toEqual([200]);
    expect(vendor.seen[0]).toContain(`GET ${expected} `);
  });
});

describe('secrets', () => {
  const places: [string, (key: string) => [string, Record<string, string>]][] = [
    ['bearer', key => ['', { authorization: `Bearer ${key}` }]],
    ['x-api-key', key => ['', { 'x-api-key': key, authorization: 'Bearer sk-of-the-caller' }]],
    ['x-goog-api-key', key => ['', { 'x-goog-api-key': key, 'x-api-key': 'sk-ant-of-the-caller' }]],
    ['the query', key => [`?key=${key}`, {}]],
    ['an encoded query', key => [`?x=1&key=${key}&%6bey=${key}`, {}]],
    [
      'all places, and some more',
      key => [
        `?key=${key}&token=${key}`,
        { authorization: `Bearer ${key}`, 'x-my-key': key, cookie: `k=${key}` },
      ],
    ],
  ];

  it.each(places)(
    'the project’s key in %s never reaches the vendor, who gets one key: its own',
    async (_, place) => {
      for (const [id, header, value] of [
        ['openai', 'authorization', `Bearer ${OPENAI_KEY}`],
        ['anthropic', 'x-api-key', 'sk-ant-simulated'],
        ['google', 'x-goog-api-key', 'AIzaSimulated'],
      ]) {
        const [query, headers] = place(gateway.projectKey);
        const response = await fetch(`${gateway.url}/${id}/v1/files${query}`, { headers });

        expect(response.status).toBe(200);
        const request = vendor.seen.pop() ?? '';
        expect(request).not.toContain(gateway.projectKey);
        expect(request).not.toContain('of-the-caller');
        expect(request).toContain(`${header}\n${value}`);
        expect(request.match(/authorization|x-api-key|x-goog-api-key|cookie/gi)).toEqual([header]);
      }
    },
  );

  it('the caller’s network, hop-by-hop headers and account never reach the vendor, all else does', async () => {
    await raw('/openai/v1/files', {
      connection: 'close, x-secret-hop',
      'x-secret-hop': 'hidden',
      'x-forwarded-for': '10.1.2.3',
      'x-real-ip': '10.1.2.3',
      forwarded: 'for=10.1.2.3',
      via: '1.1 10.1.2.3',
      'cf-connecting-ip': '10.1.2.3',
      origin: 'http://10.1.2.3',
      referer: 'http://10.1.2.3/',
      te: 'trailers',
      upgrade: 'h2c',
      'http2-settings': 'AAMAAABkAAQAAP__',
      'openai-organization': 'org-of-the-caller',
      'accept-encoding': 'gzip',
      'openai-beta': 'assistants=v2',
      'x-stainless-lang': 'js',
      range: 'bytes=0-9',
      'idempotency-key': 'once',
    });

    expect(vendor.seen[0]).not.toMatch(/10\.1\.2\.3|hidden|org-of-the-caller|h2c|gzip|trailers/);
    expect(vendor.seen[0]).toMatch(/openai-beta\nassistants=v2/);
    expect(vendor.seen[0]).toMatch(/range\nbytes=0-9/);
    expect(vendor.seen[0]).toMatch(/idempotency-key\nonce/);
  });

  it('the vendor’s key never reaches the caller, also in pieces, in a header or in an error', async () => {
    vendor.answer(response => {
      response.writeHead(400, {
        'content-type': 'text/plain',
        'x-echo': `Bearer ${OPENAI_KEY}`,
        'set-cookie': 'vendor=1',
        'content-length': String(8 + OPENAI_KEY.length * 2),
      });
      response.write('key: sk-simu');
      setImmediate(() => response.end(`lated-openai${OPENAI_KEY}sk-`));
    });
    const response = await gateway.call('/openai/v1/files');

    expect(response.status).toBe(400);
    expect(await response.text()).toBe(`key: ${'*'.repeat(OPENAI_KEY.length * 2)}sk-`);
    expect([...response.headers.keys()]).not.toContain('x-echo');
    expect(response.headers.get('set-cookie')).toBeNull();
  });

  it('TRACE, which would repeat the key, is not carried', async () => {
    expect(statusesOf(await raw('/openai/v1/files', {}, 'TRACE'))).toEqual([405]);
    expect(vendor.seen).toEqual([]);
  });

  it('a vendor that refuses the gateway’s key is no fault of the caller’s', async () => {
    vendor.answer(response => response.writeHead(401).end(`Incorrect API key: ${OPENAI_KEY}`));
    const response = await gateway.call('/openai/v1/files');

    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({ error: { code: 'provider_key_refused' } });
  });

  it('asking for a WebSocket is told that there is none', async () => {
    const answer = await raw('/openai/v1/realtime', { connection: 'upgrade, close', upgrade: 'websocket' });

    expect(statusesOf(answer)).toEqual([501]);
    expect(vendor.seen).toEqual([]);
  });
});

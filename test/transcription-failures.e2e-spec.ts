import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import path from 'node:path';
import OpenAI, { toFile } from 'openai';
import { UsageRecorder } from '@app/analytics';
import type { UsageView } from '../libs/analytics/src/api/usage.dto.js';
import { eventually } from './support/eventually.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { EVENT_STREAM, type RawVendor, startRawVendor } from './support/raw-vendor.js';
import { usageOf } from './support/usage.js';

const HELLO = readFileSync(path.resolve(import.meta.dirname, '../samples/hello.wav'));
const BOUNDARY = 'gateway-test';

let vendor: RawVendor;
let gateway: TestGateway;

beforeAll(async () => {
  vendor = await startRawVendor();
  gateway = await startGateway({ ...vendor.env, AI_GATEWAY_STREAM_PING_MS: '100' });
});
afterEach(() => eventually(() => expect(stored()).toEqual([]), 3000));
afterAll(async () => {
  await gateway?.stop();
  await vendor?.close();
});

const folder = (): string => path.join(gateway.dataDir, 'tmp');
const stored = (): string[] => readdirSync(folder()).map(name => path.join(folder(), name));

type Piece = readonly [disposition: string, content: string | Buffer];

const FILE: Piece = ['name="file"; filename="a.wav"\r\ncontent-type: audio/wav', HELLO];
const MODEL: Piece = ['name="model"', 'whisper-1'];
const STREAM: Piece = ['name="stream"', 'true'];

/** A form as bytes, which no client library has put in order. */
function bytesOf(pieces: readonly Piece[], ending = `--${BOUNDARY}--\r\n`): Buffer {
  const parts = pieces.map(([disposition, content]) =>
    Buffer.concat([
      Buffer.from(`--${BOUNDARY}\r\ncontent-disposition: form-data; ${disposition}\r\n\r\n`),
      Buffer.from(content),
      Buffer.from('\r\n'),
    ]),
  );
  return Buffer.concat([...parts, Buffer.from(ending)]);
}

function post(body: Buffer, init: RequestInit = {}): Promise<Response> {
  return gateway.call('/v1/audio/transcriptions', {
    method: 'POST',
    headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
    body: new Uint8Array(body),
    ...init,
  });
}

async function latest(): Promise<UsageView | undefined> {
  await gateway.app.get(UsageRecorder).flush();
  const { body } = await gateway.admin<{ data: UsageView[] }>('GET', '/admin/usage?limit=1');
  return body.data[0];
}

describe('the file of a transcription', () => {
  it('is readable by nobody else while it is here, and reaches the vendor as it was', async () => {
    const seen: { mode: number; same: boolean }[] = [];
    vendor.answer(response => {
      for (const file of stored()) {
        seen.push({ mode: statSync(file).mode & 0o777, same: readFileSync(file).equals(HELLO) });
      }
      response.end('{"text": "hello"}');
    });
    const response = await post(bytesOf([FILE, MODEL]));

    expect(response.status).toBe(200);
    expect(seen).toEqual([{ mode: 0o600, same: true }]);
    expect(statSync(folder()).mode & 0o777).toBe(0o700);
  });

  it('may have 24 MB', async () => {
    const big = Buffer.concat([HELLO, randomBytes(24 * 1024 * 1024)]);
    const digest = createHash('sha256');
    let received = 0;
    let told = '';
    const watch = (request: IncomingMessage): void => {
      told = request.headers['content-length'] ?? '';
      request.on('data', (chunk: Buffer) => {
        received += chunk.length;
        digest.update(chunk);
      });
    };
    vendor.onRequest(watch);
    vendor.answer(response => response.end('{"text": "long", "usage": {"type": "duration", "seconds": 90}}'));
    const openai = new OpenAI({ apiKey: gateway.projectKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
    const answer = await openai.audio.transcriptions.create({
      model: 'whisper-1',
      file: await toFile(big, 'big.wav'),
    });
    vendor.onRequest(null);

    expect(answer.text).toBe('long');
    expect(received).toBeGreaterThan(big.length);
    expect(told).toBe(String(received));
    expect(await latest()).toMatchObject({ audioMs: 90_000, outcome: 'completed' });
  }, 30_000);
});

describe('a form', () => {
  it.each([
    ['two files', bytesOf([FILE, MODEL, FILE])],
    ['a file in another field', bytesOf([MODEL, ['name="audio"; filename="a.wav"', HELLO]])],
    ['an end that never comes', bytesOf([MODEL, FILE], '')],
    ['half a file', bytesOf([MODEL, FILE]).subarray(0, 2000)],
    ['nothing', Buffer.alloc(0)],
    ['no form', Buffer.from('{"model": "whisper-1"}')],
    ['a field of two megabytes', bytesOf([['name="prompt"', 'x'.repeat(2 * 1024 * 1024)], MODEL, FILE])],
    [
      'too many fields',
      bytesOf([...Array.from({ length: 200 }, (_, at): Piece => [`name="f${at}"`, 'x']), FILE]),
    ],
    ['a list without end', bytesOf([['name="temperature[4000000000]"', '1'], MODEL, FILE])],
    ['a deep well', bytesOf([[`name="prompt${'[a]'.repeat(10_000)}"`, '1'], MODEL, FILE])],
    ['a prototype', bytesOf([['name="__proto__[model]"', 'whisper-1'], FILE])],
  ])('with %s is refused and counted', async (_what, body) => {
    vendor.answer(response => response.end('{"text": "hello"}'));
    const response = await post(body);

    expect(response.status).toBe(400);
    await expect(response.json()).resolves.toMatchObject({
      error: { message: expect.stringMatching(/\.$/) },
    });
    await expect(usageOf(gateway, response.headers.get('x-request-id'))).resolves.toMatchObject({
      outcome: 'failed',
      status: 400,
      attempts: 0,
      costNanoUsd: 0,
    });
  });

  it.each(['model', 'response_format', 'llm_api_key_id', 'temperature'])(
    'that says %s twice is told so',
    async name => {
      const twice: Piece = [`name="${name}"`, '1'];
      const response = await post(bytesOf([...(name === 'model' ? [] : [MODEL]), twice, twice, FILE]));

      expect(response.status).toBe(400);
      await expect(response.json()).resolves.toMatchObject({
        error: { param: name, message: `'${name}' was sent more than once. Send it once.` },
      });
    },
  );

  it('of another type is refused', async () => {
    const response = await gateway.call('/v1/audio/transcriptions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"model": "whisper-1"}',
    });

    expect(response.status).toBe(400);
  });

  it('whose key is for another vendor is refused', async () => {
    const keys = `/admin/projects/${gateway.projectId}/provider-keys`;
    const key = { provider: 'anthropic', name: 'text', apiKey: 'sk-ant-of-the-project' };
    const { body } = await gateway.admin<{ id: string }>('POST', keys, key);
    const response = await post(bytesOf([MODEL, ['name="llm_api_key_id"', body.id], FILE]));

    expect(response.status).toBe(400);
  });
});

describe('a vendor of transcriptions', () => {
  it.each([
    [500, '{"error": {"message": "Oops."}}', 502],
    [429, '{"error": {"message": "Slow down."}}', 429],
    [401, '{"error": {"message": "Incorrect API key provided."}}', 502],
    [502, '<html>Bad gateway</html>', 502],
    [200, '<html>Sign in</html>', 502],
    [200, '{"text": "half', 502],
    [200, '', 502],
  ])('that answers %d %s becomes %d', async (status, body, ours) => {
    vendor.answer(response => response.writeHead(status).end(body));
    const response = await post(bytesOf([MODEL, FILE]));

    expect(response.status).toBe(ours);
    await expect(response.json()).resolves.toMatchObject({ error: { message: expect.any(String) } });
    await expect(usageOf(gateway, response.headers.get('x-request-id'))).resolves.toMatchObject({
      outcome: 'failed',
      status: ours,
      provider: 'openai',
    });
  });

  it('that does not say what it used is billed by the length of the recording', async () => {
    vendor.answer(response => response.end('{"text": "hello"}'));
    const response = await post(bytesOf([MODEL, FILE]));

    expect(response.status).toBe(200);
    await expect(usageOf(gateway, response.headers.get('x-request-id'))).resolves.toMatchObject({
      audioMs: 1695,
      estimated: true,
      costNanoUsd: 169_500,
    });
  });

  const delta = 'data: {"type":"transcript.text.delta","delta":"Hel"}\n\n';

  it.each([
    ['breaks off', delta, 'upstream_cut'],
    ['reports an error', `${delta}data: {"error":{"message":"Full.","code":"full"}}\n\n`, 'full'],
    ['sends half an event', `${delta}data: {"type":"transcript.te\n\n`, 'malformed_stream'],
    ['sends half an ending', `${delta}data: {"type":"transcript.text.done"\n\n`, 'malformed_stream'],
  ])('that %s amid a stream is told as one error', async (_what, wire, code) => {
    vendor.answer(response => response.writeHead(200, EVENT_STREAM).end(wire));
    const response = await post(bytesOf([MODEL, STREAM, FILE]));
    const text = await response.text();

    expect(text.startsWith(delta)).toBe(true);
    expect(text.match(/"error"/g)).toHaveLength(1);
    expect(text).toContain(`"code":"${code}"`);
    await expect(usageOf(gateway, response.headers.get('x-request-id'))).resolves.toMatchObject({
      outcome: 'cut',
      errorCode: code,
      audioMs: 1695,
      estimated: true,
    });
  });

  it('may fall silent amid an event: no comment lands inside', async () => {
    const done = 'data: {"type":"transcript.text.done","text":"Hello"}\n\n';
    const goOn: (() => void)[] = [];
    vendor.answer(response => {
      response.writeHead(200, EVENT_STREAM).write(delta + done.slice(0, 20));
      goOn.push(() => response.end(done.slice(20)));
    });
    const response = await post(bytesOf([MODEL, STREAM, FILE]));
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk as Uint8Array).toString();
      if ((text.match(/: ping/g) ?? []).length === 2) {
        goOn[0]?.();
      }
    }

    const own = /,"x_llmhub":\{.*?\}/;
    expect(text).toMatch(own);
    expect(text.replaceAll(': ping\n\n', '').replace(own, '')).toBe(delta + done);
  });
});

describe('a caller who leaves', () => {
  it('while the vendor listens', async () => {
    let left = false;
    let asked = false;
    vendor.answer(response => {
      asked = true;
      response.on('close', () => (left = true));
    });
    const leave = new AbortController();
    const asking = expect(post(bytesOf([MODEL, FILE]), { signal: leave.signal })).rejects.toThrow();
    await eventually(() => expect(asked).toBe(true));
    leave.abort();
    await asking;

    await eventually(() => expect(left).toBe(true));
    await eventually(async () =>
      expect(await latest()).toMatchObject({
        outcome: 'aborted',
        status: 499,
        audioMs: 1695,
        estimated: true,
      }),
    );
  });

  it('while sending', async () => {
    const leave = new AbortController();
    const pieces = async function* (): AsyncGenerator<Uint8Array> {
      yield bytesOf([MODEL, FILE]).subarray(0, 3000);
      await eventually(() => expect(stored()).toHaveLength(1));
      leave.abort();
    };
    const request = post(Buffer.alloc(0), {
      body: pieces() as unknown as ReadableStream,
      signal: leave.signal,
      duplex: 'half',
    } as RequestInit);

    await expect(request).rejects.toThrow();
    await eventually(async () =>
      expect(await latest()).toMatchObject({ outcome: 'aborted', status: 499, attempts: 0 }),
    );
  });
});

import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { eventually } from './support/eventually.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { postJson } from './support/post-json.js';
import { EVENT_STREAM, type RawVendor, startRawVendor } from './support/raw-vendor.js';
import { affordRetries } from './support/retries.js';
import { usageOf } from './support/usage.js';

const PIECE = Buffer.alloc(64 * 1024, 7);
const SOUND = { 'content-type': 'audio/mpeg' };
const TEXT = 'Hello.';
/** Of an MP3 of 128 kbit/s, at 20 tokens a second. */
const PIECE_TOKENS = Math.ceil((PIECE.length / 16_000) * 20);

const delta = (audio: Buffer): string =>
  `data: ${JSON.stringify({ type: 'speech.audio.delta', audio: audio.toString('base64') })}\n\n`;
const DONE = `data: ${JSON.stringify({
  type: 'speech.audio.done',
  usage: { input_tokens: 2, output_tokens: 9, total_tokens: 11 },
})}\n\n`;

let vendor: RawVendor;
let gateway: TestGateway;

beforeAll(async () => {
  vendor = await startRawVendor();
  gateway = await startGateway({
    ...vendor.env,
    AI_GATEWAY_STREAM_PING_MS: '100',
    AI_GATEWAY_PROVIDERS_OTHER_BASE_URL: `${vendor.url}/other/v1`,
    AI_GATEWAY_PROVIDERS_OTHER_API_KEY: 'sk-other-0001',
  });
  const at = `/admin/projects/${gateway.projectId}/routing-policies`;
  const targets = ['openai/tts-1', 'other/voice'].map(model => ({ model }));
  expect(await gateway.admin('POST', at, { name: 'speakers', targets })).toMatchObject({ status: 201 });
});
afterAll(async () => {
  await gateway?.stop();
  await vendor?.close();
});

const bodyOf = (model: string): object => ({ model, input: TEXT, voice: 'alloy' });
const speak = (model: string, more: object = {}): Promise<Response> =>
  postJson(gateway, '/v1/audio/speech', { ...bodyOf(model), ...more });

describe('speech that breaks off', () => {
  it.each([
    [
      'sound',
      'tts-1',
      (response: ServerResponse) => {
        response.writeHead(200, SOUND).write(PIECE, () => response.destroy());
      },
      'upstream_unreachable',
    ],
    [
      'events, in the middle',
      'gpt-4o-mini-tts',
      (response: ServerResponse) => {
        response.writeHead(200, EVENT_STREAM).write(delta(PIECE), () => response.destroy());
      },
      'upstream_unreachable',
    ],
    [
      'events, without the last one',
      'gpt-4o-mini-tts',
      (response: ServerResponse) => response.writeHead(200, EVENT_STREAM).end(delta(PIECE)),
      'upstream_cut',
    ],
    [
      'events, with an error',
      'gpt-4o-mini-tts',
      (response: ServerResponse) => {
        const error = `data: ${JSON.stringify({ error: { message: 'No breath.', code: 'winded' } })}\n\n`;
        response.writeHead(200, EVENT_STREAM).write(delta(PIECE));
        setImmediate(() => response.end(error));
      },
      'winded',
    ],
  ])('never ends in order: %s', async (_, model, how, errorCode) => {
    vendor.answer(how);
    const response = await speak(model);

    expect(response.status).toBe(200);
    await expect(response.arrayBuffer()).rejects.toThrow();
    await expect(usageOf(gateway, response.headers.get('x-request-id'))).resolves.toMatchObject({
      outcome: 'cut',
      status: 200,
      errorCode,
      estimated: true,
      billed: { characters: TEXT.length },
      costNanoUsd: model === 'tts-1' ? TEXT.length * 15_000 : 2 * 600 + PIECE_TOKENS * 12_000,
    });
  });

  it('is told in an event to who wants events', async () => {
    vendor.answer(response => response.writeHead(200, EVENT_STREAM).end(delta(PIECE)));
    const response = await speak('gpt-4o-mini-tts', { stream_format: 'sse' });
    const text = await response.text();

    expect(text).toContain(delta(PIECE));
    expect(text).toMatch(/data: \{"error":.*"code":"upstream_cut".*\}\n\n$/);
    expect(text).not.toContain('speech.audio.done');
  });
});

describe('before the first byte', () => {
  it.each([
    ['JSON in place of sound', { 'content-type': 'application/json' }, '{"error":{"message":"No."}}'],
    ['a page in place of sound', { 'content-type': 'text/html' }, '<h1>Busy</h1>'],
    ['no sound at all', SOUND, ''],
    ['events without sound', EVENT_STREAM, DONE],
  ])('%s is a failure of the vendor', async (_, headers, body) => {
    vendor.answer(response => response.writeHead(200, headers).end(body));
    const response = await speak('gpt-4o-mini-tts');

    expect(response.status).toBe(502);
    await expect(response.json()).resolves.toMatchObject({ error: { code: 'malformed_answer' } });
    await expect(usageOf(gateway, response.headers.get('x-request-id'))).resolves.toMatchObject({
      outcome: 'failed',
      status: 502,
    });
  });

  it('sound in place of events is one, too', async () => {
    vendor.answer(response => response.writeHead(200, SOUND).end(PIECE));
    const response = await speak('other/voice', { stream_format: 'sse' });

    expect(response.status).toBe(502);
    await expect(response.text()).resolves.toContain('asked for events');
  });

  it('so is an error among events, where no sound came', async () => {
    const begun = `data: ${JSON.stringify({ type: 'speech.audio.start' })}\n\n`;
    vendor.answer(response => {
      response.writeHead(200, EVENT_STREAM).write(begun);
      setImmediate(() => response.end('data: {"error":{"message":"No breath.","code":"winded"}}\n\n'));
    });
    const response = await speak('gpt-4o-mini-tts');

    expect(response.status).toBe(502);
    await expect(response.json()).resolves.toMatchObject({ error: { code: 'winded' } });
  });

  it('the next vendor is asked', async () => {
    affordRetries(gateway, 'speakers');
    vendor.answer((response, { url = '' }) =>
      response.writeHead(200, SOUND).end(url.startsWith('/other/') ? PIECE : ''),
    );
    const response = await speak('speakers');

    expect(response.headers.get('x-llmhub-provider')).toBe('other');
    expect(Buffer.from(await response.arrayBuffer())).toEqual(PIECE);
  });
});

describe('sound on its way', () => {
  it('has nothing of the gateway in it, however long the vendor is silent', async () => {
    const silence = Promise.withResolvers<void>();
    vendor.answer(async response => {
      response.writeHead(200, SOUND).write(PIECE);
      await silence.promise;
      response.end(PIECE);
    });
    const response = await speak('tts-1');
    const reader = response.body?.getReader();
    await reader?.read();
    // Other streams are pinged meanwhile: so would this one have been.
    let pings = 0;
    const other = connect(Number(new URL(gateway.url).port), '127.0.0.1');
    other.on('data', (chunk: Buffer) => (pings += chunk.toString().split(': ping').length - 1));
    vendor.answer(answer => answer.writeHead(200, EVENT_STREAM).flushHeaders());
    other.write(requestOf('/v1/audio/speech', { ...bodyOf('gpt-4o-mini-tts'), stream_format: 'sse' }));
    await eventually(() => expect(pings).toBeGreaterThan(3));
    other.destroy();
    silence.resolve();
    const rest: Buffer[] = [];
    for (let next = await reader?.read(); next?.value; next = await reader?.read()) {
      rest.push(Buffer.from(next.value));
    }

    expect(Buffer.concat(rest).every(byte => byte === 7)).toBe(true);
  });

  it.each(['tts-1', 'gpt-4o-mini-tts'])('waits for a caller who does not read: %s', async model => {
    const most = 200 * 1024 * 1024;
    let written = 0;
    let paused = false;
    vendor.answer(async response => {
      const gone = once(response, 'close');
      const isSound = model === 'tts-1';
      response.writeHead(200, isSound ? SOUND : EVENT_STREAM);
      while (written < most && !response.destroyed) {
        written += PIECE.length;
        if (!response.write(isSound ? PIECE : delta(PIECE))) {
          paused = true;
          await Promise.race([once(response, 'drain'), gone]);
          paused = false;
        }
      }
    });
    const socket = silentCaller(model);
    let before = -1;
    await eventually(() => {
      const still = paused && written === before && written > 0;
      before = written;
      expect(still).toBe(true);
    });
    const stoodAt = written;
    socket.resume();
    await eventually(() => expect(written).toBeGreaterThan(stoodAt));
    socket.destroy();

    expect(stoodAt).toBeLessThan(30 * 1024 * 1024);
  });

  it('is whole again for who asks once more with the same key', async () => {
    let answers = 0;
    vendor.answer(response => {
      answers += 1;
      response.writeHead(200, EVENT_STREAM).end(delta(PIECE) + DONE);
    });
    const ask = [
      gateway,
      '/v1/audio/speech',
      bodyOf('gpt-4o-mini-tts'),
      { 'idempotency-key': 'once' },
    ] as const;
    const first = await postJson(...ask);
    const sound = Buffer.from(await first.arrayBuffer());
    const second = await postJson(...ask);

    expect(sound).toEqual(PIECE);
    expect(Buffer.from(await second.arrayBuffer())).toEqual(PIECE);
    expect(second.headers.get('content-type')).toBe('audio/mpeg');
    expect(answers).toBe(1);
  });
});

function requestOf(path: string, body: object): string {
  const text = JSON.stringify(body);
  return (
    `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${gateway.projectKey}\r\n` +
    `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`
  );
}

function silentCaller(model: string): Socket {
  const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
  socket.write(requestOf('/v1/audio/speech', bodyOf(model)));
  return socket.pause();
}

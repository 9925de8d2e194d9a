import { OpenStreams } from '../libs/inference/src/index.js';
import { eventually } from './support/eventually.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { EVENT_STREAM, type RawVendor, startRawVendor } from './support/raw-vendor.js';
import { usageOf, usageOfModel } from './support/usage.js';

const PIECE = Buffer.alloc(64 * 1024, 7);
const SOUND = { 'content-type': 'audio/mpeg' };
const TEXT = 'Hello.';
const HALF_AN_EVENT = `data: {"type":"speech.audio.delta","audio":"${PIECE.toString('base64')}`;

let vendor: RawVendor;
let gateway: TestGateway;

beforeAll(async () => {
  vendor = await startRawVendor();
  gateway = await startGateway(vendor.env);
});
afterAll(async () => {
  await gateway?.stop();
  await vendor?.close();
});

function speak(model: string, signal: AbortSignal): Promise<Response> {
  return gateway.call('/v1/audio/speech', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model, input: TEXT, voice: 'alloy' }),
    signal,
  });
}

describe('a speech whose caller leaves', () => {
  it('is stopped at the vendor, and billed', async () => {
    const left = Promise.withResolvers<void>();
    vendor.answer(response => {
      response.once('close', () => left.resolve());
      response.writeHead(200, SOUND).write(PIECE);
    });
    const leaving = new AbortController();
    const response = await speak('openai/tts-1-hd', leaving.signal);
    await response.body?.getReader().read();
    leaving.abort();
    await left.promise;

    await expect(usageOf(gateway, response.headers.get('x-request-id'))).resolves.toMatchObject({
      outcome: 'aborted',
      status: 499,
      errorCode: 'caller_left',
      estimated: true,
      costNanoUsd: TEXT.length * 30_000,
    });
  });

  it('is billed also when its vendor has not begun to answer', async () => {
    const asked = Promise.withResolvers<void>();
    vendor.answer(() => asked.resolve());
    const leaving = new AbortController();
    const response = speak('tts-1', leaving.signal);
    await asked.promise;
    leaving.abort();

    await expect(response).rejects.toThrow();
    await expect(usageOfModel(gateway, 'tts-1')).resolves.toMatchObject({
      outcome: 'aborted',
      estimated: true,
      billed: { characters: TEXT.length },
    });
  });

  it.each([
    ['sound', 'tts-1-hd', { head: SOUND, begin: '', nanoUsd: TEXT.length * 30_000 }],
    ['an event', 'gpt-4o-mini-tts', { head: EVENT_STREAM, begin: HALF_AN_EVENT, nanoUsd: 2 * 600 }],
  ])('is billed also when its vendor has begun, and never told %s', async (_, model, told) => {
    vendor.answer(response => {
      response.writeHead(200, told.head).flushHeaders();
      response.write(told.begin);
    });
    const leaving = new AbortController();
    const response = speak(model, leaving.signal);
    await eventually(() => expect(gateway.app.get(OpenStreams).size).toBe(1));
    leaving.abort();

    await expect(response).rejects.toThrow();
    await expect(usageOfModel(gateway, model)).resolves.toMatchObject({
      outcome: 'aborted',
      estimated: true,
      billed: { characters: TEXT.length },
      costNanoUsd: told.nanoUsd,
    });
  });
});

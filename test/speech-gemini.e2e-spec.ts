import OpenAI from 'openai';
import { startGateway, type TestGateway } from './support/gateway.js';
import { affordRetries } from './support/retries.js';
import { postJson } from './support/post-json.js';
import { usageOf } from './support/usage.js';

const TEXT = '[[sim:say Hello from the gateway.]]';
/** What the simulator makes of it: 24 kHz, 16 bits, 60 ms a character. */
const PCM_BYTES = Math.round('Hello from the gateway.'.length * 0.06 * 24_000) * 2;
const WAV_HEADER_BYTES = 44;
/** What OpenAI's simulator makes of it: directives are spoken, too. */
const PCM_BYTES_OF_ALL = Math.round(TEXT.length * 0.06 * 24_000) * 2;
/** So many of Gemini's events hold a word of sound, and not all of it. */
const PIECES_BYTES = 40_000;

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});
beforeEach(() => gateway.simulator.reset());
afterAll(() => gateway?.stop());

const speak = (body: object): Promise<Response> =>
  postJson(gateway, '/v1/audio/speech', {
    model: 'google/gemini-2.5-flash-preview-tts',
    voice: 'Kore',
    input: TEXT,
    ...body,
  });

describe('speech by Gemini', () => {
  it.each([
    ['wav', 'audio/wav', WAV_HEADER_BYTES + PCM_BYTES],
    ['pcm', 'audio/pcm', PCM_BYTES],
  ])('is %s, billed by tokens', async (response_format, type, bytes) => {
    const response = await speak({ response_format });
    const sound = Buffer.from(await response.arrayBuffer());

    expect(response.headers.get('content-type')).toBe(type);
    expect(sound.length).toBe(bytes);
    if (response_format === 'wav') {
      expect(sound.toString('latin1', 0, 4)).toBe('RIFF');
      expect(sound.readUInt32LE(WAV_HEADER_BYTES - 4)).toBe(0xffffffff); // nobody knows yet how long it gets
    }
    const record = await usageOf(gateway, response.headers.get('x-request-id'));
    expect(record).toMatchObject({ outcome: 'completed', estimated: false, stream: true });
    expect(record.audioOutputTokens).toBeGreaterThan(0);
  });

  it('comes in events, when these are asked for', async () => {
    const text = await (await speak({ response_format: 'pcm', stream_format: 'sse' })).text();
    const events = [...text.matchAll(/^data: (.*)$/gm)].map(
      ([, data = '']) => JSON.parse(data) as { type: string; audio?: string },
    );
    const done = events.pop();
    const pieces = events.map(({ audio = '' }) => Buffer.from(audio, 'base64'));

    expect(pieces.length).toBeGreaterThan(1);
    expect(Buffer.concat(pieces).length).toBe(PCM_BYTES);
    expect(done).toMatchObject({ type: 'speech.audio.done', x_llmhub: { provider: 'google' } });
  });

  it.each(['mp3', 'opus', 'aac', 'flac'])(
    'is refused as %s, which it does not make',
    async response_format => {
      const response = await speak({ response_format });

      expect(response.status).toBe(400);
      await expect(response.json()).resolves.toMatchObject({ error: { param: 'response_format' } });
      expect(gateway.simulator.calls()).toEqual({});
    },
  );

  it.each([
    ['status=500', 502],
    ['error-first', 503],
    ['policy', 502],
    ['html=200', 502],
    ['empty', 502],
  ])('that fails (%s) is a %d', async (fault, status) => {
    gateway.simulator.chaos([{ fault }]);

    expect((await speak({ response_format: 'wav' })).status).toBe(status);
  });
});

/** By the official SDK. */
const say = (asked: Partial<OpenAI.Audio.SpeechCreateParams>): Promise<globalThis.Response> =>
  new OpenAI({ apiKey: gateway.projectKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 }).audio.speech.create(
    {
      model: 'google/gemini-2.5-flash-preview-tts',
      voice: 'Kore',
      input: TEXT,
      ...asked,
    },
  );

describe('speech by Gemini that is on its way', () => {
  afterEach(() => gateway.simulator.chaos([]));

  it.each([
    [{ response_format: 'pcm' }, 1],
    [{ response_format: 'wav' }, WAV_HEADER_BYTES + 1],
    [{ response_format: 'pcm', stream_format: 'sse' }, '{"type":"speech.audio.delta","audio":"'.length],
  ] as const)('reaches the official SDK before the vendor has ended: %j', async (asked, bytes) => {
    gateway.simulator.chaos([{ fault: `stall=${PIECES_BYTES}` }]); // and never goes on
    const response = await say(asked);
    const reader = response.body?.getReader();
    let got = 0;
    while (got < bytes) {
      got += (await reader?.read())?.value?.length ?? Infinity;
    }
    await reader?.cancel(); // hangs up

    expect(got).toBeLessThan(Infinity);
    await expect(usageOf(gateway, response.headers.get('x-request-id'))).resolves.toMatchObject({
      outcome: 'aborted',
      provider: 'google',
      estimated: true,
    });
  });

  it.each([`cut=${PIECES_BYTES}`, 'end-early', 'error-event=2'])(
    'and breaks off (%s) never ends as if it were whole',
    async fault => {
      gateway.simulator.chaos([{ fault }]);
      const sound = await say({ response_format: 'wav' });
      const events = await say({ response_format: 'pcm', stream_format: 'sse' });
      const text = await events.text();

      await expect(sound.arrayBuffer()).rejects.toThrow();
      expect(text).toContain('speech.audio.delta');
      expect(text).not.toContain('speech.audio.done');
      expect(text).toMatch(/data: \{"error":.*\n\n$/);
      for (const { headers } of [sound, events]) {
        const record = await usageOf(gateway, headers.get('x-request-id'));
        expect(record).toMatchObject({ outcome: 'cut', status: 200, provider: 'google', estimated: true });
        expect(record.costNanoUsd).toBeGreaterThan(0);
      }
    },
  );

  it.each(['status=503', 'drop', 'error-event=0', 'policy'])(
    'is spoken by another one, where nothing was heard yet (%s)',
    async fault => {
      const name = `speakers-${fault.replace('=', '-')}`;
      const at = `/admin/projects/${gateway.projectId}/routing-policies`;
      const targets = [{ model: 'google/gemini-2.5-flash-preview-tts' }, { model: 'openai/gpt-4o-mini-tts' }];
      expect(await gateway.admin('POST', at, { name, targets })).toMatchObject({ status: 201 });
      affordRetries(gateway, name);
      gateway.simulator.chaos([{ vendor: 'google', fault }]);
      const response = await say({ model: name, response_format: 'pcm' });

      expect(response.headers.get('x-llmhub-provider')).toBe('openai');
      expect((await response.arrayBuffer()).byteLength).toBe(PCM_BYTES_OF_ALL);
    },
  );

  it('costs by the tokens of the last event what the vendor bills', async () => {
    const response = await say({ response_format: 'pcm' });
    await response.arrayBuffer();
    const { input = 0, output = 0 } =
      gateway.simulator.bill()['google']?.['gemini-2.5-flash-preview-tts'] ?? {};

    expect(output).toBeGreaterThan(0);
    await expect(usageOf(gateway, response.headers.get('x-request-id'))).resolves.toMatchObject({
      inputTokens: input,
      outputTokens: output,
      audioOutputTokens: output,
      estimated: false,
    });
  });
});

import { startGateway, type TestGateway } from './support/gateway.js';
import { postJson } from './support/post-json.js';
import { usageOf } from './support/usage.js';

const TEXT = '[[sim:say Hello from the gateway.]]';
/** What the simulator makes of it: 24 kHz, 16 bits, 60 ms a character. */
const PCM_BYTES = Math.round('Hello from the gateway.'.length * 0.06 * 24_000) * 2;
const WAV_HEADER_BYTES = 44;

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
      expect(sound.readUInt32LE(WAV_HEADER_BYTES - 4)).toBe(PCM_BYTES);
    }
    const record = await usageOf(gateway, response.headers.get('x-request-id'));
    expect(record).toMatchObject({ outcome: 'completed', estimated: false });
    expect(record.audioOutputTokens).toBeGreaterThan(0);
  });

  it('comes in events, when these are asked for', async () => {
    const text = await (await speak({ response_format: 'pcm', stream_format: 'sse' })).text();
    const [delta, done] = [...text.matchAll(/^data: (.*)$/gm)].map(
      ([, data = '']) => JSON.parse(data) as { type: string; audio?: string },
    );

    expect(Buffer.from(delta?.audio ?? '', 'base64').length).toBe(PCM_BYTES);
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
    ['malformed', 502],
    ['policy', 502],
  ])('that fails (%s) is a %d', async (fault, status) => {
    gateway.simulator.chaos([{ fault }]);

    expect((await speak({ response_format: 'wav' })).status).toBe(status);
  });
});

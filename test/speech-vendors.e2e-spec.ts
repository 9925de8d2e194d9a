import OpenAI from 'openai';
import { startGateway, type TestGateway } from './support/gateway.js';
import { postJson } from './support/post-json.js';
import { usageOf } from './support/usage.js';

const TEXT = 'Ĝis 😀, and hello from the gateway.';
const CHARACTERS = [...TEXT].length;
const WAV_HEADER_BYTES = 44;
/** What the simulator makes of it: 24 kHz, 16 bits, 60 ms a character. */
const PCM_BYTES = Math.round(CHARACTERS * 0.06 * 24_000) * 2;
const MODELS = [
  ['deepgram/aura-2', 'thalia'],
  ['elevenlabs/eleven_flash_v2_5', 'JBFqnCBsd6RMkjVDRZzb'],
] as const;

let gateway: TestGateway;
let openai: OpenAI;

beforeAll(async () => {
  gateway = await startGateway(({ url }) => ({
    AI_GATEWAY_PROVIDERS_DEEPGRAM_BASE_URL: `${url}/deepgram/v1`,
    AI_GATEWAY_PROVIDERS_DEEPGRAM_API_KEY: 'key-of-the-gateway-for-deepgram',
    AI_GATEWAY_PROVIDERS_ELEVENLABS_BASE_URL: `${url}/elevenlabs/v1`,
    AI_GATEWAY_PROVIDERS_ELEVENLABS_API_KEY: 'key-of-the-gateway-for-elevenlabs',
  }));
  openai = new OpenAI({ apiKey: gateway.projectKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
  const prices = Object.fromEntries(MODELS.map(([model]) => [model, { input_cost_per_character: 0.00003 }]));
  expect((await gateway.admin('PUT', '/admin/prices', { prices })).status).toBe(200);
});
beforeEach(() => gateway.simulator.reset());
afterAll(() => gateway?.stop());

describe.each(MODELS)('speech by %s', (model, voice) => {
  const speak = (body: object = {}, headers: Record<string, string> = {}): Promise<Response> =>
    postJson(gateway, '/v1/audio/speech', { model, voice, input: TEXT, ...body }, headers);

  it.each([
    ['mp3', 'audio/mpeg', 'ID3', undefined],
    ['opus', 'audio/opus', 'OggS', undefined],
    ['wav', 'audio/wav', 'RIFF', WAV_HEADER_BYTES + PCM_BYTES],
    ['pcm', 'audio/pcm', '', PCM_BYTES],
  ])(
    'is %s for the official SDK, and billed by its characters',
    async (response_format, type, magic, bytes) => {
      const asked = { model, voice, input: TEXT, response_format } as OpenAI.Audio.SpeechCreateParams;
      const response = await openai.audio.speech.create(asked);
      const sound = Buffer.from(await response.arrayBuffer());

      expect(response.headers.get('content-type')).toBe(type);
      expect(sound.toString('latin1', 0, magic.length)).toBe(magic);
      expect(sound.length).toBe(bytes ?? sound.length);
      await expect(usageOf(gateway, response.headers.get('x-request-id'))).resolves.toMatchObject({
        outcome: 'completed',
        estimated: false,
        costNanoUsd: CHARACTERS * 30_000,
      });
    },
  );

  it('comes in events, when these are asked for', async () => {
    const text = await (await speak({ response_format: 'pcm', stream_format: 'sse' })).text();
    const events = [...text.matchAll(/^data: (.*)$/gm)].map(
      ([, data = '']) => JSON.parse(data) as { type: string; audio?: string; x_llmhub?: { cost: number } },
    );
    const sound = Buffer.concat(events.map(({ audio = '' }) => Buffer.from(audio, 'base64')));

    expect(sound.length).toBe(PCM_BYTES);
    expect(events.at(-1)).toMatchObject({
      type: 'speech.audio.done',
      x_llmhub: { cost: (CHARACTERS * 30_000) / 1e9 },
    });
  });

  it('is cut where the vendor breaks off', async () => {
    gateway.simulator.chaos([{ fault: 'cut=3000' }]);
    const response = await speak({ response_format: 'pcm' });

    await expect(response.arrayBuffer()).rejects.toThrow();
    await expect(usageOf(gateway, response.headers.get('x-request-id'))).resolves.toMatchObject({
      outcome: 'cut',
    });
  });

  it.each([
    ['status=500', 502],
    ['status=429', 429],
    ['html=200', 502],
    ['empty', 502],
  ])('that fails (%s) is a %d', async (fault, status) => {
    gateway.simulator.chaos([{ fault }]);
    const response = await speak();

    expect(response.status).toBe(status);
    await expect(response.json()).resolves.toMatchObject({
      error: { message: expect.any(String) as unknown },
    });
  });

  it('tells what is lost, and refuses that in strict mode', async () => {
    const response = await speak({ instructions: 'Calmly.' });
    await response.arrayBuffer();
    const strict = await speak({ instructions: 'Calmly.' }, { 'x-llmhub-strict': 'true' });

    expect(response.headers.get('x-llmhub-warnings')).toContain('dropped=instructions');
    expect(strict.status).toBe(400);
  });
});

import { Modality } from '@google/genai';
import { LIVE_MODEL, Talk } from '../apps/simulator/test/support/gemini-talk.js';
import { LiveClient } from '../apps/simulator/test/support/live-client.js';
import { peakOf, silence, tone } from '../apps/simulator/test/support/sound.js';
import { LiveGround } from './support/live-ground.js';

const PATH = '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent';
const IN_WORDS = { responseModalities: [Modality.TEXT] };

const ground = new LiveGround();
let talk: Talk;

beforeEach(() => {
  talk = new Talk();
});
afterEach(() => talk.session?.close());

describe("Google's own live client", () => {
  it.each([LIVE_MODEL, `google/${LIVE_MODEL}`])('talks in words with %s, which is paid for', async model => {
    const session = await talk.open(ground.google(), IN_WORDS, model);
    session.sendClientContent({ turns: [{ role: 'user', parts: [{ text: 'one two' }] }] });
    const { usageMetadata: usage } = await talk.turns();

    expect(talk.text).toBe('You said: one two (2 words).');
    const [record] = await ground.answers(1);
    expect(record).toMatchObject({
      endpoint: '/v1/realtime',
      provider: 'google',
      modelAsked: model,
      modelUsed: LIVE_MODEL,
      inputTokens: usage?.promptTokenCount,
      outputTokens: usage?.responseTokenCount,
      outcome: 'completed',
      estimated: false,
    });
  });

  it('is heard and spoken to', async () => {
    const session = await talk.open(ground.google(), { responseModalities: [Modality.AUDIO] });
    const pcm = Buffer.concat([tone(600, 16_000), silence(1200, 16_000)]);
    session.sendRealtimeInput({ audio: { data: pcm.toString('base64'), mimeType: 'audio/pcm;rate=16000' } });
    await talk.turns();

    expect(peakOf(talk.spoken)).toBeGreaterThan(5000);
    const [record] = await ground.answers(1);
    expect(record?.audioInputTokens).toBeGreaterThan(0);
    expect(record?.audioOutputTokens).toBeGreaterThan(0);
  });

  it.each([
    ['a model that nobody knows', 'nobody-knows-it', /nobody-knows-it/],
    ['a model that neither talks nor writes', 'deepgram/nova-3', /has no sessions/],
  ])('is told by a close of %s', async (_, model, why) => {
    const opening = talk.open(ground.google(), IN_WORDS, model);
    await expect(opening).rejects.toThrow(/code 1008/);
    await expect(opening).rejects.toThrow(why);
  });
});

describe('a session in the protocol of Gemini', () => {
  it.each([
    ['with a key in the address', ''],
    ['below the name of the vendor', '/google'],
  ])('is opened %s', async (_, prefix) => {
    const client = await LiveClient.open(`${ground.gateway.url}${prefix}${PATH}?key=${ground.apiKey}`);
    client.send({ setup: { model: `models/${LIVE_MODEL}` } });
    await client.until(message => 'setupComplete' in message);
    await client.close();
  });

  it('is refused in HTTP for a wrong key', async () => {
    await expect(LiveClient.open(`${ground.gateway.url}${PATH}?key=pk_nobody`)).rejects.toThrow(': 401');
  });

  it.each([
    ['no setup', { clientContent: {} }],
    ['a setup without a model', { setup: {} }],
  ])('ends at once for %s', async (_, message) => {
    const client = await ground.openAt(PATH, message);
    await expect(client.closed).resolves.toBe(1008);
  });

  it('ends at once for what is no JSON', async () => {
    const client = await ground.openAt(PATH);
    client.socket.send('setup');
    await expect(client.closed).resolves.toBe(1008);
  });
});

import { Modality } from '@google/genai';
import OpenAI from 'openai';
import { Talk } from '../apps/simulator/test/support/gemini-talk.js';
import { OpenAiTalk } from '../apps/simulator/test/support/openai-talk.js';
import { peakOf, silence, tone } from '../apps/simulator/test/support/sound.js';
import { startTlsFront } from '../apps/simulator/test/support/tls-front.js';
import { LiveGround } from './support/live-ground.js';

const MODEL = 'anthropic/claude-sonnet-5';

const ground = new LiveGround();

it("OpenAI's own realtime client talks with it", async () => {
  const front = await startTlsFront(Number(new URL(ground.gateway.url).port));
  const openai = new OpenAI({ apiKey: ground.apiKey, baseURL: `https://localhost:${front.port}/v1` });
  const talk = await OpenAiTalk.open(openai, MODEL, front);
  talk.client.send({
    type: 'input_audio_buffer.append',
    audio: Buffer.concat([tone(800), silence(800)]).toString('base64'),
  });
  const { response } = await talk.done();
  expect(response).toMatchObject({ status: 'completed', output: [{ role: 'assistant' }] });
  await talk.close();
  await front.close();
});

describe("Google's own live client", () => {
  let talk: Talk;
  beforeEach(() => {
    talk = new Talk();
  });
  afterEach(() => talk.session?.close());

  it('talks with it in words', async () => {
    const session = await talk.open(ground.google(), { responseModalities: [Modality.TEXT] }, MODEL);
    session.sendClientContent({ turns: [{ role: 'user', parts: [{ text: 'one two' }] }] });
    await talk.turns();
    expect(talk.text).toBe('You said: one two (2 words).');
    await expect(ground.answers(1)).resolves.toMatchObject([{ modelUsed: 'claude-sonnet-5' }]);
  });

  it('is heard and spoken to', async () => {
    const config = {
      responseModalities: [Modality.AUDIO],
      inputAudioTranscription: {},
      outputAudioTranscription: {},
    };
    const session = await talk.open(ground.google(), config, MODEL);
    const pcm = Buffer.concat([tone(800, 16_000), silence(1000, 16_000)]);
    session.sendRealtimeInput({ audio: { data: pcm.toString('base64'), mimeType: 'audio/pcm;rate=16000' } });
    await talk.turns();
    expect(peakOf(talk.spoken)).toBeGreaterThan(5000);
    const heard = talk.messages
      .map(({ serverContent }) => serverContent?.inputTranscription?.text ?? '')
      .join('');
    const told = talk.messages
      .map(({ serverContent }) => serverContent?.outputTranscription?.text ?? '')
      .join('');
    expect(heard).toContain('transcript of speech.wav');
    expect(told).toContain(heard);
  });
});

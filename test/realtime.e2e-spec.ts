import OpenAI from 'openai';
import type { OpenAIRealtimeWS } from 'openai/realtime/ws';
import { OpenAiTalk } from '../apps/simulator/test/support/openai-talk.js';
import { LiveClient } from '../apps/simulator/test/support/live-client.js';
import { answer, audio, inWords, MODEL, said } from '../apps/simulator/test/support/realtime-events.js';
import { peakOf, silence, tone } from '../apps/simulator/test/support/sound.js';
import { startTlsFront, type TlsFront } from '../apps/simulator/test/support/tls-front.js';
import { LiveGround } from './support/live-ground.js';
import { usageOf } from './support/usage.js';

const WEATHER = {
  type: 'function' as const,
  name: 'get_weather',
  description: 'Look up the weather for a city.',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

const ground = new LiveGround();
let front: TlsFront;

beforeAll(async () => {
  front = await startTlsFront(Number(new URL(ground.gateway.url).port));
});
afterAll(() => front.close());

describe("OpenAI's own realtime client", () => {
  let talk: OpenAiTalk;
  let client: OpenAIRealtimeWS;

  beforeEach(async () => {
    const openai = new OpenAI({ apiKey: ground.apiKey, baseURL: `https://localhost:${front.port}/v1` });
    talk = await OpenAiTalk.open(openai, `openai/${MODEL}`, front);
    ({ client } = talk);
  });
  afterEach(() => talk.close());

  it('talks in words with a model, which is paid for in the ledger', async () => {
    client.send(inWords);
    client.send(said('one two three'));
    client.send(answer);
    const { response } = await talk.done();

    expect(talk.deltas('response.output_text.delta').join('')).toBe('You said: one two three (3 words).');
    const [record] = await ground.answers(1);
    expect(record).toMatchObject({
      endpoint: '/v1/realtime',
      provider: 'openai',
      modelAsked: `openai/${MODEL}`,
      modelUsed: MODEL,
      upstreamId: response.id,
      stream: true,
      outcome: 'completed',
      status: 200,
      inputTokens: response.usage?.input_tokens,
      outputTokens: response.usage?.output_tokens,
      attempts: 1,
      estimated: false,
    });
    expect(record?.costNanoUsd).toBeGreaterThan(0);
    expect(ground.gateway.simulator.bill()['openai']?.[MODEL]?.calls).toBe(1);
  });

  it('is heard and spoken to', async () => {
    client.send(audio(tone(600), silence(800)));
    const { response } = await talk.done();
    const pcm = Buffer.concat(
      talk.deltas('response.output_audio.delta').map(each => Buffer.from(each, 'base64')),
    );

    expect(peakOf(pcm)).toBeGreaterThan(5000);
    const [record] = await ground.answers(1);
    expect(record).toMatchObject({
      audioInputTokens: response.usage?.input_token_details?.audio_tokens,
      audioOutputTokens: response.usage?.output_token_details?.audio_tokens,
    });
    expect(record?.audioInputTokens).toBeGreaterThan(0);
    expect(record?.audioOutputTokens).toBeGreaterThan(0);
    expect(record?.firstTokenMs).toBeGreaterThan(0);
  });

  it('has its tools called', async () => {
    client.send({
      type: 'session.update',
      session: { type: 'realtime', output_modalities: ['text'], tools: [WEATHER] },
    });
    client.send(said('[[sim:call get_weather {"city":"London"}]] What is the weather?'));
    client.send(answer);
    const { response } = await talk.done();

    expect(response.output?.[0]).toMatchObject({ type: 'function_call', name: 'get_weather' });
  });

  it('may name the models as the gateway does', async () => {
    client.send({
      type: 'session.update',
      session: {
        type: 'realtime',
        model: `openai/${MODEL}`,
        audio: { input: { transcription: { model: 'openai/gpt-4o-transcribe' } } },
      },
    });
    const { session } = await client.emitted('session.updated');

    expect(session).toMatchObject({
      model: MODEL,
      audio: { input: { transcription: { model: 'gpt-4o-transcribe' } } },
    });
    client.send(audio(tone(600), silence(800)));
    await talk.done();
    const records = await ground.answers(2);
    const transcribed = records.find(({ modelUsed }) => modelUsed === 'gpt-4o-transcribe');
    expect(transcribed).toMatchObject({ provider: 'openai', outcome: 'completed', estimated: false });
    expect(transcribed?.inputTokens).toBeGreaterThan(0);
  });
});

const url = (query: string): string => `${ground.gateway.url}/v1/realtime${query}`;

describe('a session', () => {
  it('is recorded as a call of its own, which costs nothing', async () => {
    const client = await ground.open(inWords, said('hello'), answer);
    await client.untilType('response.done');
    await client.close();

    await ground.answers(1);
    const session = await ground.session();
    expect(session).toMatchObject({ costNanoUsd: 0, outcome: 'completed', modelUsed: MODEL, attempts: 1 });
    await expect(usageOf(ground.gateway, session?.id ?? '')).resolves.toMatchObject({ id: session?.id });
  });

  it('takes the key of a browser, and does not repeat it', async () => {
    const client = await LiveClient.open(url(`?model=${MODEL}`), {}, [
      'realtime',
      `openai-insecure-api-key.${ground.apiKey}`,
    ]);
    expect(client.socket.protocol).toBe('realtime');
    await client.untilType('session.created');
    await client.close();
  });

  it.each([
    ['a wrong key', `?model=${MODEL}`, { authorization: 'Bearer pk_nobody' }, 401],
    ['no key', `?model=${MODEL}`, { authorization: '' }, 401],
    ['no model', '', {}, 400],
    ['a call of a telephone', '?call_id=rtc_1', {}, 400],
    ['a model that neither talks nor writes', '?model=deepgram/nova-3', {}, 400],
    ['a model that nobody knows', '?model=nobody-knows-it', {}, 404],
    ['a model that the vendor does not know', '?model=openai/no-such-model', {}, 404],
  ])('is refused in HTTP for %s', async (_, query, headers: Record<string, string>, status) => {
    const own = { authorization: `Bearer ${ground.apiKey}`, ...headers };
    await expect(LiveClient.open(url(query), { headers: own })).rejects.toThrow(`: ${status}`);
  });

  it('is none without an upgrade', async () => {
    const response = await ground.gateway.call(`/v1/realtime?model=${MODEL}`);
    expect(response.status).toBe(426);
    expect(await response.json()).toMatchObject({ error: { code: 'websocket_required' } });
  });
});

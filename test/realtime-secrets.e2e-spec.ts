import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GoogleGenAI, Modality } from '@google/genai';
import OpenAI from 'openai';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import { LIVE_MODEL, Talk } from '../apps/simulator/test/support/gemini-talk.js';
import { LiveClient } from '../apps/simulator/test/support/live-client.js';
import { answer, inWords, MODEL, said } from '../apps/simulator/test/support/realtime-events.js';
import { startTlsFront, type TlsFront } from '../apps/simulator/test/support/tls-front.js';
import { encryptionKey } from './support/encryption-key.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { ANSWERED, answered, IN_WORDS, SecretGround } from './support/secret-ground.js';
import { removeData, storeEnvironment } from './support/test-store.js';

const KEY_RING = { AI_GATEWAY_SECURITY_ENCRYPTION_KEY: encryptionKey(7) };
const GEMINI = '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent';
const TRANSCRIBER = 'gpt-4o-transcribe';

const ground = new SecretGround(KEY_RING);
let front: TlsFront;

beforeAll(async () => {
  front = await startTlsFront(Number(new URL(ground.gateway.url).port));
});
afterAll(() => front.close());

const written = (model: string) => ({
  type: 'transcription' as const,
  audio: { input: { transcription: { model } } },
});

describe('an ephemeral key', () => {
  it("is made by OpenAI's own client", async () => {
    const { value, expires_at, session } = await ground.openai().realtime.clientSecrets.create({
      expires_after: { anchor: 'created_at', seconds: 7200 },
      session: IN_WORDS,
    });

    expect(value).toMatch(/^ek_/);
    expect(expires_at - Date.now() / 1000).toBeGreaterThan(7000);
    expect(session).toEqual({ ...IN_WORDS, object: 'realtime.session', id: expect.stringMatching(/^sess_/) });
    expect(ground.gateway.simulator.bill()).toEqual({});
    await ground.answers(0);
  });

  it('is made without a body, too', async () => {
    const response = await ground.gateway.call('/v1/realtime/client_secrets', { method: 'POST' });
    const body = (await response.json()) as { expires_at: number };

    expect(body).toMatchObject({ session: { type: 'realtime' } });
    expect(body.expires_at - Date.now() / 1000).toBeLessThanOrEqual(600);
  });

  it("opens sessions of OpenAI's own client, which begin as it says", async () => {
    const apiKey = await ground.secretOf(IN_WORDS);
    const browser = new OpenAI({ apiKey, baseURL: `https://localhost:${front.port}/v1` });
    const client = new OpenAIRealtimeWS({ model: `openai/${MODEL}`, options: { ca: front.ca } }, browser);
    const { session } = await client.emitted('session.updated');
    expect(session).toMatchObject({ model: MODEL, output_modalities: ['text'] });
    client.send(said('one two three'));
    client.send(answer);
    const { response } = await client.emitted('response.done');
    const closed = new Promise(resolve => client.socket.once('close', resolve));
    client.close();
    await closed;

    const [record] = await ground.answers(1);
    expect(record).toMatchObject({ modelAsked: `openai/${MODEL}`, upstreamId: response.id });
    expect(record?.costNanoUsd).toBeGreaterThan(0);
  });

  it('opens sessions of browsers, as many as they like, which need not name the model', async () => {
    const secret = await ground.secretOf(IN_WORDS);
    const client = await ground.dial(secret);

    expect(client.socket.protocol).toBe('realtime');
    await expect(answered(client)).resolves.toBe(ANSWERED);
    await expect(answered(await ground.dial(secret))).resolves.toBe(ANSWERED);
  });

  it('has its session said before all that its caller says', async () => {
    const client = await ground.dial(await ground.secretOf({ ...IN_WORDS, output_modalities: ['audio'] }));
    client.send({ type: 'session.update', session: { type: 'realtime', output_modalities: ['text'] } });

    await expect(answered(client)).resolves.toBe(ANSWERED);
  });

  it('opens a session with a model of another protocol, whose vendor is told how it is to be', async () => {
    const client = await ground.dial(await ground.secretOf({ ...IN_WORDS, model: `google/${LIVE_MODEL}` }));

    await expect(answered(client)).resolves.toBe(ANSWERED);
    await expect(ground.answers(1)).resolves.toMatchObject([{ provider: 'google', modelUsed: LIVE_MODEL }]);
  });

  it('opens a session with a text model, which is given a voice, and told how it is to be', async () => {
    const client = await ground.dial(
      await ground.secretOf({ ...IN_WORDS, model: 'anthropic/claude-sonnet-5' }),
    );

    await expect(answered(client)).resolves.toBe(ANSWERED);
    await expect(ground.answers(1)).resolves.toMatchObject([{ provider: 'anthropic' }]);
  });

  it('opens a session for any model, where it names none', async () => {
    const client = await ground.dial(await ground.secretOf(), `/v1/realtime?model=${MODEL}`);
    client.send(inWords);
    await expect(answered(client)).resolves.toBe(ANSWERED);
    expect(client.types.filter(type => type === 'session.updated')).toHaveLength(1);
  });

  it('is good at another gateway with the same store and encryption keys', async () => {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'gateways-'));
    const shared = { ...KEY_RING, ...(await storeEnvironment(dataDir)) };
    let gateway: TestGateway | null = null;
    try {
      gateway = await startGateway(shared);
      const client = new OpenAI({ apiKey: gateway.projectKey, baseURL: `${gateway.url}/v1` });
      const { value } = await client.realtime.clientSecrets.create({ session: IN_WORDS });
      await gateway.stop(); // only one of them may have a file
      gateway = await startGateway(shared);
      await expect(answered(await ground.dial(value, '/v1/realtime', gateway))).resolves.toBe(ANSWERED);
    } finally {
      await gateway?.stop();
      await removeData(dataDir);
    }
  });

  it('opens sessions in which is written down what is said, by the model that it names', async () => {
    const client = await ground.dial(await ground.secretOf(written(`openai/${TRANSCRIBER}`)));
    expect(await client.untilType('session.updated')).toMatchObject({
      session: { type: 'transcription', audio: { input: { transcription: { model: TRANSCRIBER } } } },
    });
    client.send({ type: 'session.update', session: written('whisper-1') });
    expect(await client.untilType('error')).toMatchObject({ error: { code: 'session_model_fixed' } });
    client.send({ type: 'session.update', session: written(TRANSCRIBER) });
    await client.untilType('session.updated', 2);
    await client.close();
  });
});

const talk = async (secret: string, model: string = LIVE_MODEL): Promise<Talk> => {
  const google = new GoogleGenAI({ apiKey: secret, httpOptions: { baseUrl: ground.gateway.url } });
  const told = new Talk();
  const session = await told.open(google, { responseModalities: [Modality.TEXT] }, model);
  session.sendClientContent({ turns: [{ role: 'user', parts: [{ text: 'one two three' }] }] });
  return told;
};

describe("at the path of Google's live client, an ephemeral key", () => {
  const GOOGLE = { type: 'realtime', model: LIVE_MODEL } as const;
  it('opens sessions with the model that it names', async () => {
    const told = await talk(await ground.secretOf(GOOGLE));
    await told.turns();
    told.session?.close();
    expect(told.text).toBe(ANSWERED);
  });

  it.each([`${GEMINI}?access_token=`, `${GEMINI}Constrained?access_token=`, `${GEMINI}?key=`])(
    'is said in the address: %s',
    async at => {
      const client = await LiveClient.open(ground.gateway.url + at + (await ground.secretOf(GOOGLE)), {
        headers: { authorization: '' },
      });
      client.send({ setup: { model: `models/${LIVE_MODEL}` } });
      await client.until(message => 'setupComplete' in message);
      await client.close();
    },
  );

  it.each([
    ['another model', GOOGLE, `google/${LIVE_MODEL}`, /'google\//],
    [
      "a session in OpenAI's words",
      { ...GOOGLE, instructions: 'Be brief.' },
      LIVE_MODEL,
      /OpenAI's protocol/,
    ],
    ['a transcription', { type: 'transcription' as const }, LIVE_MODEL, /OpenAI's protocol/],
  ])('opens none for %s', async (_, session, model, reason) => {
    await expect(talk(await ground.secretOf(session), model)).rejects.toThrow(reason);
  });
});

import { MODEL } from '../apps/simulator/test/support/realtime-events.js';
import { ANSWERED, answered, SecretGround } from './support/secret-ground.js';

const ground = new SecretGround();
const TRANSCRIBER = 'gpt-4o-transcribe';
const KEY = { value: expect.stringMatching(/^ek_v1\./), expires_at: expect.any(Number) };
const ID = expect.stringMatching(/^sess_[0-9a-f]{24}$/);
const DETECTION = { type: 'server_vad', silence_duration_ms: 700 } as const;

describe("an ephemeral key, made as OpenAI's beta did", () => {
  it("is made by OpenAI's own client, and opens sessions as they were described then", async () => {
    const asked = {
      model: `openai/${MODEL}` as 'gpt-4o-realtime-preview', // the SDK's types know the names of the beta only
      modalities: ['text' as const],
      instructions: 'Be brief.',
      input_audio_format: 'pcm16' as const,
      turn_detection: DETECTION,
      max_response_output_tokens: 500,
      voice: 'sage',
    };
    const { client_secret: key, ...session } = await ground.openai().beta.realtime.sessions.create({
      ...asked,
      client_secret: { expires_after: { anchor: 'created_at', seconds: 7200 } },
    });
    expect(key).toEqual(KEY);
    expect(key.expires_at - Date.now() / 1000).toBeGreaterThan(7000);
    expect(session).toEqual({ ...asked, id: ID, object: 'realtime.session' });
    expect(ground.gateway.simulator.requests()).toEqual([]);

    const client = await ground.dial(key.value);
    expect(await client.untilType('session.updated')).toMatchObject({
      session: {
        type: 'realtime',
        model: MODEL,
        output_modalities: ['text'],
        instructions: 'Be brief.',
        max_output_tokens: 500,
        audio: {
          input: { format: { type: 'audio/pcm', rate: 24_000 }, turn_detection: DETECTION },
          output: { voice: 'sage' },
        },
      },
    });
    await expect(answered(client)).resolves.toBe(ANSWERED);
  });

  it('opens sessions in which is written down what is said', async () => {
    const asked = { input_audio_transcription: { model: `openai/${TRANSCRIBER}` as typeof TRANSCRIBER } };
    const { client_secret: key, ...session } = await ground
      .openai()
      .beta.realtime.transcriptionSessions.create({
        ...asked,
        modalities: ['text'],
        client_secret: { expires_at: { seconds: 60 } },
      });
    expect(key).toEqual(KEY);
    expect(key.expires_at - Date.now() / 1000).toBeLessThanOrEqual(60);
    expect(session).toEqual({
      ...asked,
      modalities: ['text'],
      id: ID,
      object: 'realtime.transcription_session',
    });

    const client = await ground.dial(key.value);
    expect(await client.untilType('session.updated')).toMatchObject({
      session: { type: 'transcription', audio: { input: { transcription: { model: TRANSCRIBER } } } },
    });
    await client.close();
  });

  it.each(['sessions', 'transcription_sessions'])('is made without a body, too: %s', async kind => {
    const response = await ground.gateway.call(`/v1/realtime/${kind}`, { method: 'POST' });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ id: ID, client_secret: KEY });
  });

  it.each<[string, string, object, string]>([
    ['a member that is none any more', 'sessions', { temperature: 0.8 }, 'temperature'],
    ['a session in the words of today', 'sessions', { output_modalities: ['text'] }, 'output_modalities'],
    ['a member of another session', 'transcription_sessions', { voice: 'sage' }, 'voice'],
    ['an unknown sound', 'sessions', { input_audio_format: 'mp3' }, 'input_audio_format'],
    ['no modality', 'sessions', { modalities: [] }, 'modalities'],
    ['a model that is no name', 'sessions', { model: 5 }, 'model'],
    [
      'a transcriber that is no name',
      'sessions',
      { input_audio_transcription: { model: '' } },
      'input_audio_transcription.model',
    ],
    ['a model that cannot be talked to', 'sessions', { model: 'openai/text-embedding-3-small' }, 'model'],
    ['a key that is none', 'sessions', { client_secret: 60 }, 'client_secret'],
    [
      'no time',
      'sessions',
      { client_secret: { expires_after: { seconds: 9 } } },
      'client_secret.expires_after.seconds',
    ],
  ])('is not made for %s', async (_, kind, body, param) => {
    const response = await ground.gateway.call(`/v1/realtime/${kind}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param, type: expect.any(String) } });
    expect(ground.gateway.simulator.requests()).toEqual([]);
  });

  it('is not made for a model that nobody knows', async () => {
    const made = ground
      .openai()
      .beta.realtime.sessions.create({ model: 'nobody-knows-it' as 'gpt-4o-realtime-preview' });
    await expect(made).rejects.toMatchObject({ status: 404, code: 'model_not_found' });
  });
});

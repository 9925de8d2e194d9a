import type { LiveClient } from '../apps/simulator/test/support/live-client.js';
import { answer, audio } from '../apps/simulator/test/support/realtime-events.js';
import { silence, tone } from '../apps/simulator/test/support/sound.js';
import { makePolicy } from './support/failing-over.js';
import { LiveGround } from './support/live-ground.js';

const PATH = '/v1/realtime?model=anthropic/claude-sonnet-5';
const FIRST_EAR = 'gpt-4o-mini-transcribe';
const EARS = [`openai/${FIRST_EAR}`, 'groq/whisper-large-v3'];
const MOUTH = 'gpt-4o-mini-tts';
const COMPLETED = 'conversation.item.input_audio_transcription.completed';
const speech = audio(silence(300), tone(800), silence(800));
const heardBy = (model?: string) => ({
  type: 'session.update',
  session: { type: 'realtime', ...(model && { audio: { input: { transcription: { model } } } }) },
});

const ground = new LiveGround(({ url }) => ({
  AI_GATEWAY_PROVIDERS_GROQ_BASE_URL: `${url}/groq/openai/v1`,
  AI_GATEWAY_PROVIDERS_GROQ_API_KEY: 'gsk-simulated',
  AI_GATEWAY_REALTIME_TRANSCRIBER: EARS.join(','),
  AI_GATEWAY_REALTIME_SPEAKER: `openai/${MOUTH},openai/tts-1`,
  AI_GATEWAY_REALTIME_SILENCE_MS: '1500',
}));
beforeEach(async () => {
  for (const provider of ['openai', 'groq']) {
    const made = { provider, name: 'own', apiKey: `sk-own-${provider}` }; // breakers of its own
    await ground.gateway.admin('POST', `/admin/projects/${ground.projectId}/provider-keys`, made);
  }
});
afterEach(() => ground.gateway.simulator.chaos([]));

const fail = (fault: string, ...models: string[]): Promise<unknown> | void =>
  ground.gateway.simulator.chaos(models.map(model => ({ model, fault })));
const down = (...models: string[]): Promise<unknown> | void => fail('status=503', ...models);
/** Before the status, and behind it: for longer than any test lasts. */
const SILENCES = ['delay=60000', 'stall=0'];

async function modelsUsed(client: LiveClient, count: number): Promise<unknown[]> {
  await client.close();
  return (await ground.answers(count)).map(({ modelUsed }) => modelUsed).toSorted();
}

describe('a session with a text model', () => {
  it('is heard by the next model when the first is down, which the gateway, or a policy that its caller names', async () => {
    await makePolicy(ground, 'ears', EARS);
    await down(FIRST_EAR);
    for (const name of [undefined, 'ears']) {
      const client = await ground.openAt(PATH, heardBy(name), speech);
      expect(await client.untilType('response.done')).toMatchObject({ response: { status: 'completed' } });
      expect(client.types).not.toContain('error');
      await client.close();
    }
    const used = (await ground.answers(8)).map(({ modelUsed }) => modelUsed);
    expect(used.filter(model => model === 'whisper-large-v3')).toHaveLength(2);
    expect(used).not.toContain(FIRST_EAR);
  });

  it('is spoken to by the next model when the first is down', async () => {
    await down(MOUTH);
    const client = await ground.openAt(PATH, heardBy(), speech);
    expect(await client.untilType('response.done')).toMatchObject({ response: { status: 'completed' } });

    expect(client.types).toContain('response.output_audio.delta');
    await expect(modelsUsed(client, 4)).resolves.toEqual(['claude-sonnet-5', FIRST_EAR, 'tts-1', 'tts-1']);
  });

  it('is told as of any vendor that nobody hears it', async () => {
    await down(FIRST_EAR, 'whisper-large-v3');
    const manual = { type: 'realtime', audio: { input: { turn_detection: null } } };
    const client = await ground.openAt(PATH, { type: 'session.update', session: manual });
    client.send(audio(tone(800)), { type: 'input_audio_buffer.commit' }, answer);
    const { error } = await client.untilType('error');

    expect(error).toMatchObject({ type: 'service_unavailable_error', code: 'no_target_left' });
    expect(await client.untilType('response.done')).toMatchObject({
      response: { status: 'failed', status_details: { error: { code: 'no_target_left' } } },
    });
  });

  it('is told as of any vendor that the one model which is to hear it does not', async () => {
    await down(FIRST_EAR);
    const client = await ground.openAt(PATH, heardBy(`openai/${FIRST_EAR}`), speech);
    await client.untilType('conversation.item.input_audio_transcription.failed');
    client.send({
      type: 'conversation.item.create',
      item: {
        type: 'message',
        role: 'user',
        content: [{ type: 'input_audio', audio: tone(800).toString('base64') }],
      },
    });

    expect((await client.untilType('error'))['error']).toMatchObject({ type: 'upstream_error' });
  });
});

describe('a model that hears or speaks for a text model, and says nothing', () => {
  it.each(SILENCES)('is one that fails: the next one hears (%s)', async fault => {
    await fail(fault, FIRST_EAR);
    const client = await ground.openAt(PATH, heardBy(), speech);
    expect(await client.untilType('response.done')).toMatchObject({ response: { status: 'completed' } });

    expect(client.types).not.toContain('error');
    const used = await modelsUsed(client, 5);
    expect(used).toEqual(expect.arrayContaining([FIRST_EAR, 'whisper-large-v3'])); // what was given up may be billed
  });

  it.each(SILENCES)('is one that fails: the next one speaks (%s)', async fault => {
    await fail(fault, MOUTH);
    const client = await ground.openAt(PATH, heardBy(), speech);
    expect(await client.untilType('response.done')).toMatchObject({ response: { status: 'completed' } });

    expect(client.types).toContain('response.output_audio.delta');
    const used = await modelsUsed(client, 6); // of two sentences
    expect(used).toEqual(['claude-sonnet-5', FIRST_EAR, MOUTH, MOUTH, 'tts-1', 'tts-1']);
  });

  it('fails the speech where nobody else is asked, and the session goes on', async () => {
    await fail('delay=60000', FIRST_EAR);
    const client = await ground.openAt(PATH, heardBy(`openai/${FIRST_EAR}`), speech);
    const failed = await client.untilType('conversation.item.input_audio_transcription.failed');
    expect(failed).toMatchObject({
      error: { code: 'upstream_timeout', message: expect.stringContaining("'openai' did not answer within") },
    });
    await fail('');
    client.send(speech);

    await client.untilType(COMPLETED);
  });

  it.each([
    ['before the first sound', 'stall=0', 'no_target_left'],
    ['in the middle', 'stall=2000', 'upstream_cut'],
  ])('fails the answer where all speakers do, %s', async (_, fault, code) => {
    await fail(fault, MOUTH, 'tts-1');
    const client = await ground.openAt(PATH, heardBy(), speech);

    expect(await client.untilType('response.done')).toMatchObject({
      response: { status: 'failed', status_details: { error: { code } } },
    });
  });

  it('may take its time where its policy says so', async () => {
    await makePolicy(ground, 'ears', [`openai/${FIRST_EAR}`], { timeouts: { attemptMs: 60_000 } });
    await fail('delay=5000', FIRST_EAR); // the speech lasts 1.6 s
    const client = await ground.openAt(PATH, heardBy('ears'), speech);

    await client.untilType(COMPLETED);
  });
});

describe('a session that only writes down what is said', () => {
  const writing = {
    type: 'session.update',
    session: { type: 'transcription', audio: { input: { transcription: { model: 'ears' } } } },
  };

  it("is at a vendor's own by the name of a policy", async () => {
    await makePolicy(ground, 'ears', EARS);
    const client = await ground.openAt('/v1/realtime?intent=transcription', writing, speech);
    await client.untilType(COMPLETED);

    await expect(modelsUsed(client, 1)).resolves.toEqual([FIRST_EAR]);
  });

  it('is held by the gateway, at the next model, where the first one opens none', async () => {
    await makePolicy(ground, 'ears', EARS);
    ground.gateway.simulator.chaos([{ vendor: 'openai', fault: 'status=503' }]);
    const client = await ground.openAt('/v1/realtime?intent=transcription', writing, speech);
    await client.untilType(COMPLETED);

    await expect(modelsUsed(client, 1)).resolves.toEqual(['whisper-large-v3']);
  });
});

import { answer, audio, inWords, said } from '../apps/simulator/test/support/realtime-events.js';
import { silence, tone } from '../apps/simulator/test/support/sound.js';
import { LiveGround } from './support/live-ground.js';
import { RECALL, textsOf } from './support/recall.js';

const ground = new LiveGround(({ url }) => ({
  AI_GATEWAY_PROVIDERS_XAI_BASE_URL: `${url}/xai/v1`,
  AI_GATEWAY_PROVIDERS_XAI_API_KEY: 'xai-simulated',
}));
afterEach(() => ground.gateway.simulator.chaos([]));

describe('a session by a policy, whose vendor is lost', () => {
  it('goes on at another one, at the price of that', async () => {
    await ground.gateway.admin('POST', `/admin/projects/${ground.projectId}/routing-policies`, {
      name: 'voice',
      targets: [{ model: 'openai/gpt-realtime' }, { model: 'xai/grok-voice-latest' }],
    });
    const client = await ground.openAt('/v1/realtime?model=voice', inWords, said('one two'), answer);
    await client.untilType('response.done');
    ground.gateway.simulator.chaos([{ vendor: 'openai', fault: 'status=503' }]);
    ground.gateway.simulator.dropSessions();
    expect(await client.untilType('x_llmhub.resumed')).toMatchObject({ from: 'openai', to: 'xai' });
    client.send(RECALL, answer);
    await client.untilType('response.done', 2);

    expect(textsOf(client).at(-1)).toContain('user: one two');
    await expect(ground.answers(2)).resolves.toMatchObject([{ provider: 'openai' }, { provider: 'xai' }]);
    await client.close();
    const session = await ground.session();
    expect(session).toMatchObject({ provider: 'xai', attempts: 3, outcome: 'completed' });
  });

  it('ends when what its caller settled is not for its key there', async () => {
    const made = await ground.gateway.admin<{ key: string }>(
      'POST',
      `/admin/projects/${ground.projectId}/api-keys`,
      {
        name: 'some',
        allowedModels: ['openai/gpt-realtime', 'openai/gpt-4o-transcribe', 'xai/grok-voice-latest'],
      },
    );
    await ground.gateway.admin('POST', `/admin/projects/${ground.projectId}/routing-policies`, {
      name: 'voice',
      targets: [{ model: 'openai/gpt-realtime' }, { model: 'xai/grok-voice-latest' }],
    });
    ground.apiKey = made.body.key;
    const client = await ground.openAt('/v1/realtime?model=voice', {
      type: 'session.update',
      session: { type: 'realtime', audio: { input: { transcription: { model: 'gpt-4o-transcribe' } } } },
    });
    await client.untilType('session.updated');
    ground.gateway.simulator.chaos([{ vendor: 'openai', fault: 'status=503' }]);
    ground.gateway.simulator.dropSessions();

    await expect(client.closed).resolves.toBe(1008);
    expect(client.events.at(-1)).toMatchObject({ type: 'error', error: { code: 'outside_scope' } });
  });
});

describe('a session that only writes down what is said', () => {
  it('goes on to have speech written down, where it does nothing else', async () => {
    const client = await ground.openAt('/v1/realtime?intent=transcription', {
      type: 'session.update',
      session: { type: 'transcription', audio: { input: { transcription: { model: 'gpt-4o-transcribe' } } } },
    });
    await client.untilType('session.updated');
    ground.gateway.simulator.dropSessions();
    await client.untilType('x_llmhub.resumed');
    client.send(audio(tone(600), silence(800)));
    await client.untilType('conversation.item.input_audio_transcription.completed');

    await expect(ground.answers(1)).resolves.toMatchObject([{ modelUsed: 'gpt-4o-transcribe' }]);
  });
});

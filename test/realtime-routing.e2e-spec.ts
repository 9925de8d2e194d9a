import { answer, inWords, said } from '../apps/simulator/test/support/realtime-events.js';
import { LiveGround } from './support/live-ground.js';

const ground = new LiveGround(({ url }) => ({
  AI_GATEWAY_PROVIDERS_XAI_BASE_URL: `${url}/xai/v1`,
  AI_GATEWAY_PROVIDERS_XAI_API_KEY: 'xai-simulated',
}));

beforeEach(async () => {
  const made = await ground.gateway.admin('POST', `/admin/projects/${ground.projectId}/routing-policies`, {
    name: 'voice',
    targets: [
      { model: 'openai/gpt-realtime' },
      { model: 'anthropic/claude-sonnet-4-5' },
      { model: 'xai/grok-voice-latest' },
    ],
    hedge: true,
  });
  expect(made).toMatchObject({ status: 201 });
});
afterEach(() => ground.gateway.simulator.chaos([]));

const asked = (): number => ground.gateway.simulator.requests().length;

describe('a session by a policy', () => {
  it('is with its first model', async () => {
    const client = await ground.openAt('/v1/realtime?model=voice', inWords, said('hello'), answer);
    await client.untilType('response.done');

    await expect(ground.answers(1)).resolves.toMatchObject([{ provider: 'openai', modelAsked: 'voice' }]);
    expect(asked()).toBe(1);
  });

  it.each(['status=503', 'status=429', 'status=401'])(
    'is with the next one that speaks the protocol when the vendor says %s',
    async fault => {
      ground.gateway.simulator.chaos([{ vendor: 'openai', fault }]);
      const client = await ground.openAt('/v1/realtime?model=voice', inWords, said('hello'), answer);
      await client.untilType('response.done');

      await expect(ground.answers(1)).resolves.toMatchObject([
        { provider: 'xai', modelUsed: 'grok-voice-latest', modelAsked: 'voice' },
      ]);
      await client.close();
      await expect(ground.session()).resolves.toMatchObject({ provider: 'xai', costNanoUsd: 0 });
    },
  );

  it('is with its text model where none opens that speaks itself', async () => {
    ground.gateway.simulator.chaos([
      { vendor: 'openai', fault: 'status=503' },
      { vendor: 'xai', fault: 'status=503' },
    ]);
    const client = await ground.openAt('/v1/realtime?model=voice', inWords, said('hello'), answer);
    await client.untilType('response.done');

    await expect(ground.answers(1)).resolves.toMatchObject([
      { provider: 'anthropic', modelUsed: 'claude-sonnet-4-5', modelAsked: 'voice' },
    ]);
    await client.close();
    await expect(ground.session()).resolves.toMatchObject({ outcome: 'completed', costNanoUsd: 0 });
  });

  it('is refused in HTTP when nobody opens one', async () => {
    ground.gateway.simulator.chaos([{ fault: 'status=503' }]);
    await expect(ground.openAt('/v1/realtime?model=openai/gpt-realtime')).rejects.toThrow(': 503');
  });
});

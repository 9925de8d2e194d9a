import { answer, inWords, said } from '../apps/simulator/test/support/realtime-events.js';
import { LiveGround } from './support/live-ground.js';

const PATH = '/v1/realtime?model=anthropic/claude-sonnet-5';
const GOOGLE = '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent';
const DETECTION = 'session.audio.input.turn_detection';

const ground = new LiveGround();

const detecting = (detection: object) => ({
  type: 'realtime',
  audio: { input: { turn_detection: { type: 'server_vad', ...detection } } },
});

describe('durations of speech that are none', () => {
  it.each([
    ['prefix_padding_ms', -1],
    ['prefix_padding_ms', 1e300],
    ['silence_duration_ms', -1],
    ['silence_duration_ms', 60_001],
  ])('are refused: %s of %d', async (name, ms) => {
    const client = await ground.openAt(PATH, {
      type: 'session.update',
      session: detecting({ [name]: ms }),
    });
    await expect(client.untilType('error')).resolves.toMatchObject({
      error: { param: `${DETECTION}.${name}`, message: expect.stringContaining('from 0 to 60000') as string },
    });
    client.send(inWords, said('one two'), answer);
    await expect(client.untilType('response.done')).resolves.toMatchObject({
      response: { status: 'completed' },
    });
  });

  it('are refused of a session that an ephemeral key begins', async () => {
    const response = await ground.gateway.call('/v1/realtime/client_secrets', {
      method: 'POST',
      headers: { authorization: `Bearer ${ground.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ session: detecting({ prefix_padding_ms: -1000 }) }),
    });
    ({ value: ground.apiKey } = (await response.json()) as { value: string });
    const client = await ground.openAt(PATH);
    await expect(client.untilType('error')).resolves.toMatchObject({
      error: { param: `${DETECTION}.prefix_padding_ms` },
    });
  });

  it.each(['prefixPaddingMs', 'silenceDurationMs'])('are refused by a close: %s', async name => {
    const client = await ground.openAt(GOOGLE, {
      setup: {
        model: 'anthropic/claude-sonnet-5',
        realtimeInputConfig: { automaticActivityDetection: { [name]: -81 } },
      },
    });
    await expect(client.closed).resolves.toBe(1008);
  });
});

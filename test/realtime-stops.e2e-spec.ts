import { OpenStreams, ShuttingDownError } from '@app/inference';
import type { LiveClient } from '../apps/simulator/test/support/live-client.js';
import { answer, audio, said } from '../apps/simulator/test/support/realtime-events.js';
import { silence, tone } from '../apps/simulator/test/support/sound.js';
import { eventually } from './support/eventually.js';
import { LiveGround } from './support/live-ground.js';

const PATH = '/v1/realtime?model=anthropic/claude-sonnet-5';
const SPEAKS = 'gpt-4o-mini-tts';
const WRITES_DOWN = 'whisper-large-v3';
const SPEECH = audio(silence(300), tone(800), silence(800));

const ground = new LiveGround(({ url }) => ({
  AI_GATEWAY_PROVIDERS_GROQ_BASE_URL: `${url}/groq/v1`,
  AI_GATEWAY_PROVIDERS_GROQ_API_KEY: 'key-of-the-gateway-for-groq',
}));
afterEach(() => ground.gateway.simulator.chaos([]));

const areAsked = (path: string, count: number): Promise<void> =>
  eventually(() => {
    const asked = ground.gateway.simulator.requests().filter(request => request.path.endsWith(path));
    expect(asked).toHaveLength(count);
    expect(ground.gateway.simulator.active()).toBe(count);
  });

async function stop(client: LiveClient): Promise<void> {
  ground.gateway.app.get(OpenStreams).terminateAll(new ShuttingDownError());
  await expect(client.closed).resolves.toBe(1001);
}

async function errorCodes(model: string, records: number): Promise<unknown[]> {
  const all = await ground.answers(records);
  return all.filter(({ modelUsed }) => modelUsed === model).map(({ errorCode }) => errorCode);
}

describe('when the gateway stops, that is on record of', () => {
  it('the sentences that are spoken', async () => {
    ground.gateway.simulator.chaos([{ model: SPEAKS, fault: 'stall=9000' }]);
    const client = await ground.openAt(PATH, said('[[sim:say One is here. Two is here.]]'), answer);
    await client.untilType('response.output_audio.delta');
    await areAsked('/audio/speech', 2);
    await stop(client);
    await expect(errorCodes(SPEAKS, 3)).resolves.toEqual(['shutting_down', 'shutting_down']);
  });

  it('one that makes no sound yet', async () => {
    ground.gateway.simulator.chaos([{ model: SPEAKS, fault: 'delay=60000' }]);
    const client = await ground.openAt(PATH, said('[[sim:say One is here.]]'), answer);
    await areAsked('/audio/speech', 1);
    await stop(client);
    await expect(errorCodes(SPEAKS, 2)).resolves.toEqual(['shutting_down']);
  });

  it('a speech that is written down for an answer', async () => {
    ground.gateway.simulator.chaos([{ model: 'gpt-4o-mini-transcribe', fault: 'delay=60000' }]);
    const client = await ground.openAt(PATH, SPEECH);
    await areAsked('/audio/transcriptions', 1);
    await stop(client);
    await expect(errorCodes('gpt-4o-mini-transcribe', 1)).resolves.toEqual(['shutting_down']);
  });

  it('a speech that is only written down', async () => {
    ground.gateway.simulator.chaos([{ model: WRITES_DOWN, fault: 'delay=60000' }]);
    const at = `/v1/realtime?intent=transcription&model=groq/${WRITES_DOWN}`;
    const client = await ground.openAt(at, SPEECH);
    await areAsked('/audio/transcriptions', 1);
    await stop(client);
    await expect(errorCodes(WRITES_DOWN, 1)).resolves.toEqual(['shutting_down']);
  });
});

import { answer, audio, inWords, said } from '../apps/simulator/test/support/realtime-events.js';
import { silence, tone } from '../apps/simulator/test/support/sound.js';
import { LiveGround } from './support/live-ground.js';

const MODEL = 'anthropic/claude-sonnet-5';
const PATH = `/v1/realtime?model=${MODEL}`;
const GOOGLE = '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent';
const WAIT = /^The project may make \d requests a minute\. Try again in \d+ s\.$/;

const ground = new LiveGround(({ url }) => ({
  AI_GATEWAY_PROVIDERS_GROQ_BASE_URL: `${url}/groq/v1`,
  AI_GATEWAY_PROVIDERS_GROQ_API_KEY: 'key-of-the-gateway-for-groq',
}));

const requestsTo = (path: string): number =>
  ground.gateway.simulator.requests().filter(request => request.path.endsWith(path)).length;

describe('requests a minute', () => {
  it('are taken by the answers of a text model, of which one too many fails, and the session goes on', async () => {
    await ground.newProject({ requestsPerMinute: 2, concurrentCalls: 1 });
    const client = await ground.openAt(PATH, inWords, said('one two'), answer);
    await expect(client.untilType('response.done')).resolves.toMatchObject({
      response: { status: 'completed' },
    });
    client.send(answer);
    await expect(client.untilType('response.done', 2)).resolves.toMatchObject({
      response: {
        status: 'failed',
        status_details: {
          error: { code: 'rate_limit_exceeded', message: expect.stringMatching(WAIT) as string },
        },
      },
    });
    client.send(said('three'));
    await client.untilType('conversation.item.added', 3);
    expect(requestsTo('/v1/messages')).toBe(1);
    await ground.answers(1);
  });

  it('are told in a warning where the protocol has no event for it', async () => {
    await ground.newProject({ requestsPerMinute: 1 });
    const client = await ground.openAt(GOOGLE, {
      setup: { model: MODEL, generationConfig: { responseModalities: ['TEXT'] } },
    });
    const turns = [{ role: 'user', parts: [{ text: 'one two' }] }];
    client.send({ clientContent: { turns, turnComplete: true } });
    await expect(client.until(event => 'xLlmhub' in event)).resolves.toMatchObject({
      xLlmhub: { warnings: [{ field: 'answer', detail: expect.stringMatching(WAIT) as string }] },
    });
    await client.until(({ serverContent }) => JSON.stringify(serverContent ?? '').includes('turnComplete'));
    expect(requestsTo('/v1/messages')).toBe(0);
  });

  it('are taken by an answer once, however much is heard and spoken for it', async () => {
    await ground.newProject({ requestsPerMinute: 2 });
    const client = await ground.openAt(PATH, audio(silence(300), tone(800), silence(800)));
    await expect(client.untilType('response.done')).resolves.toMatchObject({
      response: { status: 'completed' },
    });
    expect(requestsTo('/audio/transcriptions') + requestsTo('/audio/speech')).toBeGreaterThan(1);
  });

  it('are taken by each speech where speech is only written down', async () => {
    await ground.newProject({ requestsPerMinute: 2 });
    const client = await ground.openAt('/v1/realtime?intent=transcription&model=groq/whisper-large-v3');
    const speech = audio(silence(300), tone(800), silence(800));
    client.send(speech);
    await client.untilType('conversation.item.input_audio_transcription.completed');
    client.send(speech);
    await expect(
      client.untilType('conversation.item.input_audio_transcription.failed'),
    ).resolves.toMatchObject({
      error: { code: 'rate_limit_exceeded', message: expect.stringMatching(WAIT) as string },
    });
    expect(requestsTo('/audio/transcriptions')).toBe(1);
  });

  it('are not taken by the answers of a model that speaks itself', async () => {
    await ground.newProject({ requestsPerMinute: 1 });
    const client = await ground.open(inWords, said('one two'), answer);
    await client.untilType('response.done');
    client.send(answer);
    await expect(client.untilType('response.done', 2)).resolves.toMatchObject({
      response: { status: 'completed' },
    });
  });
});

import { OpenStreams, ShuttingDownError } from '@app/inference';
import { answer, audio, inWords, said } from '../apps/simulator/test/support/realtime-events.js';
import { silence, tone } from '../apps/simulator/test/support/sound.js';
import { eventually } from './support/eventually.js';
import { LiveGround } from './support/live-ground.js';

const MODEL = 'anthropic/claude-sonnet-5';
const PATH = `/v1/realtime?model=${MODEL}`;
const GOOGLE = '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent';
const SPEAKS = 'gpt-4o-mini-tts';
/** The model is asked, and says nothing. */
const SILENT = { vendor: 'anthropic', fault: 'delay=60000' };

const ground = new LiveGround();
afterEach(() => ground.gateway.simulator.chaos([]));

const asked = (): unknown[] =>
  ground.gateway.simulator
    .requests()
    .filter(({ path }) => path.endsWith('/v1/messages'))
    .map(({ body }) => body);
const isAsked = (): Promise<void> => eventually(() => expect(asked()).toHaveLength(1));

describe('an answer of a text model', () => {
  it.each(['openai/gpt-4.1-mini', 'openai/gpt-5-mini', 'google/gemini-2.5-flash', MODEL])(
    'is given by %s after the session was settled',
    async model => {
      const client = await ground.openAt(`/v1/realtime?model=${model}`, inWords, said('one two'), answer);
      await expect(client.untilType('response.done')).resolves.toMatchObject({
        response: { status: 'completed' },
      });
    },
  );

  it.each([
    ['inf', 4096],
    [50, 50],
  ])('may have %s tokens', async (most, told) => {
    const session = { type: 'realtime', output_modalities: ['text'], max_output_tokens: most };
    const client = await ground.openAt(PATH, { type: 'session.update', session }, said('one two'), answer);
    await client.untilType('response.done');
    expect(asked()).toMatchObject([{ max_tokens: told }]);
  });

  it('costs nothing more when nobody can speak it', async () => {
    const { simulator } = ground.gateway;
    simulator.chaos([
      { model: SPEAKS, fault: 'status=400' },
      { vendor: 'anthropic', fault: 'stall=60000' },
    ]);
    const client = await ground.openAt(PATH, said('[[sim:count 3000]]'), answer);
    await expect(client.untilType('response.done')).resolves.toMatchObject({
      response: { status: 'failed' },
    });
    await simulator.untilAborted(1);
  });

  it('is broken off by its caller before its first word, and the session goes on', async () => {
    const { simulator } = ground.gateway;
    simulator.chaos([SILENT]);
    const client = await ground.openAt(PATH, audio(silence(300), tone(800), silence(800)));
    await isAsked();
    client.send({ type: 'response.cancel' });
    await simulator.untilAborted(1);
    simulator.chaos([]);
    client.send(inWords, said('one two'), answer);
    await client.untilType('response.done');
    expect(client.types.filter(type => type === 'response.created')).toHaveLength(1);
    expect(client.types).not.toContain('error');

    client.send({ type: 'response.cancel' });
    await expect(client.untilType('error')).resolves.toMatchObject({
      error: { code: 'response_cancel_not_active' },
    });
  });

  it('is broken off by activity before its first word', async () => {
    const { simulator } = ground.gateway;
    simulator.chaos([SILENT]);
    const client = await ground.openAt(GOOGLE, {
      setup: {
        model: MODEL,
        realtimeInputConfig: { automaticActivityDetection: { disabled: true } },
      },
    });
    const sound = { mimeType: 'audio/pcm;rate=16000', data: tone(600, 16_000).toString('base64') };
    client.send(
      { realtimeInput: { activityStart: {} } },
      { realtimeInput: { audio: sound } },
      { realtimeInput: { activityEnd: {} } },
    );
    await isAsked();
    client.send({ realtimeInput: { activityStart: {} } });
    await simulator.untilAborted(1);
    await client.until(({ serverContent }) => JSON.stringify(serverContent ?? '').includes('turnComplete'));
    expect(JSON.stringify(client.events)).not.toContain('modelTurn');
  });

  it('is on record as ended by the gateway when that stops, and not by its caller', async () => {
    ground.gateway.simulator.chaos([SILENT]);
    const client = await ground.openAt(PATH, inWords, said('one two'), answer);
    await isAsked();
    ground.gateway.app.get(OpenStreams).terminateAll(new ShuttingDownError());
    await expect(client.closed).resolves.toBe(1001);
    await expect(ground.answers(1)).resolves.toMatchObject([
      { outcome: 'aborted', errorCode: 'shutting_down' },
    ]);
  });

  it('is so in the middle of its words, too', async () => {
    const { simulator } = ground.gateway;
    simulator.chaos([{ vendor: 'anthropic', fault: 'stall=60000' }]);
    const client = await ground.openAt(PATH, inWords, said('[[sim:count 3000]]'), answer);
    await client.untilType('response.output_text.delta');
    expect(simulator.active()).toBe(1);
    ground.gateway.app.get(OpenStreams).terminateAll(new ShuttingDownError());
    await expect(client.closed).resolves.toBe(1001);
    await expect(ground.answers(1)).resolves.toMatchObject([{ errorCode: 'shutting_down' }]);
  });
});

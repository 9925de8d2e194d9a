import { answer, inWords, MODEL, said } from '../apps/simulator/test/support/realtime-events.js';
import { OpenStreams, ShuttingDownError } from '../libs/inference/src/index.js';
import { LiveGround } from './support/live-ground.js';

const ground = new LiveGround({ AI_GATEWAY_STREAM_PING_MS: '100' });
const LONG = 'one two three four five six seven eight nine ten';

const failing = (fault: string) => ground.open(inWords, said(`${LONG} [[sim:fault ${fault}]]`), answer);
const line = () => ground.gateway.simulator.bill()['openai']?.[MODEL];

describe('a session whose vendor breaks it off', () => {
  it.each([
    ['in a way that says no code', 'cut-frames=6', 1011],
    ['by 1011', 'close=1011,cut-frames=6', 1011],
    ['by 1013', 'close=1013,cut-frames=6', 1013],
  ])('%s tells its caller, and closes with that, when nobody can go on with it', async (_, fault, code) => {
    const client = await failing(`${fault},times=1`);
    ground.gateway.simulator.chaos([{ fault: 'status=503' }]);
    await expect(client.closed).resolves.toBe(code);
    ground.gateway.simulator.chaos([]);

    expect(client.events.at(-1)).toMatchObject({
      type: 'error',
      error: {
        code: 'upstream_error',
        message: expect.stringContaining("vendor 'openai' closed the session"),
      },
    });
    const [record] = await ground.answers(1);
    expect(record).toMatchObject({ outcome: 'cut', estimated: true });
    expect(record?.outputTokens).toBeGreaterThan(0);
    await expect(ground.session()).resolves.toMatchObject({ outcome: 'cut', errorCode: 'upstream_error' });
  });

  it('estimates an answer whose usage was not told', async () => {
    const client = await failing('no-usage');
    await client.untilType('response.done');
    await expect(ground.answers(1)).resolves.toMatchObject([{ outcome: 'completed', estimated: true }]);
  });

  it('goes on after an answer that failed', async () => {
    const client = await failing('status=429');
    await client.untilType('response.done');
    client.send(said('next'), answer);
    await client.untilType('response.done', 2);

    await expect(ground.answers(2)).resolves.toMatchObject([
      { outcome: 'failed', errorCode: 'rate_limit_exceeded' },
      { outcome: 'completed', errorCode: null },
    ]);
  });
});

describe('a session whose caller leaves', () => {
  it.each([
    ['in order', 'close', 'completed'],
    ['without a word', 'terminate', 'aborted'],
  ] as const)('%s has what its answer used told by the vendor', async (_, how, outcome) => {
    const client = await failing('pace=30');
    await client.untilType('response.output_text.delta', 3);
    client.socket[how]();

    const [record] = await ground.answers(1);
    expect(record).toMatchObject({ outcome: 'aborted', errorCode: expect.any(String), estimated: false });
    expect(record?.outputTokens).toBe(line()?.output);
    expect(record?.inputTokens).toBe(line()?.input);
    await expect(ground.session()).resolves.toMatchObject({ outcome });
  });

  it('does not wait for a vendor that says nothing any more', async () => {
    const client = await failing('stall-frames=6');
    await client.untilType('response.output_text.delta', 2);
    client.socket.terminate();

    const [record] = await ground.answers(1);
    expect(record).toMatchObject({ outcome: 'aborted', estimated: true });
  });

  it('is noticed by a ping when not even its system answers', async () => {
    const client = await ground.open();
    await client.untilType('session.created');
    client.socket.pause(); // its pongs wait, too
    await expect(ground.session()).resolves.toMatchObject({ outcome: 'aborted', errorCode: 'caller_left' });
    client.socket.terminate();
  });
});

describe('a session that the gateway ends', () => {
  it('is told of it when the gateway stops', async () => {
    const client = await ground.open();
    await client.untilType('session.created');
    ground.gateway.app.get(OpenStreams).terminateAll(new ShuttingDownError());

    await expect(client.closed).resolves.toBe(1001);
    expect(client.events.at(-1)).toMatchObject({ type: 'error', error: { code: 'shutting_down' } });
  });
});

describe('what a caller may not say', () => {
  it.each([
    [
      'another model',
      { type: 'session.update', session: { model: 'openai/gpt-realtime-mini' } },
      'session_model_fixed',
    ],
    [
      'the same, in other letters',
      '{"type":"session.update","\\u0073ession":{"model":"mini"}}',
      'session_model_fixed',
    ],
    [
      'the same, behind another one',
      `{"session":{"model":"mini"},"type":"session.update","session":{}}`,
      'invalid_json',
    ],
    ['what is no JSON', '{"type":"session.update","session":', 'invalid_json'],
    ['a list', '["session"]', 'invalid_json'],
  ])('is answered by an event: %s', async (_, message: object | string, code) => {
    const client = await ground.open(inWords);
    await client.untilType('session.updated');
    client.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
    const event = await client.untilType('error');

    expect(event).toMatchObject({ error: { type: 'invalid_request_error', code } });
    client.send(said('hello'), answer);
    await client.untilType('response.done');
  });

  it('is more than a body may have', async () => {
    await ground.newProject({ bodyLimitBytes: 2000 });
    const client = await ground.open();
    client.send(said('x'.repeat(2000)));

    await expect(client.closed).resolves.toBe(1009);
    expect(client.events.at(-1)).toMatchObject({ type: 'error', error: { code: 'message_too_large' } });
  });
});

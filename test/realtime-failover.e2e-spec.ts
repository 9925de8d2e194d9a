import { answer, inWords, MODEL, said } from '../apps/simulator/test/support/realtime-events.js';
import { LiveClient } from '../apps/simulator/test/support/live-client.js';
import { OpenStreams } from '../libs/inference/src/index.js';
import { eventually } from './support/eventually.js';
import {
  countOf,
  failedAt,
  failingGround,
  GOOGLE,
  isWhole,
  makePolicy,
  OPENAI,
  resumesOf,
  TIMEOUTS,
  XAI,
} from './support/failing-over.js';
import { RECALL, textsOf } from './support/recall.js';

const ground = failingGround();
const open = (...begin: readonly object[]): Promise<LiveClient> =>
  ground.openAt('/v1/realtime?model=voice', ...begin);

/** No answer begins that does not end, and one of them says something. */
function assertOneAnswer(client: LiveClient): void {
  expect(countOf(client, 'response.done')).toBe(countOf(client, 'response.created'));
  expect(textsOf(client)).toEqual(['You said: one two (2 words).']);
}

describe('an answer that the first vendor of a policy fails before its first word', () => {
  it.each([
    ['status=500', 'The vendor broke off the answer.'],
    ['status=429', 'The vendor broke off the answer.'],
    ['error-first', 'The server had an error'],
    ['close=1011', 'closed the session (1011)'],
    ['close=1000', 'closed the session (1000)'],
    ['cut-frames=0', 'closed the session (1006)'],
  ])('by %s is given by the next', async (fault, reason) => {
    await makePolicy(ground, 'voice', [OPENAI, XAI]);
    const client = await open(inWords, said(failedAt('openai', fault)), answer);
    await client.until(isWhole);

    assertOneAnswer(client);
    expect(resumesOf(client)).toMatchObject([
      { from: 'openai', to: 'xai', by: 'replay', reason: expect.stringContaining(reason) },
    ]);
    client.send(RECALL, answer);
    await client.until(isWhole, 2);
    expect(textsOf(client).at(-1)).toBe('user: one two | assistant: You said: one two (2 words).');
    await client.close();
    await expect(ground.session()).resolves.toMatchObject({
      provider: 'xai',
      attempts: 2,
      outcome: 'completed',
    });
  });

  it.each(['stall-frames=0', 'stall-frames=1', 'stall-frames=4'])(
    'by silence (%s) is given by the next when the time of the policy is over',
    async fault => {
      await makePolicy(ground, 'voice', [OPENAI, XAI], { timeouts: TIMEOUTS });
      const client = await open(inWords, said(failedAt('openai', fault)), answer);
      await client.until(isWhole);

      assertOneAnswer(client);
      expect(resumesOf(client)).toMatchObject([
        { from: 'openai', to: 'xai', reason: "The vendor 'openai' did not answer within 700 ms." },
      ]);
    },
  );

  it('is on record, with what its vendor billed, in the decision and for the health of the target', async () => {
    await makePolicy(ground, 'voice', [OPENAI, XAI]);
    const client = await open(inWords, said(failedAt('openai', 'status=500')), answer);
    await client.until(isWhole);
    await client.close();

    const bill = ground.gateway.simulator.bill()['openai']?.[MODEL];
    const [failed, given] = await ground.answers(2);
    expect(failed).toMatchObject({ provider: 'openai', outcome: 'failed', inputTokens: bill?.input });
    expect(bill?.input).toBeGreaterThan(0);
    expect(given).toMatchObject({ provider: 'xai', outcome: 'completed' });
    const session = await ground.session();
    const { body } = await ground.gateway.admin<{ decision: { attempts: object[] } }>(
      'GET',
      `/admin/usage/${session?.id}`,
    );
    expect(body.decision.attempts).toMatchObject([
      { target: OPENAI, error: 'upstream_error' },
      { target: XAI, error: null, resumed: true },
    ]);
    const health = await ground.gateway.admin<{ data: { id: string }[] }>('GET', '/admin/routing/targets');
    expect(health.body.data.find(({ id }) => id === OPENAI)).toMatchObject({ failures: expect.anything() });
  });

  it('is on record with what its vendor has read, when it never began', async () => {
    await makePolicy(ground, 'voice', [OPENAI, XAI], { timeouts: TIMEOUTS });
    const client = await open(inWords, said(failedAt('openai', 'stall-frames=0')), answer);
    await client.until(isWhole);
    await client.close();

    const [silent, given] = await ground.answers(2);
    expect(silent).toMatchObject({ provider: 'openai', outcome: 'cut', estimated: true, outputTokens: 0 });
    expect(silent?.inputTokens).toBeGreaterThan(0);
    expect(silent?.costNanoUsd).toBeGreaterThan(0);
    expect(given).toMatchObject({ provider: 'xai', outcome: 'completed' });
  });

  it('is given by the third, when the second fails it, too', async () => {
    await makePolicy(ground, 'voice', [OPENAI, GOOGLE, XAI]);
    const faults = '[[sim:fault status=500,vendor=openai]]';
    ground.gateway.simulator.chaos([{ vendor: 'google', fault: 'close=1011' }]);
    const client = await open(inWords, said(`one two ${faults}`), answer);
    await client.until(isWhole);

    assertOneAnswer(client);
    expect(resumesOf(client)).toMatchObject([
      { from: 'openai', to: 'google' },
      { from: 'google', to: 'xai' },
    ]);
  });
});

describe('an answer that is failed', () => {
  it.each(['status=500', 'error-first'])('by the only target (%s) is failed for the caller', async fault => {
    const client = await ground.open(inWords, said(failedAt('openai', fault)), answer);
    const failed = await client.untilType(fault === 'error-first' ? 'error' : 'response.done');
    expect(JSON.stringify(failed)).toContain('server_error');
    client.send(said('three'), answer);
    await client.until(isWhole);

    expect(resumesOf(client)).toEqual([]);
    expect(ground.gateway.simulator.requests()).toHaveLength(1);
  });

  it('by every target is failed for the caller as the last one failed it', async () => {
    await makePolicy(ground, 'voice', [OPENAI, XAI]);
    const client = await open(inWords, said('one two [[sim:fault status=500]]'), answer);
    const done = await client.untilType('response.done', 2);

    expect(done).toMatchObject({ response: { status: 'failed', status_details: 'unimplemented' } }); // as xAI says it
    expect(resumesOf(client)).toHaveLength(1);
    client.send(said('three'), answer);
    await client.until(isWhole);
    expect(textsOf(client)).toEqual(['You said: three (1 words).']);
  });

  it('when no other target opens is asked for once more, and failed', async () => {
    await makePolicy(ground, 'voice', [OPENAI, XAI], { maxAttempts: 2 });
    ground.gateway.simulator.chaos([{ vendor: 'xai', fault: 'status=503' }]);
    const client = await open(inWords, said('one two [[sim:fault status=500]]'), answer);
    await client.untilType('response.done', 2);

    expect(resumesOf(client)).toMatchObject([{ from: 'openai', to: 'openai' }]);
    client.send(said('three'), answer);
    await client.until(isWhole);
  });

  it('for what the caller asked, or that it called off, is not asked for elsewhere', async () => {
    await makePolicy(ground, 'voice', [OPENAI, XAI]);
    const client = await open(inWords, said('one two [[sim:fault policy]]'), answer);
    await client.untilType('error');
    client.send({ type: 'response.create', response: { conversation: 'no such' } });
    await client.untilType('error', 2);
    client.send(said('[[sim:filter]] three'), answer);
    expect(await client.untilType('response.done')).toMatchObject({ response: { status: 'incomplete' } });
    client.send(said('four [[sim:fault stall-frames=2]]'), answer);
    await client.untilType('response.created', 2);
    client.send({ type: 'response.cancel' });

    expect(resumesOf(client)).toEqual([]);
    expect(ground.gateway.simulator.requests()).toHaveLength(1);
  });

  it('after its first word is not asked for elsewhere', async () => {
    await makePolicy(ground, 'voice', [OPENAI, XAI], { timeouts: TIMEOUTS });
    const client = await open(inWords, said('one two three [[sim:fault error-event=2]]'), answer);
    expect(await client.untilType('response.done')).toMatchObject({ response: { status: 'failed' } });

    expect(resumesOf(client)).toEqual([]);
    expect(textsOf(client)).toHaveLength(1);
  });

  it('by silence, where nobody else is left, ends the session with an error that tells it', async () => {
    await makePolicy(ground, 'voice', [OPENAI], { timeouts: { firstTokenMs: 300 } });
    const client = await open(inWords, said(failedAt('openai', 'stall-frames=0')), answer);
    await expect(client.closed).resolves.toBe(1011);

    expect(client.events.at(-1)).toMatchObject({
      type: 'error',
      error: { code: 'upstream_timeout', message: expect.stringContaining('did not answer within 300 ms') },
    });
  });
});

describe('a session that nobody goes on with', () => {
  it.each([1, 3, 5])('has asked for it as often as the policy says: %s', async maxAttempts => {
    await makePolicy(ground, 'voice', [OPENAI, XAI], { maxAttempts });
    const client = await open(inWords);
    await client.untilType('session.updated');
    ground.gateway.simulator.chaos(['openai', 'xai'].map(vendor => ({ vendor, fault: 'status=503' })));
    ground.gateway.simulator.dropSessions();
    await expect(client.closed).resolves.toBe(1011);

    await expect(ground.session()).resolves.toMatchObject({ outcome: 'cut', attempts: 1 + maxAttempts });
  });

  it('has asked for it as often as the policy says, also where each vendor opens it and fails', async () => {
    await makePolicy(ground, 'voice', [OPENAI, XAI], { maxAttempts: 2 });
    const client = await open(inWords, said('one [[sim:fault close=1011]]'), answer);
    await expect(client.closed).resolves.toBe(1011);

    expect(resumesOf(client)).toHaveLength(2);
    await expect(ground.session()).resolves.toMatchObject({ outcome: 'cut', attempts: 3 });
  });

  it('has asked for it as often as its request says', async () => {
    const headers = { authorization: `Bearer ${ground.apiKey}`, 'x-llmhub-max-attempts': '1' };
    const at = `${ground.gateway.url}/v1/realtime?model=${OPENAI}`;
    const client = await LiveClient.open(at, { headers });
    client.send(inWords);
    await client.untilType('session.updated');
    ground.gateway.simulator.chaos([{ vendor: 'openai', fault: 'status=503' }]);
    ground.gateway.simulator.dropSessions();
    await expect(client.closed).resolves.toBe(1011);

    await expect(ground.session()).resolves.toMatchObject({ outcome: 'cut', attempts: 2 });
  });
});

async function failedBy(fault: string, how: string): Promise<void> {
  const client = await open(inWords, said(`one [[sim:fault ${fault}]]`), answer);
  await client.untilType(how);
  await client.close();
}

function areOver(): Promise<void> {
  return eventually(() => expect(ground.gateway.app.get(OpenStreams).size).toBe(0));
}

describe('a target that fails the answers of sessions', () => {
  it.each(['status=500', 'error-event=1'])('by %s is left alone, though they go on at it', async fault => {
    await makePolicy(ground, 'voice', [OPENAI]);
    await Promise.all([1, 2, 3, 4, 5].map(() => failedBy(fault, 'response.done')));
    await areOver();

    await expect(open(inWords)).rejects.toThrow('503');
  });

  it('for what their callers asked is not', async () => {
    await makePolicy(ground, 'voice', [OPENAI]);
    await Promise.all([1, 2, 3, 4, 5].map(() => failedBy('policy', 'error')));
    await areOver();

    await expect(open(inWords)).resolves.toBeDefined();
  });
});

describe('the time that a policy gives to the first token', () => {
  it('holds for the greeting', async () => {
    await makePolicy(ground, 'voice', [OPENAI, XAI], { timeouts: { firstTokenMs: 300 } });
    ground.gateway.simulator.chaos([{ vendor: 'openai', fault: 'delay=60000' }]);
    const client = await open(inWords, said('one two'), answer);
    await client.until(isWhole);

    assertOneAnswer(client);
    await expect(ground.answers(1)).resolves.toMatchObject([{ provider: 'xai' }]);
  });

  it('is not that of an answer that goes on', async () => {
    await makePolicy(ground, 'voice', [OPENAI, XAI], { timeouts: { firstTokenMs: 1000 } });
    const client = await open(inWords, said('one two [[sim:fault pace=100]]'), answer);
    await client.until(isWhole); // a dozen of frames

    assertOneAnswer(client);
    expect(resumesOf(client)).toEqual([]);
  });
});

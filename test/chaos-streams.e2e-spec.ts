import { UsageRecorder, type UsageRecord } from '@app/analytics';
import type { TargetStatus } from '../libs/routing/src/domain/health/target-status.entity.js';
import { type ChaosGateway, MODEL, startChaosGateway } from './support/chaos.js';

let gateway: ChaosGateway;

beforeAll(async () => {
  gateway = await startChaosGateway();
  await gateway.makePolicy({ name: 'chat' });
  await gateway.makePolicy({
    name: 'impatient',
    timeouts: { firstTokenMs: 700, attemptMs: 700, idleMs: 700 },
  });
  await gateway.makePolicy({ name: 'paced', targets: [{ model: 'together/paced-by-policy' }] });
  await gateway.makePolicy({ name: 'hurried', timeouts: { totalMs: 200 } });
});
beforeEach(() => gateway.simulator.reset());
afterAll(() => gateway?.stop());

const content = '[[sim:count 50]]';
const PACE_MS = 120;
const IMPATIENT = { timeouts: { firstTokenMs: 700, attemptMs: 700, idleMs: 700 } };

describe('a stream that breaks off before its first token', () => {
  it.each([
    'status=503',
    'drop',
    'html=502',
    'empty',
    'cut=0',
    'error-first',
    'cut=20', // in the chunk that says whose turn it is
    'error-event=0', // behind that chunk
  ])('goes on at another vendor (%s)', async fault => {
    gateway.simulator.chaos([{ vendor: 'together', fault }]);
    const answer = await gateway.ask({ model: await gateway.makeFreshPolicy(), stream: true, content });
    expect(answer).toMatchObject({ status: 200, code: null });
    expect(answer.text).toContain('data: [DONE]');
    expect(gateway.upstreamCalls()).toEqual({ together: 1, fireworks: 1, cerebras: 0 });
  });
});

describe('a stream that breaks off after its first token', () => {
  it.each(['cut=900', 'error-event=3', 'malformed', 'end-early'])(
    'ends with an honest error, and no second vendor is asked (%s)',
    async fault => {
      gateway.simulator.chaos([{ vendor: 'together', fault }]);
      const answer = await gateway.ask({ model: await gateway.makeFreshPolicy(), stream: true, content });
      expect(answer).toMatchObject({ status: 200, code: expect.any(String) });
      expect(answer.text).not.toContain('data: [DONE]');
      expect(gateway.upstreamCalls()).toEqual({ together: 1, fireworks: 0, cerebras: 0 });
    },
  );
});

describe('a stream without a second vendor', () => {
  it('is refused with a status when it fails before it said anything', async () => {
    gateway.simulator.chaos([{ vendor: 'together', fault: 'error-event=0' }]);
    const answer = await gateway.ask({ model: 'together/plain', stream: true, content });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.text).not.toContain('data:');
  });

  it.each(['together/paced', 'paced'])(
    'begins when something is said, for whoever measures it: %s',
    async model => {
      gateway.simulator.chaos([{ vendor: 'together', fault: `pace=${PACE_MS}` }]);

      const { id } = await gateway.ask({ model, stream: true, content: '[[sim:count 2]]' });

      await gateway.app.get(UsageRecorder).flush();
      const { body: record } = await gateway.admin<UsageRecord>('GET', `/admin/usage/${id}`);
      const { body: targets } = await gateway.admin<{ data: TargetStatus[] }>(
        'GET',
        '/admin/routing/targets',
      );
      const target = targets.data.find(({ id: name }) => name === `together/${record.modelUsed}`);
      for (const measured of [record.firstTokenMs, target?.firstTokenMs?.average]) {
        expect(measured).toBeGreaterThanOrEqual(PACE_MS - 20); // timers may be early by a little
      }
    },
  );
});

describe('a whole answer that breaks off', () => {
  it.each(['cut=50', 'cut=0', 'malformed', 'end-early', 'error-event=0', 'empty'])(
    'has told the caller nothing yet, and is asked for elsewhere (%s)',
    async fault => {
      gateway.simulator.chaos([{ vendor: 'together', fault }]);
      const answer = await gateway.ask({ model: await gateway.makeFreshPolicy(), content });
      expect(answer).toMatchObject({ status: 200, code: null });
      expect(gateway.upstreamCalls()).toEqual({ together: 1, fireworks: 1, cerebras: 0 });
    },
  );
});

describe('time-outs of a policy', () => {
  it.each([
    ['the first byte of a stream', true, 'stall=0'],
    ['the rest of the first event of a stream', true, 'stall=20'],
    ['the first token of a stream', true, 'pace=600000'],
    ['the headers of a stream', true, 'delay=600000'],
    ['a whole answer', false, 'delay=600000'],
    ['the rest of a whole answer', false, 'stall=50'],
  ])('give a vendor up that is late with %s', async (_, stream, fault) => {
    gateway.simulator.chaos([{ vendor: 'together', fault }]);
    const answer = await gateway.ask({ model: await gateway.makeFreshPolicy(IMPATIENT), stream, content });
    expect(answer).toMatchObject({ status: 200, code: null });
    expect(gateway.upstreamCalls()).toEqual({ together: 1, fireworks: 1, cerebras: 0 });
    await gateway.simulator.untilAborted(1);
  });

  it('end a stream that says nothing for too long', async () => {
    gateway.simulator.chaos([{ vendor: 'together', fault: 'stall=900' }]);
    const answer = await gateway.ask({
      model: await gateway.makeFreshPolicy(IMPATIENT),
      stream: true,
      content,
    });
    expect(answer).toMatchObject({ status: 200, code: expect.stringMatching(/timeout/) });
    expect(gateway.upstreamCalls()).toEqual({ together: 1, fireworks: 0, cerebras: 0 });
    await gateway.simulator.untilAborted(1);
  });

  it.each([
    ['of the call', { timeouts: { totalMs: 400 } }],
    ['of an attempt', { timeouts: { attemptMs: 400 } }],
  ])('hold in the midst of a stream, too (%s)', async (_, options) => {
    gateway.simulator.chaos([{ fault: 'pace=50' }]);
    const model = await gateway.makeFreshPolicy(options);
    const answer = await gateway.ask({ model, stream: true, content: '[[sim:count 2000]]' });
    expect(answer).toMatchObject({ status: 200, code: expect.stringMatching(/timeout/) });
    expect(gateway.upstreamCalls()).toEqual({ together: 1, fireworks: 0, cerebras: 0 });
    await gateway.simulator.untilAborted(1);
  });

  it.each([
    ['of the policy', { timeouts: { totalMs: 200 } }, {}],
    ['of the request', {}, { 'x-llmhub-timeout-ms': '200' }],
  ])('end a call that takes too long in all (%s)', async (_, options, headers) => {
    gateway.simulator.chaos([{ fault: 'delay=600000' }]);
    const answer = await gateway.ask({ model: await gateway.makeFreshPolicy(options), content, headers });
    expect(answer.status).toBeGreaterThanOrEqual(503);
    expect(answer.code).toEqual(expect.any(String));
    expect(gateway.upstreamCalls()).toEqual({ together: 1, fireworks: 0, cerebras: 0 });
    await gateway.simulator.untilAborted(1);
  });
});

describe('fallbacks', () => {
  const fallback = [`cerebras/${MODEL}`];
  const LONG = { fallbacks: { contextWindow: fallback } };
  const FRANK = { fallbacks: { contentPolicy: fallback } };

  it.each([
    ['context', LONG],
    ['policy', FRANK],
  ])('serve what was refused by %s, whole and streamed', async (fault, options) => {
    gateway.simulator.chaos([{ vendor: 'together', fault }]);
    const model = await gateway.makeFreshPolicy(options);
    for (const stream of [false, true]) {
      const answer = await gateway.ask({ model, stream });
      expect(answer).toMatchObject({ status: 200, code: null });
    }
    expect(gateway.upstreamCalls()).toEqual({ together: 2, fireworks: 0, cerebras: 2 });
  });

  it.each([
    ['context', FRANK],
    ['policy', LONG],
    ['context', {}],
    ['policy', {}],
  ])('for something else do not: what %s refused, the caller hears, once', async (fault, options) => {
    gateway.simulator.chaos([{ vendor: 'together', fault }]);
    const answer = await gateway.ask({ model: await gateway.makeFreshPolicy(options) });
    expect(answer).toMatchObject({ status: 400, code: expect.any(String) });
    expect(gateway.upstreamCalls()).toEqual({ together: 1, fireworks: 0, cerebras: 0 });
  });
});

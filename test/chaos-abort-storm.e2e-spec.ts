import { type ChaosGateway, startChaosGateway } from './support/chaos.js';
import { eventually } from './support/eventually.js';
import { recordsOf } from './support/ledger.js';

const CALLERS = 200;

let gateway: ChaosGateway;

beforeEach(async () => {
  gateway = await startChaosGateway();
});
afterEach(() => gateway?.stop());

/** Callers that leave once all their calls have reached a vendor. */
async function storm(model: string, stream: boolean, least = CALLERS): Promise<void> {
  const leaving = new AbortController();
  const body = { model, stream, messages: [{ role: 'user', content: '[[sim:count 50]]' }] };
  const answers = Array.from({ length: CALLERS }, async () => {
    const response = await gateway.chat(body, { signal: leaving.signal });
    await response.text();
  });
  const settled = Promise.allSettled(answers);
  await eventually(() => expect(gateway.simulator.active()).toBeGreaterThanOrEqual(least));
  leaving.abort();
  await settled;
}

describe('hundreds of callers leave at once', () => {
  it.each([
    ['before any answer', false, 'delay=600000'],
    ['in the middle of streams', true, 'stall=700'],
    ['before their streams begin', true, 'stall=0'],
  ])('%s, and no vendor is left with a socket open', async (_, stream, fault) => {
    await gateway.makePolicy({ name: 'chat' });
    gateway.simulator.chaos([{ fault }]);
    await storm('chat', stream);

    await gateway.simulator.untilAborted(CALLERS);
    await eventually(() => {
      const { simulator } = gateway;
      expect({ active: simulator.active(), connections: simulator.connections() }).toEqual({
        active: 0,
        connections: 0,
      });
    });
    const records = await eventually(async () => {
      const found = await recordsOf(gateway, 'chat');
      expect(found).toHaveLength(CALLERS);
      return found;
    });
    expect(new Set(records.map(({ outcome }) => outcome))).toEqual(new Set(['aborted']));
  });

  it.each([false, true])('and hedges hang up with them (stream: %s)', async stream => {
    await gateway.makePolicy({ name: 'chat', hedge: true });
    // Enough calls to know what is slow, and to afford some hedges.
    await gateway.askMany(60, { model: 'chat', stream });
    gateway.simulator.reset();
    gateway.simulator.chaos([{ fault: 'delay=600000' }]);
    const before = gateway.simulator.connections();
    // One hedge for twenty calls, and what is left of before.
    await storm('chat', stream, CALLERS * 1.05);

    await eventually(() => expect(gateway.simulator.active()).toBe(0));
    await eventually(() => expect(gateway.simulator.connections()).toBeLessThanOrEqual(before));
  });
});

describe('callers that have left', () => {
  it('do not make vendors look ill', async () => {
    await gateway.makePolicy({ name: 'chat' });
    gateway.simulator.chaos([{ fault: 'delay=600000' }]);
    await storm('chat', false);
    gateway.simulator.chaos([]);
    await gateway.simulator.untilAborted(CALLERS);

    const answers = await gateway.askMany(20, { model: 'chat' });
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    expect(gateway.upstreamCalls()).toEqual({ together: CALLERS + 20, fireworks: 0, cerebras: 0 });
  });
});

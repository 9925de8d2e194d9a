import { Clock } from '@app/shared';
import { type ChaosGateway, failuresOf, startChaosGateway } from './support/chaos.js';
import { holdClock } from './support/held-clock.js';

/** Long against what a busy machine adds to a call: only their proportion counts. */
const [USUAL_MS, SLOW_MS] = [80, 800];
const NORMAL = [{ fault: `delay=${USUAL_MS}` }];

let gateway: ChaosGateway;

beforeEach(async () => {
  gateway = await startChaosGateway();
});
afterEach(() => gateway?.stop());

describe('one of three targets becomes ten times slower', () => {
  it.each([false, true])('and is left by the calls within twenty (stream: %s)', async stream => {
    const model = await gateway.makeFreshPolicy({ strategy: 'fastest' });
    gateway.simulator.chaos(NORMAL);
    await gateway.askMany(30, { model, stream }, 1);
    const usual = gateway.upstreamCalls().together;
    expect(usual).toBeGreaterThan(0);

    gateway.simulator.reset();
    gateway.simulator.chaos([...NORMAL, { vendor: 'together', fault: `delay=${SLOW_MS}` }]);
    const answers = await gateway.askMany(20, { model, stream }, 1);
    const { together: untilDrained } = gateway.upstreamCalls();
    answers.push(...(await gateway.askMany(40, { model, stream }, 1)));
    expect(untilDrained).toBeLessThan(10);
    // A machine that stands still for a moment makes the others seem slow, too; a third would be its share.
    expect(gateway.upstreamCalls().together - untilDrained).toBeLessThanOrEqual(2);

    // Many at once may still do better there than behind others.
    answers.push(...(await gateway.askMany(60, { model, stream }, 4)));
    expect(gateway.upstreamCalls().together - untilDrained).toBeLessThanOrEqual(6);
    expect(failuresOf(answers)).toEqual([]);
  });

  it('and is tried again once in a while', async () => {
    const clock = holdClock(gateway.app.get(Clock));
    const model = await gateway.makeFreshPolicy({ strategy: 'fastest' });
    gateway.simulator.chaos([...NORMAL, { vendor: 'together', fault: `delay=${SLOW_MS}` }]);
    await gateway.askMany(30, { model }, 4);
    gateway.simulator.reset();
    gateway.simulator.chaos(NORMAL);

    await gateway.askMany(30, { model }, 4);
    expect(gateway.upstreamCalls().together).toBe(0);
    for (let minute = 0; minute < 5; minute++) {
      clock.advance(60_000);
      await gateway.askMany(30, { model }, 4);
    }
    expect(gateway.upstreamCalls().together).toBeGreaterThanOrEqual(5);
  });
});

describe('a target that flaps', () => {
  it('is left alone for longer and longer: and nobody notices', async () => {
    const clock = holdClock(gateway.app.get(Clock));
    const model = await gateway.makeFreshPolicy();
    const struck: number[] = [];
    for (let flap = 0; flap < 12; flap++) {
      gateway.simulator.reset();
      gateway.simulator.chaos([{ vendor: 'together', fault: 'status=503' }]);
      const down = await gateway.askMany(12, { model }, 1);
      struck.push(gateway.upstreamCalls().together);
      gateway.simulator.chaos([]);
      clock.advance(8000);
      const up = await gateway.askMany(12, { model }, 1);
      expect(failuresOf([...down, ...up])).toEqual([]);
    }

    // Five failures open the breaker, at first for less than the eight seconds after which the target is well.
    expect(struck.slice(0, 2)).toEqual([5, 5]);
    expect(Math.max(...struck)).toBe(5);
    expect(struck.slice(6).filter(count => count > 0).length).toBeLessThanOrEqual(2);
  });

  it('that fails every second call is left to its probes', async () => {
    const model = await gateway.makeFreshPolicy();
    gateway.simulator.chaos([{ vendor: 'together', fault: 'status=503', share: 0.5 }]);
    const clock = holdClock(gateway.app.get(Clock));
    const answers = await gateway.askMany(100, { model }, 1);
    expect(gateway.upstreamCalls().together).toBeLessThanOrEqual(20);
    for (let second = 0; second < 40; second++) {
      clock.advance(1000);
      answers.push(...(await gateway.askMany(5, { model }, 1)));
    }
    expect(failuresOf(answers)).toEqual([]);
    // Windows of 2, 4, 8 … s: some good probes close it for some calls, and it opens for longer.
    expect(gateway.upstreamCalls().together).toBeLessThanOrEqual(50);
  });
});

import { Clock } from '@app/shared';
import type { TargetStatus } from '../libs/routing/src/domain/health/target-status.entity.js';
import { type ChaosGateway, failuresOf, MODEL, startChaosGateway, statusesOf } from './support/chaos.js';
import { holdClock } from './support/held-clock.js';

/** Longer than the first window, with its jitter, and shorter than the second. */
const A_WINDOW_MS = 2500;
const CONCURRENCY = 8;

let gateway: ChaosGateway;

beforeEach(async () => {
  gateway = await startChaosGateway();
  await gateway.makePolicy({ name: 'chat' });
});
afterEach(() => gateway?.stop());

async function statusOf(vendor: string): Promise<TargetStatus | undefined> {
  const { body } = await gateway.admin<{ data: TargetStatus[] }>('GET', '/admin/routing/targets');
  return body.data.find(({ id }) => id === `${vendor}/${MODEL}`);
}

describe('one of three targets is down', () => {
  it.each(['status=503', 'drop', 'html=502', 'empty', 'malformed'])(
    'no caller sees an error (%s)',
    async fault => {
      gateway.simulator.chaos([{ vendor: 'together', fault }]);
      const answers = await gateway.askMany(120, { model: 'chat' }, CONCURRENCY);
      expect(failuresOf(answers)).toEqual([]);
    },
  );

  it('2,000 calls succeed, and each window of its breaker wastes one attempt', async () => {
    const clock = holdClock(gateway.app.get(Clock));
    await gateway.askMany(100, { model: 'chat' });
    gateway.simulator.reset();
    gateway.simulator.chaos([{ vendor: 'together', fault: 'status=503' }]);

    const answers = await gateway.askMany(200, { model: 'chat' });
    const { together: untilOpen } = gateway.upstreamCalls();
    // Those that were under way when the fifth failure opened it.
    expect(untilOpen).toBeLessThanOrEqual(5 + 16);
    const wasted: number[] = [];
    let windowMs = A_WINDOW_MS;
    for (let window = 0; window < 6; window++) {
      clock.advance(windowMs);
      windowMs *= 2;
      const before = gateway.upstreamCalls().together;
      answers.push(...(await gateway.askMany(300, { model: 'chat' })));
      wasted.push(gateway.upstreamCalls().together - before);
    }

    expect(statusesOf(answers)).toEqual({ 200: 2000 });
    expect(wasted).toEqual([1, 1, 1, 1, 1, 1]);
    const { fireworks, cerebras } = gateway.upstreamCalls();
    expect({ fireworks, cerebras }).toEqual({ fireworks: 2000, cerebras: 0 });
    await expect(statusOf('together')).resolves.toMatchObject({ breaker: 'open', failures: untilOpen + 6 });
  });
});

import { type ChaosGateway, failuresOf, startChaosGateway, statusesOf } from './support/chaos.js';
import { usageOf } from './support/usage.js';

let gateway: ChaosGateway;

beforeEach(async () => {
  gateway = await startChaosGateway();
});
afterEach(() => gateway?.stop());

const makePolicy = (name: string, ...models: string[]): Promise<void> =>
  gateway.makePolicy({ name, maxAttempts: 10, targets: models.map(model => ({ model })) });

describe('the retries of a project that has made no calls yet', () => {
  it('are enough for a policy that is well beside one that is dead', async () => {
    await makePolicy('dead', 'together/dead', 'fireworks/dead');
    await makePolicy('live', 'together/live', 'fireworks/live');
    gateway.simulator.chaos([
      { model: 'dead', fault: 'status=409' },
      { vendor: 'together', fault: 'status=409' },
    ]);

    expect((await gateway.ask({ model: 'dead' })).status).toBe(503);
    const answers = await gateway.askMany(40, { model: 'live' }, 1);
    expect(failuresOf(answers)).toEqual([]);
  });

  it('never keep a call from a target that answers, while another fails too rarely to be left alone', async () => {
    await makePolicy('flaky', 'together/flaky', 'fireworks/flaky');
    gateway.simulator.chaos([{ vendor: 'together', fault: 'status=409' }]);

    expect(statusesOf(await gateway.askMany(200, { model: 'flaky' }, 4))).toEqual({ 200: 200 });
  });

  it.each([false, true])('are enough for a crowd whose first target is dead (stream: %s)', async stream => {
    await makePolicy('crowded', 'together/crowded', 'fireworks/crowded');
    gateway.simulator.chaos([{ vendor: 'together', fault: 'status=409' }]);

    expect(failuresOf(await gateway.askMany(100, { model: 'crowded', stream }, 100))).toEqual([]);
  });

  it('make no storm of the crowds of twenty policies that are dead', async () => {
    const policies = Array.from({ length: 20 }, (_none, n) => `dead-${n}`);
    for (const policy of policies) {
      await makePolicy(policy, `together/${policy}`, `fireworks/${policy}`, `cerebras/${policy}`);
    }
    gateway.simulator.chaos([{ fault: 'status=409' }]);
    await Promise.all(policies.map(model => gateway.askMany(15, { model }, 15)));
    const { together, fireworks, cerebras } = gateway.upstreamCalls();

    expect(together + fireworks + cerebras).toBeLessThanOrEqual(1.2 * 20 * 15 + 10);
  });

  it('are named as the reason when they are used up', async () => {
    await makePolicy('dead', 'together/dead', 'fireworks/dead');
    gateway.simulator.chaos([{ fault: 'status=409' }]);
    const answers = await gateway.askMany(8, { model: 'dead' }, 1);
    const { status, text, id } = answers[answers.length - 1] ?? {};

    expect({ status, text }).toMatchObject({
      status: 503,
      text: expect.stringContaining(
        'The retries of this project are used up; calls that succeed earn new ones.',
      ),
    });
    expect(text).toContain('dead: not asked (retry_budget)');
    await expect(usageOf(gateway, id ?? null)).resolves.toMatchObject({ attempts: 1 });
  });
});

import { Clock } from '@app/shared';
import type { TargetStatus } from '../libs/routing/src/domain/health/target-status.entity.js';
import { type ChaosGateway, failuresOf, MODEL, startChaosGateway } from './support/chaos.js';
import { encryptionKey } from './support/encryption-key.js';
import { eventually } from './support/eventually.js';
import { holdClock } from './support/held-clock.js';
import { describeOnServers } from './support/test-store.js';

/** Each has a simulator of its own: what reaches it, its gateway has sent. */
let first: ChaosGateway;
let second: ChaosGateway;

/** A call of the first gateway's project. */
function call(): { readonly model: string; readonly headers: Record<string, string> } {
  return { model: 'chat', headers: { authorization: `Bearer ${first.projectKey}` } };
}

async function statusOf(gateway: ChaosGateway, vendor: string): Promise<TargetStatus | undefined> {
  const { body } = await gateway.admin<{ data: TargetStatus[] }>('GET', '/admin/routing/targets');
  return body.data.find(({ id }) => id === `${vendor}/${MODEL}`);
}

describeOnServers('two gateways that share a %s', database => {
  beforeEach(async () => {
    const store = await database.environment();
    const shared = { ...store, AI_GATEWAY_SECURITY_ENCRYPTION_KEY: encryptionKey(7) };
    first = await startChaosGateway(shared);
    second = await startChaosGateway(shared);
    await first.makePolicy({ name: 'chat' });
    // A window of two seconds would be over before all was told and looked at.
    [first, second].forEach(({ app }) => holdClock(app.get(Clock)));
  }, 60_000);
  afterEach(async () => {
    await second?.stop();
    await first?.stop();
    await database.drop();
  });

  it('spare a target that the other has found dead, without a try of their own', async () => {
    first.simulator.chaos([{ vendor: 'together', fault: 'status=503' }]);
    second.simulator.chaos([{ vendor: 'together', fault: 'status=503' }]);
    expect(failuresOf(await first.askMany(20, call(), 1))).toEqual([]);
    expect(first.upstreamCalls().together).toBe(5);
    await eventually(async () => {
      await expect(statusOf(second, 'together')).resolves.toMatchObject({ breaker: 'open', failures: 0 });
    }, 20_000);

    expect(failuresOf(await second.askMany(20, call(), 1))).toEqual([]);
    expect(second.upstreamCalls()).toEqual({ together: 0, fireworks: 20, cerebras: 0 });
  }, 60_000);

  it("do so for the project whose own key failed there, and with nobody else's", async () => {
    await first.addVendorKey('together', 'tg-0123456789abcdef-evil');
    first.simulator.chaos([{ fault: 'status=503,key=evil' }]);
    await first.askMany(20, call(), 1);
    await eventually(async () => {
      await expect(statusOf(second, 'together')).resolves.toMatchObject({
        breaker: 'closed',
        ownKeys: [{ projectId: first.projectId, breaker: 'open' }],
      });
    }, 20_000);

    expect(failuresOf(await second.askMany(20, call(), 1))).toEqual([]);
    expect(second.upstreamCalls()).toEqual({ together: 0, fireworks: 20, cerebras: 0 });
    await second.makePolicy({ name: 'chat' });
    await second.askMany(5, { model: 'chat' }, 1);
    expect(second.upstreamCalls()).toMatchObject({ together: 5 });
  }, 60_000);

  it('leave a key alone that the vendor has refused the other', async () => {
    for (const end of ['evil', 'good']) {
      await first.addVendorKey('together', `tg-0123456789abcdef-${end}`);
    }
    const refused = [{ fault: 'status=401,key=evil' }];
    first.simulator.chaos(refused);
    second.simulator.chaos(refused);
    await first.askMany(1, call());
    await eventually(async () => {
      const { body } = await second.admin<{ coolingKeys: unknown[] }>('GET', '/admin/routing/targets');
      expect(body.coolingKeys).toHaveLength(1);
    }, 20_000);

    expect(failuresOf(await second.askMany(20, call(), 1))).toEqual([]);
    expect(second.simulator.calls()['together']?.[MODEL]?.keys).toEqual({ good: 20 });
  }, 60_000);
});

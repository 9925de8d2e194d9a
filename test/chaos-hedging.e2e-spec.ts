import { type ChaosGateway, failuresOf, quantileOf, startChaosGateway } from './support/chaos.js';
import { billOf, ledgerOf, recordsOf } from './support/ledger.js';

const CALLS = 800;
const CONCURRENCY = 4;

let gateway: ChaosGateway;

beforeAll(async () => {
  gateway = await startChaosGateway();
});
beforeEach(() => gateway.simulator.reset());
afterAll(() => gateway?.stop());

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((all, count) => all + count, 0);
}

/** Whatever a vendor sells is in the ledger: the answers to the token, and losers that it finished all the same. */
async function expectPaid(model: string): Promise<void> {
  const records = await recordsOf(gateway, model);
  const all = ledgerOf(records);
  const answers = ledgerOf(records.filter(({ outcome }) => outcome === 'completed'));
  for (const [vendor, { calls, input }] of Object.entries(billOf(gateway))) {
    expect(all[vendor]?.calls).toBeGreaterThanOrEqual(calls);
    expect(all[vendor]?.input).toBeGreaterThanOrEqual(input);
    expect(answers[vendor]?.calls).toBeLessThanOrEqual(calls);
    expect(answers[vendor]?.input).toBeLessThanOrEqual(input);
  }
}

describe('hedging against a heavy tail', () => {
  // So slow that no moment in which the machine stands still could pass for it.
  const tail = [{ vendor: 'together', tail: { share: 0.02, delay: 1500 } }];

  it('cuts the slowest hundredth to less than half, at 6 % more calls', async () => {
    gateway.simulator.chaos(tail);
    const plain = await gateway.askMany(CALLS, { model: await gateway.makeFreshPolicy() }, CONCURRENCY);
    gateway.simulator.reset();
    gateway.simulator.chaos(tail);
    const model = await gateway.makeFreshPolicy({ hedge: true });
    const hedged = await gateway.askMany(CALLS, { model }, CONCURRENCY);

    expect(failuresOf([...plain, ...hedged])).toEqual([]);
    expect(quantileOf(hedged, 0.99)).toBeLessThan(quantileOf(plain, 0.99) / 2);
    const extra = sum(gateway.upstreamCalls()) - CALLS;
    expect(extra).toBeGreaterThan(0);
    expect(extra).toBeLessThanOrEqual(CALLS * 0.06);
    await expectPaid(model);
    const abandoned = (await recordsOf(gateway, model)).length - CALLS;
    // Some had not reached their vendor yet.
    expect(abandoned).toBeGreaterThanOrEqual(extra);
    expect(abandoned).toBeLessThanOrEqual(CALLS * 0.06);
  });

  it('pays for both, where both began', async () => {
    gateway.simulator.chaos([{ vendor: 'together', fault: 'stall=0', share: 0.04 }]);
    const model = await gateway.makeFreshPolicy({ hedge: true, timeouts: { firstTokenMs: 2000 } });
    const answers = await gateway.askMany(400, { model, stream: true }, CONCURRENCY);

    expect(failuresOf(answers)).toEqual([]);
    const records = await recordsOf(gateway, model);
    const [ledger, bill] = [ledgerOf(records), billOf(gateway)];
    const answered = ledgerOf(records.filter(({ outcome }) => outcome === 'completed'));
    expect(ledger['together']?.calls).toBe(400);
    expect(bill['together']?.calls).toBe(400);
    expect(answered['together']?.calls).toBeLessThanOrEqual(384);
    // On a busy machine a second one may be slower, too: then its vendor is paid as abandoned.
    expect(ledger['fireworks']?.calls).toBeGreaterThanOrEqual(bill['fireworks']?.calls ?? NaN);
    expect(answered['fireworks']?.calls).toBeGreaterThan(0);
  });
});

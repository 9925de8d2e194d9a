import { type ChaosGateway, failuresOf, quantileOf, startChaosGateway, VENDORS } from './support/chaos.js';
import { billOf, ledgerOf, recordsOf } from './support/ledger.js';

const CALLS = 1000;
const CONCURRENCY = 8;

let gateway: ChaosGateway;

beforeAll(async () => {
  gateway = await startChaosGateway();
});
beforeEach(() => gateway.simulator.reset());
afterAll(() => gateway?.stop());

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((all, count) => all + count, 0);
}

describe('hedging against a heavy tail', () => {
  const tail = [{ vendor: 'together', tail: { share: 0.04, delay: 600 } }];

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
    // The winners' bill to the token, and a record of every loser.
    const records = await recordsOf(gateway, model);
    expect(ledgerOf(records.filter(({ outcome }) => outcome === 'completed'))).toEqual(billOf(gateway));
    expect(records.filter(({ errorCode }) => errorCode === 'attempt_abandoned')).toHaveLength(extra);
  });

  it('pays for both, where both began', async () => {
    gateway.simulator.chaos([{ vendor: 'together', fault: 'stall=0', share: 0.04 }]);
    const model = await gateway.makeFreshPolicy({ hedge: true, timeouts: { firstTokenMs: 2000 } });
    const answers = await gateway.askMany(400, { model, stream: true }, CONCURRENCY);

    expect(failuresOf(answers)).toEqual([]);
    const records = await recordsOf(gateway, model);
    const [ledger, bill] = [ledgerOf(records), billOf(gateway)];
    for (const vendor of VENDORS) {
      expect({ vendor, calls: ledger[vendor]?.calls }).toEqual({ vendor, calls: bill[vendor]?.calls });
    }
    expect(ledgerOf(records.filter(({ estimated }) => !estimated))['fireworks']).toEqual(bill['fireworks']);
  });
});

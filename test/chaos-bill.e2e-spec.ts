import { type ChaosGateway, failuresOf, startChaosGateway, VENDORS } from './support/chaos.js';
import { billOf, ledgerOf, recordsOf } from './support/ledger.js';

const CALLS = 100;

let gateway: ChaosGateway;

beforeAll(async () => {
  gateway = await startChaosGateway();
});
beforeEach(() => gateway.simulator.reset());
afterAll(() => gateway?.stop());

describe('what the vendors bill is what the ledger says', () => {
  it.each([
    ['refusals before any work', false, 'status=503'],
    ['refusals of streams', true, 'status=429'],
    ['connections that break', false, 'drop'],
    ['pages of proxies', true, 'html=502'],
    ['an error in the place of an answer', false, 'error-event=0'],
    ['an answer that breaks off', false, 'cut=50'],
    ['an answer that nobody can read', false, 'malformed'],
    ['a stream that breaks off before it begins', true, 'cut=0'],
    ['a stream that is an error', true, 'error-first'],
    ['a stream that breaks off', true, 'cut=700'],
    ['a stream that ends with an error', true, 'error-event=4'],
  ])('call by call: %s', async (_, stream, fault) => {
    const model = await gateway.makeFreshPolicy();
    gateway.simulator.chaos([{ vendor: 'together', fault, share: 0.1 }]);
    const answers = await gateway.askMany(CALLS, { model, stream, content: '[[sim:count 30]]' }, 4);
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);

    const records = await recordsOf(gateway, model);
    const [bill, ledger] = [billOf(gateway), ledgerOf(records)];
    for (const vendor of VENDORS) {
      expect({ vendor, calls: ledger[vendor]?.calls ?? 0 }).toEqual({
        vendor,
        calls: bill[vendor]?.calls ?? 0,
      });
    }
    // Who was not asked in vain is billed to the token.
    expect(ledger['fireworks']).toEqual(bill['fireworks']);
    const lost = records.filter(({ errorCode }) => errorCode === 'attempt_abandoned');
    expect(lost.every(({ estimated, outcome }) => estimated && outcome === 'aborted')).toBe(true);
    expect(records).toHaveLength(CALLS + lost.length);
    expect(failuresOf(answers).length > 0).toBe(/cut=700|error-event=4/.test(fault));
  });
});

describe('what vendors may bill of calls that nobody answered in time', () => {
  it.each([false, true])('is estimated for each attempt, the last one too (stream: %s)', async stream => {
    const model = await gateway.makeFreshPolicy({ timeouts: { firstTokenMs: 100, attemptMs: 100 } });
    gateway.simulator.chaos([{ fault: 'delay=30000' }]);
    const { status, id } = await gateway.ask({ model, stream, content: 'How are you?' });
    expect(status).toBe(503);

    const records = await recordsOf(gateway, model);
    const spent = { inputTokens: expect.any(Number), outputTokens: 0, estimated: true };
    expect(records.toSorted((a, b) => String(a.provider).localeCompare(String(b.provider)))).toMatchObject([
      { ...spent, provider: 'cerebras', id, outcome: 'failed', status: 503 },
      { ...spent, provider: 'fireworks', errorCode: 'attempt_abandoned' },
      { ...spent, provider: 'together', errorCode: 'attempt_abandoned' },
    ]);
    expect(records.every(({ inputTokens }) => inputTokens > 0)).toBe(true);
  });

  it('is told in all when the last attempt was refused', async () => {
    const targets = [{ model: 'openai/gpt-4.1-mini' }, { model: 'anthropic/claude-sonnet-4-5' }];
    const model = await gateway.makeFreshPolicy({ targets, maxAttempts: 2, timeouts: { attemptMs: 300 } });
    gateway.simulator.chaos([
      { vendor: 'openai', fault: 'delay=30000' },
      { vendor: 'anthropic', fault: 'status=401' },
    ]);
    const { id } = await gateway.ask({ model, content: 'How are you?' });
    await recordsOf(gateway, model);
    const told = await gateway.call(`/v1/generation?id=${id}`);
    const { data } = (await told.json()) as {
      data: { total_cost: number; abandoned_attempts: { cost: number }[] };
    };

    expect(data.total_cost).toBeGreaterThan(0);
    expect(data.total_cost).toBe(data.abandoned_attempts[0]?.cost);
  });

  it('is nothing for attempts that were refused', async () => {
    const model = await gateway.makeFreshPolicy();
    gateway.simulator.chaos([{ fault: 'status=503' }]);
    await gateway.ask({ model });

    expect(await recordsOf(gateway, model)).toMatchObject([
      { inputTokens: 0, estimated: false, attempts: 3 },
    ]);
  });
});

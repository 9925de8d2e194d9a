import { Clock } from '@app/shared';
import { type ChaosGateway, failuresOf, MODEL, startChaosGateway, statusesOf } from './support/chaos.js';
import { holdClock } from './support/held-clock.js';

const FIVE_MINUTES_MS = 300_000;

let gateway: ChaosGateway;
let clock: ReturnType<typeof holdClock>;

beforeEach(async () => {
  gateway = await startChaosGateway();
  clock = holdClock(gateway.app.get(Clock));
});
afterEach(() => gateway?.stop());

/** Of one vendor's keys, by their endings. */
function callsByKey(vendor: string): Readonly<Record<string, number>> | undefined {
  return gateway.simulator.calls()[vendor]?.[MODEL]?.keys;
}

/** A policy of one vendor, for which the project has two keys; one of them is refused. */
async function withTwoKeys(fault: string): Promise<void> {
  await gateway.addVendorKey('fireworks', 'fw-0123456789abcdef-evil');
  await gateway.addVendorKey('fireworks', 'fw-0123456789abcdef-good');
  await gateway.makePolicy({ name: 'chat', targets: [{ model: `fireworks/${MODEL}` }] });
  gateway.simulator.chaos([{ fault: `${fault},key=evil` }]);
}

describe('429 with retry-after', () => {
  it('is obeyed to the millisecond, and no caller notices', async () => {
    await gateway.makePolicy({ name: 'chat' });
    gateway.simulator.chaos([{ vendor: 'together', fault: 'status=429,retry-after=30' }]);

    const answers = await gateway.askMany(1, { model: 'chat' });
    answers.push(...(await gateway.askMany(100, { model: 'chat' })));
    expect(gateway.upstreamCalls()).toEqual({ together: 1, fireworks: 101, cerebras: 0 });
    clock.advance(29_999);
    answers.push(...(await gateway.askMany(50, { model: 'chat' })));
    expect(gateway.upstreamCalls()).toEqual({ together: 1, fireworks: 151, cerebras: 0 });
    clock.advance(1);
    answers.push(...(await gateway.askMany(50, { model: 'chat' }, 1)));
    expect(gateway.upstreamCalls()).toEqual({ together: 2, fireworks: 201, cerebras: 0 });
    expect(statusesOf(answers)).toEqual({ 200: 201 });
  });

  it('is obeyed by each key for itself: the other serves', async () => {
    await withTwoKeys('status=429,retry-after=30');

    const answers = await gateway.askMany(100, { model: 'chat' }, 1);
    expect(callsByKey('fireworks')).toEqual({ evil: 1, good: 100 });
    clock.advance(29_999);
    answers.push(...(await gateway.askMany(50, { model: 'chat' })));
    expect(callsByKey('fireworks')).toEqual({ evil: 1, good: 150 });
    clock.advance(1);
    answers.push(...(await gateway.askMany(50, { model: 'chat' }, 1)));
    expect(callsByKey('fireworks')).toEqual({ evil: 2, good: 200 });
    expect(failuresOf(answers)).toEqual([]);
  });

  it('of every target is told the caller as it is, and nobody is asked before it has passed', async () => {
    await gateway.makePolicy({ name: 'chat' });
    gateway.simulator.chaos([{ fault: 'status=429,retry-after=30' }]);
    const [first] = await gateway.askMany(1, { model: 'chat' });
    expect(first).toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
    expect(first?.retryAfter).toBe('30');

    clock.advance(10_000);
    const later = await gateway.askMany(20, { model: 'chat' });
    expect(gateway.upstreamCalls()).toEqual({ together: 1, fireworks: 1, cerebras: 1 });
    expect(new Set(later.map(({ retryAfter }) => retryAfter))).toEqual(new Set(['20']));
    expect(statusesOf(later)).toEqual({ 429: 20 });
  });
});

describe('a key that is refused', () => {
  it.each([401, 402, 403])('leaves the calls to the other one (%s)', async status => {
    await withTwoKeys(`status=${status}`);

    const answers = await gateway.askMany(60, { model: 'chat' }, 1);
    expect(callsByKey('fireworks')).toEqual({ evil: 1, good: 60 });
    clock.advance(FIVE_MINUTES_MS);
    answers.push(...(await gateway.askMany(60, { model: 'chat' }, 1)));
    expect(callsByKey('fireworks')).toEqual({ evil: 2, good: 120 });
    expect(failuresOf(answers)).toEqual([]);
  });

  it('leaves them to the other one when the call names its vendor and nothing else', async () => {
    await withTwoKeys('status=401');
    const answers = await gateway.askMany(60, { model: `fireworks/${MODEL}` }, 1);
    expect(callsByKey('fireworks')).toEqual({ evil: 1, good: 60 });
    expect(failuresOf(answers)).toEqual([]);
  });

  it("leaves the vendor's own paths to the other one, too, which is the same for each of them", async () => {
    await withTwoKeys('status=401');
    await gateway.askMany(1, { model: 'chat' });
    for (let n = 0; n < 10; n++) {
      const response = await gateway.call('/fireworks/v1/models');
      await response.text();
      expect(response.status).toBe(200);
    }
    clock.advance(FIVE_MINUTES_MS);
    gateway.simulator.chaos([{ fault: 'status=401,key=good' }]);
    await expect(gateway.call('/fireworks/v1/models')).resolves.toMatchObject({ status: 200 });
  });

  it('is not missed when many call at once', async () => {
    await withTwoKeys('status=401');
    const answers = await gateway.askMany(200, { model: 'chat' });
    expect(failuresOf(answers)).toEqual([]);
  });
});

describe('limits that a vendor tells with its answers', () => {
  it('are obeyed before they bite', async () => {
    await gateway.makePolicy({ name: 'chat' });
    gateway.simulator.chaos([{ vendor: 'together', fault: 'limits=0/2000' }]);

    const answers = await gateway.askMany(20, { model: 'chat' }, 1);
    expect(gateway.upstreamCalls()).toEqual({ together: 1, fireworks: 19, cerebras: 0 });
    clock.advance(2000);
    answers.push(...(await gateway.askMany(20, { model: 'chat', stream: true }, 1)));
    expect(gateway.upstreamCalls()).toEqual({ together: 2, fireworks: 38, cerebras: 0 });
    expect(failuresOf(answers)).toEqual([]);
  });
});

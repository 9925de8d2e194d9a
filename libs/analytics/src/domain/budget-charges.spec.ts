import { PriceBook } from '@app/providers';
import { Config, createLogger, type Database } from '@app/shared';
import { aBudget } from '../../../../test/support/budget.js';
import { aCall } from '../../../../test/support/call.js';
import { openInMemory } from '../../../../test/support/databases.js';
import { openLedger } from '../../../../test/support/open-ledger.js';
import { TestSpools } from '../../../../test/support/spools.js';
import type { Budget } from '../../../budgets/src/domain/budget.entity.js';
import { Lease } from '../../../budgets/src/domain/lease.js';
import { Reservation } from '../../../budgets/src/domain/reservation.js';
import { usageRepository } from '../analytics.module.js';
import { decisionRepository } from '../decisions.module.js';
import type { CallMeter } from './call-meter.js';
import { Metering } from './metering.js';
import { UsageRecorder } from './usage.recorder.js';
import type { UsageRepository } from './usage.repository.js';

const TO = { provider: 'openrouter', model: 'auto' };
const HELD = 5000;

let database: Database;
let store: UsageRepository;
let recorder: UsageRecorder;
let spools: TestSpools;
let lines: unknown[];
let lease: Lease;

beforeEach(async () => {
  spools = new TestSpools();
  const told: unknown[] = []; // whatever the recorder of another test still has to say
  lines = told;
  database = openInMemory();
  store = await usageRepository.useFactory(database);
  const ledger = await openLedger(store, await decisionRepository.useFactory(database));
  const logger = createLogger('warn', { write: (line: string) => void told.push(JSON.parse(line)) });
  recorder = new UsageRecorder(ledger, spools.open(), logger);
});
afterEach(async () => {
  await database.close();
  spools.remove();
});

/** The meter of a call for which a budget has set something aside. */
function aMeter(terms: Partial<Budget> = {}): CallMeter {
  lease = new Lease({ id: 'a', projectId: 'p', subject: '[]' }, aBudget(terms), {
    start: 7,
    from: 0,
    end: Infinity,
    resetAt: null,
  });
  const meter = new Metering(new PriceBook(new Config()), recorder).open(aCall(), '/v1/chat/completions');
  meter.reserved(TO, new Reservation([{ lease, nanoUsd: HELD }], HELD, null));
  return Object.assign(meter, { ...TO, attempts: 1, stream: true });
}

async function recorded(): Promise<unknown> {
  await recorder.flush();
  const [record] = await store.page({}, null, 1);
  return record;
}

it('what is set aside for a call that has ended meanwhile is free at once', async () => {
  const meter = aMeter();
  await meter.close({ status: 499, outcome: 'aborted' });
  const { held } = lease;
  meter.reserved(TO, new Reservation([{ lease, nanoUsd: HELD }], HELD, null));

  expect([held, lease.held]).toEqual([0, 0]);
});

it.each([
  [0.000002, 2000, {}, []],
  [
    0.000009,
    9000,
    {},
    [expect.objectContaining({ callId: '0199-call', provider: 'openrouter', costUsd: 0.000009 })],
  ],
  [0.000009, 9000, { hard: false }, []],
])(
  'a budget pays what the vendor says that it charged, and the log tells when a hard one had set less aside: %d USD',
  async (providerCostUsd, paid, terms, told) => {
    const meter = aMeter(terms);
    meter.usage = { inputTokens: 1, outputTokens: 1, providerCostUsd };
    await meter.close({ status: 200, outcome: 'completed' });

    expect([lease.used, lease.held]).toEqual([paid, 0]);
    expect(lines).toEqual(told);
    expect(await recorded()).toMatchObject({ costNanoUsd: paid, budgetCharges: null });
  },
);

it('a record keeps what budgets paid while nobody measured what its call used', async () => {
  const meter = aMeter();
  meter.usage = { inputTokens: 1, outputTokens: 1, providerCostUsd: 0.000002, estimated: true };
  await meter.close({ status: 499, outcome: 'aborted' });

  expect([lease.used, lease.held]).toEqual([HELD, 0]);
  expect(await recorded()).toMatchObject({
    costNanoUsd: 2000,
    budgetCharges: [{ budgetId: 'b', account: 'a', window: 7, nanoUsd: HELD }],
  });
});

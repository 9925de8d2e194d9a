import { createLogger, type Database } from '@app/shared';
import { openInMemory } from '../../../../../test/support/databases.js';
import { type Rollups, ledgerOf, openRollups, spoil, toldBy } from '../../../../../test/support/rollups.js';
import { TestClock } from '../../../../../test/support/test-clock.js';
import { aBatch, aUsageRecord } from '../../../../../test/support/usage-record.js';
import { DayFolding } from './day-folding.js';
import { Reconciliation } from './reconciliation.js';
import { dayOf, HOUR_MS, hourOf } from './usage-hour.js';

const NOON = Date.UTC(2026, 10, 24, 12);

describe('Reconciliation', () => {
  let database: Database;
  let ledger: Rollups;
  let clock: TestClock;
  let lines: Record<string, unknown>[];
  let reconciliation: Reconciliation;

  beforeEach(async () => {
    database = openInMemory();
    ledger = await openRollups(database);
    clock = new TestClock(NOON);
    lines = [];
    reconciliation = reconciliationWith(clock);
  });
  afterEach(() => database.close());

  function reconciliationWith(time: TestClock): Reconciliation {
    const log = createLogger('info', {
      write: line => void lines.push(JSON.parse(line) as Record<string, unknown>),
    });
    return new Reconciliation(ledger.rollups, new DayFolding(ledger.days, time), time, log);
  }

  const reconciliationAt = (now: number) => reconciliationWith(new TestClock(now));

  async function recordAt(receivedAt: number): Promise<void> {
    await ledger.usage.insertMany([aUsageRecord({ receivedAt })], aBatch());
  }

  it('says nothing where sums are right', async () => {
    await recordAt(NOON);
    await reconciliation.run();
    clock.advance(5 * HOUR_MS);
    await recordAt(NOON + 2 * HOUR_MS);
    await reconciliation.run();

    expect([lines, reconciliation.differences]).toEqual([[], 0]);
    await expect(ledger.rollups.state()).resolves.toMatchObject({ next: hourOf(NOON) + 4 }); // 17:00 - 10 min
  });

  it('mends what is wrong in hours that are over, tells it loudly, and counts it', async () => {
    await reconciliation.run();
    for (const hours of [1, 2, 4]) {
      await recordAt(NOON + hours * HOUR_MS);
    }
    await spoil(database, { calls: 7 });
    clock.advance(4.5 * HOUR_MS);
    await reconciliation.run();

    expect(reconciliation.differences).toBe(2);
    expect(lines.map(({ level, hour }) => [level, hour])).toEqual([
      [50, '2026-11-24T13:00:00.000Z'],
      [50, '2026-11-24T14:00:00.000Z'],
    ]);
    expect(lines[0]).toMatchObject({
      rollups: 1,
      differences: [
        {
          projectId: 'project-1',
          model: 'gpt-4o-2024-08-06',
          told: { calls: 7, costNanoUsd: '3250000' },
          ledger: { calls: 1, costNanoUsd: '3250000' },
          differsInTimes: false,
        },
      ],
    });
    clock.advance(HOUR_MS); // now the third of them is over
    await reconciliation.run();
    expect(reconciliation.differences).toBe(3);
    expect(await toldBy(ledger)).toEqual(await ledgerOf(ledger));
    await reconciliation.run();
    expect(lines).toHaveLength(3);
  });

  it('makes days of hours that are over and compared', async () => {
    const now = Date.now(); // what came later than a day is told by the clock of the store
    await recordAt(now);
    await reconciliationAt(now + HOUR_MS).run();
    const [today, days] = [dayOf(hourOf(now)), { from: 0, to: 1_000_000 }];
    await expect(ledger.days.states(days)).resolves.toEqual([]);
    await reconciliationAt(now + 26 * HOUR_MS).run();

    expect(await ledger.days.states(days)).toContainEqual({ day: today, staleSince: null });
    const span = { from: today * 24, to: today * 24 + 24 };
    await expect(ledger.days.sums(span, { interval: 'day', by: [] }, 9)).resolves.toMatchObject([
      { start: today, calls: 1 },
    ]);
    expect(lines).toEqual([]);
  });

  it('makes the sums of records of an earlier release, and alarms nobody', async () => {
    for (const hours of [-50, -50, -3, 0]) {
      await recordAt(NOON + hours * HOUR_MS);
    }
    await spoil(database, null);
    clock.advance(2 * HOUR_MS);
    await reconciliation.run();

    expect(await toldBy(ledger)).toEqual(await ledgerOf(ledger));
    expect(lines.map(({ level, rollups }) => [level, rollups])).toEqual([
      [30, 1],
      [30, 1],
      [30, 1],
    ]);
    expect(reconciliation.differences).toBe(0);
  });

  it('leaves the hours to a gateway that is at it, until its lease is over', async () => {
    const first = { next: hourOf(NOON), since: hourOf(NOON) };
    await recordAt(NOON);
    await spoil(database, { calls: 7 });
    clock.advance(2 * HOUR_MS);
    await ledger.rollups.claim(first, { now: clock.now(), until: clock.now() + 60_000 });
    await reconciliation.run();
    expect(reconciliation.differences).toBe(0);

    clock.advance(60_000);
    await reconciliation.run();
    expect(reconciliation.differences).toBe(1);
  });

  it('says that the store does not answer, and goes on when it does', async () => {
    await recordAt(NOON);
    await database.close();
    clock.advance(2 * HOUR_MS);
    await reconciliation.run();

    expect(lines).toEqual([
      expect.objectContaining({ level: 40, msg: expect.stringContaining('the next sweep') as unknown }),
    ]);
  });
});

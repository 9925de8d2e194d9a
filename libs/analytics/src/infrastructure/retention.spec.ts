import { Config, createLogger, type Database } from '@app/shared';
import { databases } from '../../../../test/support/databases.js';
import { BY } from '../../../../test/support/projects.js';
import { type Rollups, openRollups, toldBy } from '../../../../test/support/rollups.js';
import { TestClock } from '../../../../test/support/test-clock.js';
import { aBatch, aUsageRecord } from '../../../../test/support/usage-record.js';
import { auditRepository } from '../../../audit/src/audit.module.js';
import { AuditTrail } from '../../../audit/src/domain/audit-trail.service.js';
import { decisionRepository } from '../decisions.module.js';
import { correctionOf } from '../domain/corrections/correction-chain.js';
import type { DecisionRepository } from '../domain/decision.repository.js';
import { Retention } from '../domain/retention.js';
import { RetentionSweep } from '../domain/retention-sweep.js';
import { DayFolding } from '../domain/rollups/day-folding.js';
import { Reconciliation } from '../domain/rollups/reconciliation.js';
import { HOUR_MS, hourOf } from '../domain/rollups/usage-hour.js';
import type { UsageRecord } from '../domain/usage-record.entity.js';
import { UsageStock } from '../domain/usage-stock.js';

const NOON = Date.UTC(2026, 10, 24, 12);
const DAY_MS = 24 * HOUR_MS;

describe.each(await databases())('Retention on %s', (_, open) => {
  let database: Database;
  let ledger: Rollups;
  let decisions: DecisionRepository;
  let trail: AuditTrail;
  let clock: TestClock;
  let reconciliation: Reconciliation;
  let sweep: RetentionSweep;

  beforeEach(async () => {
    database = await open();
    ledger = await openRollups(database);
    decisions = await decisionRepository.useFactory(database);
    trail = new AuditTrail(await auditRepository.useFactory(database));
    clock = new TestClock(NOON);
    reconciliation = aReconciliation();
    const { usage, corrections, rollups } = ledger;
    const days = { retentionUsageDays: 2, retentionDecisionDays: 3, retentionAuditDays: 3 };
    const config = Object.assign(new Config(), days);
    const stock = new UsageStock(usage, corrections, rollups);
    const retention = new Retention(stock, decisions, trail, config);
    sweep = new RetentionSweep(retention, clock, createLogger('silent'));
  });
  afterEach(() => database.close());

  function aReconciliation(): Reconciliation {
    const folding = new DayFolding(ledger.days, clock);
    return new Reconciliation(ledger.rollups, folding, clock, createLogger('silent'));
  }

  async function recordAt(receivedAt: number, count = 1): Promise<UsageRecord[]> {
    const records = Array.from({ length: count }, () => aUsageRecord({ receivedAt }));
    await ledger.usage.insertMany(records, aBatch());
    return records;
  }

  const kept = (): Promise<number> => ledger.usage.page({}, null, 1000).then(({ length }) => length);

  it('deletes records with their corrections when they are old enough, and leaves their hourly sums', async () => {
    await reconciliation.run();
    const [old] = await recordAt(NOON);
    const correction = correctionOf(old as UsageRecord, undefined, { cost: 7, version: '0.1.8+2' }, BY);
    await ledger.corrections.insertMany([correction]);
    await recordAt(NOON + HOUR_MS, 200);
    await recordAt(NOON + HOUR_MS, 199);
    clock.advance(DAY_MS);
    await reconciliation.run();
    const told = await toldBy(ledger);

    clock.advance(DAY_MS + HOUR_MS - 1);
    await recordAt(clock.now());
    await sweep.run();
    await expect(kept()).resolves.toBe(401); // of an hour nothing goes before all of it may
    clock.advance(1);
    await sweep.run();
    await expect(kept()).resolves.toBe(400);
    await expect(ledger.corrections.findOf([old?.id ?? ''])).resolves.toEqual([]);
    await expect(ledger.usage.oldest()).resolves.toBe(NOON + HOUR_MS);

    clock.advance(DAY_MS);
    await sweep.run();
    await expect(kept()).resolves.toBe(1);
    await reconciliation.run();
    expect((await toldBy(ledger)).filter(line => told.includes(line))).toEqual(told);
    expect(reconciliation.differences).toBe(0);
  });

  it('waits for the comparison of an hour, whose sums would be mended to nothing else', async () => {
    await recordAt(NOON);
    clock.advance(3 * DAY_MS);
    await sweep.run();

    await expect(kept()).resolves.toBe(1);
    await reconciliation.run();
    await sweep.run();
    await expect(kept()).resolves.toBe(0);
    await expect(toldBy(ledger)).resolves.toHaveLength(1);
  });

  it('is known to a reconciliation that begins anew: it leaves alone the sums of hours that are half deleted', async () => {
    await reconciliation.run();
    await recordAt(NOON, 3);
    clock.advance(DAY_MS);
    await reconciliation.run();
    const told = await toldBy(ledger);
    const stock = new UsageStock(ledger.usage, ledger.corrections, ledger.rollups);
    await expect(stock.deleteBefore(NOON + HOUR_MS, 2)).resolves.toBe(2); // a gateway that stopped in the midst
    await expect(ledger.rollups.deletedUntil()).resolves.toBe(hourOf(NOON) + 1);
    await ledger.rollups.noteDeleted(5);
    await expect(ledger.rollups.deletedUntil()).resolves.toBe(hourOf(NOON) + 1);

    await forgetState();
    await aReconciliation().run();
    expect(await toldBy(ledger)).toEqual(told);
  });

  it('deletes decisions and the audit trail by days of their own', async () => {
    const decision = { projectId: 'p', decision: '{}' };
    await decisions.insertMany([
      { id: 'old', ...decision, receivedAt: NOON },
      { id: 'new', ...decision, receivedAt: NOON + 1 },
    ]);
    await trail.tell(BY, { action: 'a', targetId: 't', projectId: null }, async () => undefined);
    const written = Date.now();
    clock.advance(3 * DAY_MS + 1);
    await sweep.run();

    await expect(decisions.findById('old')).resolves.toBeNull();
    await expect(decisions.oldest()).resolves.toBe(NOON + 1);
    await expect(trail.oldest()).resolves.toBe(BY.at);
    await expect(trail.deleteBefore(written - 40 * DAY_MS, 10)).resolves.toBe(0);
    await expect(trail.deleteBefore(written + DAY_MS, 10)).resolves.toBe(1);
    await expect(trail.oldest()).resolves.toBeNull();
  });

  /** As a release does that compares something else, and begins with the oldest record. */
  async function forgetState(): Promise<void> {
    const own = 'hours-and-times';
    await (database.kind === 'sql'
      ? database.sql.deleteFrom('usage_reconciliation').where('id', '=', own).execute()
      : ledgerModel(database, own));
  }
});

async function ledgerModel(database: Extract<Database, { kind: 'mongo' }>, id: string): Promise<void> {
  const { usageHourSchema } = await import('./usage-hour.schema.js');
  const { db } = await database.model(usageHourSchema);
  await db.collection('usage_reconciliation').deleteOne({ _id: id as never });
}

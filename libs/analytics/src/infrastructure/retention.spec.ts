import { randomUUID } from 'node:crypto';
import { Config, createLogger, type Database } from '@app/shared';
import { aProject } from '../../../../test/support/a-project.js';
import { databases } from '../../../../test/support/databases.js';
import { BY } from '../../../../test/support/projects.js';
import { type Rollups, openRollups, toldBy } from '../../../../test/support/rollups.js';
import { TestClock } from '../../../../test/support/test-clock.js';
import { aBatch, aUsageRecord } from '../../../../test/support/usage-record.js';
import { auditRepository } from '../../../audit/src/audit.module.js';
import { AuditTrail } from '../../../audit/src/domain/audit-trail.service.js';
import type { ProjectRepository } from '../../../projects/src/domain/project.repository.js';
import { ProjectsService } from '../../../projects/src/domain/projects.service.js';
import { projectRepository } from '../../../projects/src/projects.module.js';
import { toRetentionView } from '../api/retention.view.js';
import { decisionRepository } from '../decisions.module.js';
import { correctionOf } from '../domain/corrections/correction-chain.js';
import type { DecisionRepository } from '../domain/decision.repository.js';
import { LabelStock } from '../domain/label-stock.js';
import { type ExpiringKind, Retention } from '../domain/retention.js';
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
  let projects: ProjectRepository;
  let expiring: ExpiringKind[];
  let retention: Retention;
  let sweep: RetentionSweep;

  beforeEach(async () => {
    database = await open();
    ledger = await openRollups(database);
    decisions = await decisionRepository.useFactory(database);
    trail = new AuditTrail(await auditRepository.useFactory(database));
    clock = new TestClock(NOON);
    reconciliation = aReconciliation();
    projects = await projectRepository.useFactory(database);
    expiring = [];
    retention = aRetention();
    sweep = new RetentionSweep(retention, clock, createLogger('silent'));
  });
  afterEach(() => database.close());

  function aReconciliation(): Reconciliation {
    const folding = new DayFolding(ledger.days, clock);
    return new Reconciliation(ledger.rollups, folding, clock, createLogger('silent'));
  }

  function aRetention(): Retention {
    const { usage, corrections, rollups, labels } = ledger;
    const days = {
      retentionUsageDays: 2,
      retentionLabelDays: 1,
      retentionDecisionDays: 3,
      retentionAuditDays: 3,
    };
    const config = Object.assign(new Config(), days);
    const stock = new UsageStock(usage, corrections, rollups, new LabelStock(labels, rollups));
    const service = new ProjectsService(projects);
    return new Retention(stock, decisions, trail, { all: expiring }, service, config);
  }

  async function recordAt(receivedAt: number, count = 1): Promise<UsageRecord[]> {
    const records = Array.from({ length: count }, () => aUsageRecord({ receivedAt }));
    await ledger.usage.insertMany(records, aBatch());
    return records;
  }

  /** Of which projects how many records are left. */
  async function left(): Promise<Record<string, number>> {
    const count: Record<string, number> = {};
    for (const { projectId } of await ledger.usage.page({}, null, 1000)) {
      count[projectId] = (count[projectId] ?? 0) + 1;
    }
    return count;
  }

  async function recordFor(projectId: string, receivedAt: number): Promise<void> {
    await ledger.usage.insertMany([aUsageRecord({ projectId, receivedAt })], aBatch());
    await decisions.insertMany([{ id: randomUUID(), projectId, decision: '{}', receivedAt }]);
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
    const { usage, corrections, rollups, labels } = ledger;
    const stock = new UsageStock(usage, corrections, rollups, new LabelStock(labels, rollups));
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

  describe('of a project that wants its own time', () => {
    it('deletes what that says, and what is of the others by the days of the gateway; all sums stay', async () => {
      await projects.insert(aProject({ id: 'brief', retentionUsageDays: 1, retentionDecisionDays: 1 }));
      await projects.insert(aProject({ id: 'like all' }));
      await reconciliation.run();
      for (const projectId of ['brief', 'like all', 'removed by now']) {
        await recordFor(projectId, NOON);
        await recordFor(projectId, NOON + 3 * HOUR_MS);
      }
      clock.advance(DAY_MS + HOUR_MS);
      await reconciliation.run();
      const told = await toldBy(ledger);
      await sweep.run();
      expect(await left()).toEqual({ brief: 1, 'like all': 2, 'removed by now': 2 });
      await expect(decisions.page({ projectId: 'brief' }, null, 9)).resolves.toHaveLength(1);

      await projects.insert(aProject({ id: 'long', retentionUsageDays: 0, retentionDecisionDays: 4 }));
      await recordFor('long', NOON);
      clock.advance(DAY_MS);
      await reconciliation.run();
      await sweep.run();
      expect(await left()).toEqual({ long: 1, 'like all': 1, 'removed by now': 1 });
      clock.advance(DAY_MS);
      await reconciliation.run();
      await sweep.run();
      expect(await left()).toEqual({ long: 1 });
      const decided = await decisions.page({}, null, 9);
      expect(decided.map(({ projectId }) => projectId).toSorted()).toEqual([
        'like all',
        'long',
        'removed by now',
      ]);
      await expect(decisions.oldest('long')).resolves.toBe(NOON);
      await expect(decisions.oldest('like all')).resolves.toBe(NOON + 3 * HOUR_MS);
      await expect(decisions.oldest('brief')).resolves.toBeNull();

      await forgetState();
      await aReconciliation().run();
      expect((await toldBy(ledger)).filter(line => told.includes(line))).toEqual(told);
      expect(reconciliation.differences).toBe(0);
    });

    it('tells of each kind who differs, for how long it is kept, and since when', async () => {
      await projects.insert(aProject({ id: 'brief', retentionUsageDays: 1 }));
      await projects.insert(aProject({ id: 'long', retentionUsageDays: 0, retentionDecisionDays: 3 }));
      await recordFor('brief', NOON + 5);
      await recordFor('like all', NOON);
      const { data } = await toRetentionView(await retention.exceptions());

      expect(data).toEqual([
        {
          kind: 'usage',
          days: 2,
          since: new Date(NOON).toISOString(),
          projects: [
            { projectId: 'brief', days: 1, since: new Date(NOON + 5).toISOString() },
            { projectId: 'long', days: null, since: null },
          ],
        },
        { kind: 'labels', days: 1, since: null, projects: [] },
        { kind: 'decisions', days: 3, since: new Date(NOON).toISOString(), projects: [] },
        { kind: 'audit', days: 3, since: null, projects: [] },
      ]);
    });

    it('goes on at the next project when one has many', async () => {
      for (const id of ['many', 'some']) {
        await projects.insert(aProject({ id, retentionDecisionDays: 1 }));
      }
      for (const projectId of ['many', 'many', 'many', 'some']) {
        const batch = Array.from({ length: 200 }, () => ({ id: randomUUID(), projectId }));
        await decisions.insertMany(
          batch.map(decision => ({ ...decision, decision: '{}', receivedAt: NOON })),
        );
      }
      clock.advance(DAY_MS + 1);
      await sweep.run();

      await expect(decisions.oldest()).resolves.toBeNull();
    });

    it('asks kinds that end by themselves for no more than what projects say', async () => {
      const asked: [string, number][] = [];
      expiring.push({
        kind: 'responses',
        days: 30,
        daysOf: project => project.retentionResponseDays,
        expires: true,
        records: {
          oldest: async () => null,
          deleteBefore: async (before, _limit, projectId) =>
            asked.push([projectId, clock.now() - before]) * 0,
        },
      });
      retention = aRetention();
      for (const [id, retentionResponseDays] of [
        ['no', 0],
        ['seven', 7],
        ['like all', 30],
        ['silent', null],
      ] as const) {
        await projects.insert(aProject({ id, retentionResponseDays }));
      }
      await new RetentionSweep(retention, clock, createLogger('silent')).run();

      expect(asked.toSorted()).toEqual([
        ['no', 0],
        ['seven', 7 * DAY_MS],
      ]);
    });
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

import { Config, createLogger, type Database } from '@app/shared';
import { aProject } from '../../../../test/support/a-project.js';
import { databases } from '../../../../test/support/databases.js';
import { type Rollups, openRollups, toldBy } from '../../../../test/support/rollups.js';
import { TestClock } from '../../../../test/support/test-clock.js';
import { aBatch, aUsageRecord } from '../../../../test/support/usage-record.js';
import { auditRepository } from '../../../audit/src/audit.module.js';
import { AuditTrail } from '../../../audit/src/domain/audit-trail.service.js';
import { ProjectsService } from '../../../projects/src/domain/projects.service.js';
import { projectRepository } from '../../../projects/src/projects.module.js';
import { decisionRepository } from '../decisions.module.js';
import { LabelStock } from '../domain/label-stock.js';
import { Retention } from '../domain/retention.js';
import { RetentionSweep } from '../domain/retention-sweep.js';
import { DayFolding } from '../domain/rollups/day-folding.js';
import { Reconciliation } from '../domain/rollups/reconciliation.js';
import { HOUR_MS, hourOf } from '../domain/rollups/usage-hour.js';
import { UsageStock } from '../domain/usage-stock.js';

const NOON = Date.UTC(2026, 10, 24, 12);
const DAY_MS = 24 * HOUR_MS;

describe.each(await databases())('Retention of sums by label on %s', (_, open) => {
  let database: Database;
  let ledger: Rollups;
  let clock: TestClock;
  let reconciliation: Reconciliation;
  let sweep: RetentionSweep;

  beforeEach(async () => {
    database = await open();
    ledger = await openRollups(database);
    clock = new TestClock(NOON);
    const logger = createLogger('silent');
    reconciliation = new Reconciliation(ledger.rollups, new DayFolding(ledger.days, clock), clock, logger);
    sweep = new RetentionSweep(await aRetention(), clock, logger);
  });
  afterEach(() => database.close());

  async function aRetention(): Promise<Retention> {
    const { usage, corrections, rollups, labels } = ledger;
    const stock = new UsageStock(usage, corrections, rollups, new LabelStock(labels, rollups));
    const decisions = await decisionRepository.useFactory(database);
    const trail = new AuditTrail(await auditRepository.useFactory(database));
    const projects = await projectRepository.useFactory(database);
    await projects.insert(aProject({ retentionUsageDays: 0 })); // which says nothing of them
    const config = Object.assign(new Config(), { retentionUsageDays: 2, retentionLabelDays: 1 });
    return new Retention(stock, decisions, trail, { all: [] }, new ProjectsService(projects), config);
  }

  it('deletes sums by end user and tag by days of their own, of hours that were compared, and leaves the others', async () => {
    await reconciliation.run();
    await ledger.usage.insertMany([aUsageRecord({ endUser: 'ada', tags: ['a', 'b'] })], aBatch());
    await ledger.usage.insertMany([aUsageRecord({ endUser: 'bob', receivedAt: NOON + HOUR_MS })], aBatch());
    await expect(toldBy(ledger)).resolves.toHaveLength(2 + 4);
    clock.advance(DAY_MS + HOUR_MS);
    await sweep.run();
    await expect(toldBy(ledger)).resolves.toHaveLength(2 + 4);
    await reconciliation.run();
    await sweep.run();

    const told = await toldBy(ledger);
    expect(told.filter(line => /endUser|tag/.test(line))).toEqual([expect.stringContaining('endUser=bob')]);
    expect(told).toHaveLength(2 + 1);
    await expect(ledger.labels.oldest()).resolves.toBe(hourOf(NOON) + 1);
    await reconciliation.run();
    expect([await toldBy(ledger), reconciliation.differences]).toEqual([told, 0]);
  });
});

import type { Sql } from '@app/shared';
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import {
  type Grouping,
  type Mending,
  type ReconcileState,
  type RollupFilter,
  RollupRepository,
  type TimesBucket,
  type UsageBucket,
} from '../domain/rollups/rollup.repository.js';
import { hourOf } from '../domain/rollups/usage-hour.js';
import { HourMending } from './hour-mending.js';
import { HourTimeRows } from './hour-times.rows.js';
import { groupOf, TimesBuckets } from './rollup-buckets.js';
import { sumsOf, wanted } from './rollup-sums.js';
import { addTimes } from './rollup-times.js';

/** The row of its table that counts: of `hours` were those of releases that kept no distributions. */
const ID = 'hours-and-times';
/** The row of what was deleted; `next` is the hour until which. */
const DELETED = 'deleted';

const rollupMigrations: Record<string, Migration> = {
  '2026-11-27-usage-reconciliation': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('usage_reconciliation')
        .addColumn('id', 'varchar(64)', c => c.primaryKey())
        .addColumn('next', 'integer', c => c.notNull())
        .addColumn('since', 'integer', c => c.notNull())
        .addColumn('leaseUntil', 'bigint', c => c.notNull())
        .execute();
    },
  },
};

/** Its rollups and watermarks are tables of `UsageRepository`, which writes them. */
export class RollupSqlRepository extends RollupRepository {
  static readonly migrations = rollupMigrations;

  private readonly hourTimes: HourTimeRows;
  private readonly mending: HourMending;

  constructor(private readonly db: Sql) {
    super();
    this.hourTimes = new HourTimeRows(db);
    this.mending = new HourMending(db);
  }

  sums(filter: RollupFilter, grouping: Grouping, limit: number): Promise<UsageBucket[]> {
    return sumsOf(this.db, 'usage_hours', { filter, grouping, limit });
  }

  async times(filter: RollupFilter, grouping: Grouping): Promise<TimesBucket[]> {
    const buckets = new TimesBuckets(grouping);
    const rows = await wanted(this.db, 'usage_hours', filter)
      .select([...groupOf(grouping), 'id', 'times'])
      .execute();
    await addTimes(this.db, rows, row => buckets.of(row));
    return buckets.all;
  }

  mend(hour: number): Promise<Mending> {
    return this.mending.mend(hour);
  }

  pack(hour: number): Promise<void> {
    return this.hourTimes.pack(hour);
  }

  async oldest(): Promise<number | null> {
    const row = await this.db
      .selectFrom('usage')
      .select('receivedAt')
      .orderBy('receivedAt')
      .limit(1)
      .executeTakeFirst();
    return row ? hourOf(Number(row['receivedAt'])) : null;
  }

  async deletedUntil(): Promise<number> {
    const row = await this.db
      .selectFrom('usage_reconciliation')
      .select('next')
      .where('id', '=', DELETED)
      .executeTakeFirst();
    return Number(row?.['next'] ?? 0);
  }

  async noteDeleted(until: number): Promise<void> {
    await this.db
      .insertInto('usage_reconciliation')
      .values({ id: DELETED, next: until, since: 0, leaseUntil: 0 })
      .onConflict(conflict => conflict.column('id').doNothing())
      .execute();
    await this.db
      .updateTable('usage_reconciliation')
      .set({ next: until })
      .where('id', '=', DELETED)
      .where('next', '<', until)
      .execute();
  }

  async state(): Promise<ReconcileState | null> {
    const row = await this.db
      .selectFrom('usage_reconciliation')
      .select(['next', 'since'])
      .where('id', '=', ID)
      .executeTakeFirst();
    return (row as ReconcileState | undefined) ?? null;
  }

  async claim(first: ReconcileState, { now, until }: { now: number; until: number }): Promise<boolean> {
    await this.db
      .insertInto('usage_reconciliation')
      .values({ id: ID, ...first, leaseUntil: 0 })
      .onConflict(conflict => conflict.column('id').doNothing())
      .execute();
    const { numUpdatedRows } = await this.db
      .updateTable('usage_reconciliation')
      .set({ leaseUntil: until })
      .where('id', '=', ID)
      .where('leaseUntil', '<=', now)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  async advance(next: number, leaseUntil: number): Promise<void> {
    await this.db
      .updateTable('usage_reconciliation')
      .set({ next, leaseUntil })
      .where('id', '=', ID)
      .execute();
  }

  async forgetSpools(before: number): Promise<void> {
    await this.db.deleteFrom('usage_watermarks').where('at', '<', before).execute();
  }
}

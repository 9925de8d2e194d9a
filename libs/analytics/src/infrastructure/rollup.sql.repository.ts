import type { Sql } from '@app/shared';
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { differences } from '../domain/rollups/differences.js';
import {
  type Difference,
  DIMENSIONS,
  type Grouping,
  type Mending,
  type ReconcileState,
  type RollupFilter,
  RollupRepository,
  type UsageBucket,
} from '../domain/rollups/rollup.repository.js';
import { AMOUNTS, hourOf, sumsOnly, type UsageHour } from '../domain/rollups/usage-hour.js';
import { ledgerOf } from './ledger.rows.js';
import { amountSum, countSums, sumsIn } from './usage-sums.js';
import { toRow } from './usage-hour.table.js';

/** The one row of its table. */
const ID = 'hours';

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

  constructor(private readonly db: Sql) {
    super();
  }

  async sums(
    { projectId, keyId, from, to }: RollupFilter,
    { interval, by }: Grouping,
    limit: number,
  ): Promise<UsageBucket[]> {
    const group = interval === 'total' ? [...by] : [interval, ...by];
    let query = this.db
      .selectFrom('usage_hours')
      .select(eb => [...countSums(eb), ...AMOUNTS.flatMap(name => amountSum(eb, name))])
      .where('hour', '>=', from)
      .where('hour', '<', to)
      .limit(limit);
    if (projectId !== undefined) {
      query = query.where('projectId', '=', projectId);
    }
    if (keyId !== undefined) {
      query = query.where('keyId', '=', keyId);
    }
    const rows = await (group.length === 0 ? query : query.select(group).groupBy(group)).execute();
    return rows
      .map(row => ({
        start: interval === 'total' ? 0 : Number(row[interval]),
        ...(Object.fromEntries(by.map(dimension => [dimension, row[dimension]])) as Partial<UsageBucket>),
        ...sumsIn(row),
      }))
      .filter(({ calls, correctedNanoUsd }) => calls > 0 || correctedNanoUsd !== 0n);
  }

  /** Records and rollups are written in one transaction: whoever finds a rollup unchanged after the ledger was read has compared the same. */
  async mend(hour: number): Promise<Mending> {
    const rollups = await this.rollupsOf(hour);
    const found = differences(rollups, await ledgerOf(this.db, hour));
    const mended: Difference[] = [];
    for (const difference of found) {
      if (await this.replace(difference)) {
        mended.push(difference);
      }
    }
    return { differences: mended, isDone: mended.length === found.length };
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

  private async rollupsOf(hour: number): Promise<UsageHour[]> {
    const columns = ['id', 'hour', ...DIMENSIONS] as const;
    const rows = await this.db
      .selectFrom('usage_hours')
      .select(columns)
      .select(eb => [...countSums(eb), ...AMOUNTS.flatMap(name => amountSum(eb, name))])
      .where('hour', '=', hour)
      .groupBy(columns)
      .execute();
    return rows.map(row => {
      const of = Object.fromEntries(columns.map(column => [column, row[column]]));
      return { ...of, ...sumsIn(row) } as UsageHour;
    });
  }

  /** False when it has changed meanwhile. */
  private async replace({ told, ledger }: Difference): Promise<boolean> {
    if (!told) {
      const { numInsertedOrUpdatedRows } = await this.db
        .insertInto('usage_hours')
        .values(toRow(ledger))
        .onConflict(conflict => conflict.column('id').doNothing())
        .executeTakeFirst();
      return (numInsertedOrUpdatedRows ?? 0n) > 0n;
    }
    let update = this.db.updateTable('usage_hours').set(sumsOnly(ledger)).where('id', '=', told.id);
    for (const [name, sum] of Object.entries(sumsOnly(told))) {
      update = update.where(name, '=', sum);
    }
    const { numUpdatedRows } = await update.executeTakeFirst();
    return numUpdatedRows > 0n;
  }
}

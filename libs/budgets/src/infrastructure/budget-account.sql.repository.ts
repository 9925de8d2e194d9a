import type { Kysely } from 'kysely';
import type { Sql } from '@app/shared';
import type { BudgetAccount } from '../domain/budget-account.js';
import { BudgetAccountRepository } from '../domain/budget-account.repository.js';
import {
  budgetAccountMigrations,
  type BudgetAccountTables,
  toAccount,
  toRow,
} from './budget-account.table.js';

export class BudgetAccountSqlRepository extends BudgetAccountRepository {
  static readonly migrations = budgetAccountMigrations;
  private readonly sql: Kysely<BudgetAccountTables>;

  constructor(sql: Sql) {
    super();
    this.sql = sql;
  }

  async find(id: string): Promise<BudgetAccount | null> {
    const row = await this.sql
      .selectFrom('budget_accounts')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    return row ? toAccount(row) : null;
  }

  async put(account: BudgetAccount): Promise<boolean> {
    const row = toRow(account);
    if (account.version === 1) {
      const { numInsertedOrUpdatedRows } = await this.sql
        .insertInto('budget_accounts')
        .values(row)
        .onConflict(conflict => conflict.column('id').doNothing())
        .executeTakeFirst();
      return numInsertedOrUpdatedRows === 1n;
    }
    const { windows, processes, version } = row;
    const { numUpdatedRows } = await this.sql
      .updateTable('budget_accounts')
      .set({ windows, processes, version })
      .where('id', '=', account.id)
      .where('version', '=', account.version - 1)
      .executeTakeFirstOrThrow();
    return numUpdatedRows === 1n;
  }

  async list(budgetId: string, limit: number, after = ''): Promise<BudgetAccount[]> {
    const rows = await this.sql
      .selectFrom('budget_accounts')
      .selectAll()
      .where('budget_id', '=', budgetId)
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map(toAccount);
  }

  /** Reads all accounts: a process that was killed is asked about once. */
  async sharedBy(process: string, limit: number, after = ''): Promise<string[]> {
    const rows = await this.sql
      .selectFrom('budget_accounts')
      .select('id')
      .where('processes', 'like', `% ${process} %`)
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map(({ id }) => id);
  }

  async deleteOfBudget(budgetId: string): Promise<void> {
    await this.sql.deleteFrom('budget_accounts').where('budget_id', '=', budgetId).execute();
  }

  async deleteOf(projectId: string): Promise<void> {
    await this.sql.deleteFrom('budget_accounts').where('project_id', '=', projectId).execute();
  }
}

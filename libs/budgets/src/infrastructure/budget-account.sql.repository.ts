import type { Kysely } from 'kysely';
import { putRow, type Sql } from '@app/shared';
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

  put(account: BudgetAccount): Promise<boolean> {
    return putRow(this.sql, 'budget_accounts', toRow(account));
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

import type { Kysely } from 'kysely';
import type { Sql } from '@app/shared';
import type { Budget } from '../domain/budget.entity.js';
import { BudgetRepository } from '../domain/budget.repository.js';
import { budgetMigrations, type BudgetTables, toBudget, toRow } from './budget.table.js';

export class BudgetSqlRepository extends BudgetRepository {
  static readonly migrations = budgetMigrations;
  private readonly sql: Kysely<BudgetTables>;

  constructor(sql: Sql) {
    super();
    this.sql = sql;
  }

  async insert(budget: Budget): Promise<void> {
    await this.sql.insertInto('budgets').values(toRow(budget)).execute();
  }

  async findById(projectId: string, id: string): Promise<Budget | null> {
    const row = await this.sql
      .selectFrom('budgets')
      .selectAll()
      .where('project_id', '=', projectId)
      .where('id', '=', id)
      .executeTakeFirst();
    return row ? toBudget(row) : null;
  }

  async list(projectId: string, limit: number, after = ''): Promise<Budget[]> {
    const rows = await this.sql
      .selectFrom('budgets')
      .selectAll()
      .where('project_id', '=', projectId)
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map(toBudget);
  }

  async listAll(limit: number, after = ''): Promise<Budget[]> {
    const rows = await this.sql
      .selectFrom('budgets')
      .selectAll()
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map(toBudget);
  }

  async replace(budget: Budget): Promise<boolean> {
    const { numUpdatedRows } = await this.sql
      .updateTable('budgets')
      .set(toRow(budget))
      .where('id', '=', budget.id)
      .where('version', '=', budget.version - 1)
      .executeTakeFirstOrThrow();
    return numUpdatedRows === 1n;
  }

  async delete({ id, version }: Pick<Budget, 'id' | 'version'>): Promise<boolean> {
    const { numDeletedRows } = await this.sql
      .deleteFrom('budgets')
      .where('id', '=', id)
      .where('version', '=', version)
      .executeTakeFirstOrThrow();
    return numDeletedRows === 1n;
  }

  async deleteOf(projectId: string): Promise<void> {
    await this.sql.deleteFrom('budgets').where('project_id', '=', projectId).execute();
  }
}

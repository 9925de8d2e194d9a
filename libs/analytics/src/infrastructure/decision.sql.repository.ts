import type { Sql } from '@app/shared';
import type { Kysely } from 'kysely';
import { type DecisionFilter, DecisionRepository } from '../domain/decision.repository.js';
import type { UsageDecision } from '../domain/usage-decision.entity.js';
import type { UsageCursor } from '../domain/usage.repository.js';
import { decisionMigrations, type DecisionTables } from './decision.table.js';
import { ReceivedRows } from './received.rows.js';
import { RowInserter } from './row-inserter.js';

export class DecisionSqlRepository extends DecisionRepository {
  static readonly migrations = decisionMigrations;
  private readonly db: Kysely<DecisionTables>;
  private readonly rows: RowInserter<UsageDecision>;
  private readonly received: ReceivedRows;

  constructor(sql: Sql) {
    super();
    this.db = sql;
    this.rows = new RowInserter(sql, 'usage_decisions');
    this.received = new ReceivedRows(sql, 'usage_decisions');
  }

  async insertMany(decisions: readonly UsageDecision[]): Promise<void> {
    await this.rows.insert(decisions);
  }

  async findById(id: string): Promise<UsageDecision | null> {
    const row = await this.db
      .selectFrom('usage_decisions')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    return row ?? null;
  }

  async page(
    { projectId, from, to }: DecisionFilter,
    after: UsageCursor | null,
    limit: number,
  ): Promise<UsageDecision[]> {
    let query = this.db
      .selectFrom('usage_decisions')
      .selectAll()
      .$if(projectId !== undefined, rows => rows.where('projectId', '=', projectId ?? ''))
      .$if(from !== undefined, rows => rows.where('receivedAt', '>=', from ?? 0))
      .$if(to !== undefined, rows => rows.where('receivedAt', '<', to ?? 0));
    if (after) {
      query = query
        .where('receivedAt', '<=', after.receivedAt) // lets the index start here
        .where(({ eb, or }) => or([eb('receivedAt', '<', after.receivedAt), eb('id', '<', after.id)]));
    }
    return query.orderBy('receivedAt', 'desc').orderBy('id', 'desc').limit(limit).execute();
  }

  oldest(projectId?: string): Promise<number | null> {
    return this.received.oldest(projectId);
  }

  nextProject(after: string): Promise<string | null> {
    return this.received.nextProject(after);
  }

  async deleteBefore(before: number, limit: number, projectId?: string): Promise<number> {
    const ids = await this.received.idsBefore(before, limit, projectId);
    if (ids.length > 0) {
      await this.db.deleteFrom('usage_decisions').where('id', 'in', ids).execute();
    }
    return ids.length;
  }
}

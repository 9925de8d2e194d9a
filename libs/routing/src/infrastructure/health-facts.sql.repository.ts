import type { Sql } from '@app/shared';
import type { Kysely } from 'kysely';
import { HealthFactsRepository } from '../domain/health/health-facts.repository.js';
import type { HealthReport, SharedFacts } from '../domain/health/health-report.entity.js';
import { healthFactsMigrations, type HealthFactsTables } from './health-facts.table.js';

export class HealthFactsSqlRepository extends HealthFactsRepository {
  static readonly migrations = healthFactsMigrations;
  private readonly sql: Kysely<HealthFactsTables>;

  constructor(sql: Sql) {
    super();
    this.sql = sql;
  }

  async put({ replica, version, writtenAt, facts }: HealthReport): Promise<void> {
    const told = { version, written_at: writtenAt, facts: JSON.stringify(facts) };
    await this.sql
      .insertInto('health_facts')
      .values({ replica, ...told })
      .onConflict(conflict => conflict.column('replica').doUpdateSet(told))
      .execute();
  }

  async findOthers(replica: string, limit: number): Promise<HealthReport[]> {
    const rows = await this.sql
      .selectFrom('health_facts')
      .selectAll()
      .where('replica', '!=', replica)
      .orderBy('written_at', 'desc')
      .limit(limit)
      .execute();
    return rows.map(row => ({
      replica: row.replica,
      version: row.version,
      writtenAt: row.written_at,
      facts: JSON.parse(row.facts) as SharedFacts,
    }));
  }

  async deleteBefore(writtenAt: number): Promise<void> {
    await this.sql.deleteFrom('health_facts').where('written_at', '<', writtenAt).execute();
  }
}

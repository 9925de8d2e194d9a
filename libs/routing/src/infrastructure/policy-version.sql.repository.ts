import type { Kysely } from 'kysely';
import type { Sql } from '@app/shared';
import type { PolicyRecord } from '../domain/policies/policy-definition.js';
import { PolicyVersionRepository } from '../domain/policies/policy-version.repository.js';
import { policyVersionMigrations, type PolicyVersionTables } from './policy-version.table.js';
import { toRecord, toRow } from './policy.row.js';

export class PolicyVersionSqlRepository extends PolicyVersionRepository {
  static readonly migrations = policyVersionMigrations;
  private readonly sql: Kysely<PolicyVersionTables>;

  constructor(sql: Sql) {
    super();
    this.sql = sql;
  }

  async keep(version: PolicyRecord): Promise<void> {
    await this.sql
      .insertInto('routing_policy_versions')
      .values(toRow(version))
      .onConflict(conflict => conflict.columns(['id', 'version']).doNothing())
      .execute();
  }

  async find(policyId: string, version: number): Promise<PolicyRecord | null> {
    const row = await this.sql
      .selectFrom('routing_policy_versions')
      .selectAll()
      .where('id', '=', policyId)
      .where('version', '=', version)
      .executeTakeFirst();
    return row ? toRecord(row) : null;
  }

  async listBefore(policyId: string, version: number, limit: number): Promise<PolicyRecord[]> {
    const rows = await this.sql
      .selectFrom('routing_policy_versions')
      .selectAll()
      .where('id', '=', policyId)
      .where('version', '<', version)
      .orderBy('version', 'desc')
      .limit(limit)
      .execute();
    return rows.map(toRecord);
  }

  async findLast(projectId: string, name: string): Promise<PolicyRecord | null> {
    const row = await this.sql
      .selectFrom('routing_policy_versions')
      .selectAll()
      .where('project_id', '=', projectId)
      .where('name', '=', name)
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row ? toRecord(row) : null;
  }

  async deleteOf(projectId: string): Promise<void> {
    await this.sql.deleteFrom('routing_policy_versions').where('project_id', '=', projectId).execute();
  }
}

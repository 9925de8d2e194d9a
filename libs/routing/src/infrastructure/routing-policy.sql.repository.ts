import type { Kysely } from 'kysely';
import type { Sql } from '@app/shared';
import type { PolicyRecord } from '../domain/policies/policy-definition.js';
import { RoutingPolicyRepository } from '../domain/policies/routing-policy.repository.js';
import { toRecord, toRow } from './policy.row.js';
import { routingPolicyMigrations, type RoutingPolicyTables } from './routing-policy.table.js';

export class RoutingPolicySqlRepository extends RoutingPolicyRepository {
  static readonly migrations = routingPolicyMigrations;
  private readonly sql: Kysely<RoutingPolicyTables>;

  constructor(sql: Sql) {
    super();
    this.sql = sql;
  }

  async insert(policy: PolicyRecord): Promise<boolean> {
    const { numInsertedOrUpdatedRows } = await this.sql
      .insertInto('routing_policies')
      .values(toRow(policy))
      .onConflict(conflict => conflict.doNothing()) // by name, or by the id of the one that had the name before
      .executeTakeFirstOrThrow();
    return numInsertedOrUpdatedRows === 1n;
  }

  async findById(projectId: string, id: string): Promise<PolicyRecord | null> {
    const row = await this.sql
      .selectFrom('routing_policies')
      .selectAll()
      .where('project_id', '=', projectId)
      .where('id', '=', id)
      .executeTakeFirst();
    return row ? toRecord(row) : null;
  }

  async list(projectId: string, limit: number, after = ''): Promise<PolicyRecord[]> {
    const rows = await this.sql
      .selectFrom('routing_policies')
      .selectAll()
      .where('project_id', '=', projectId)
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map(toRecord);
  }

  async findAll(projectId: string): Promise<PolicyRecord[]> {
    const rows = await this.sql
      .selectFrom('routing_policies')
      .selectAll()
      .where('project_id', '=', projectId)
      .execute();
    return rows.map(toRecord);
  }

  async count(projectId: string): Promise<number> {
    const { count } = await this.sql
      .selectFrom('routing_policies')
      .select(({ fn }) => fn.countAll().as('count'))
      .where('project_id', '=', projectId)
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  async replace(policy: PolicyRecord): Promise<boolean> {
    const { numUpdatedRows } = await this.sql
      .updateTable('routing_policies')
      .set(toRow(policy))
      .where('id', '=', policy.id)
      .where('version', '=', policy.version - 1)
      .executeTakeFirstOrThrow();
    return numUpdatedRows === 1n;
  }

  async delete({ id, version }: Pick<PolicyRecord, 'id' | 'version'>): Promise<boolean> {
    const { numDeletedRows } = await this.sql
      .deleteFrom('routing_policies')
      .where('id', '=', id)
      .where('version', '=', version)
      .executeTakeFirstOrThrow();
    return numDeletedRows === 1n;
  }

  async deleteOf(projectId: string): Promise<void> {
    await this.sql.deleteFrom('routing_policies').where('project_id', '=', projectId).execute();
  }
}

import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { type PolicyRow, withPolicyColumns } from './policy.row.js';

export interface RoutingPolicyTables {
  routing_policies: PolicyRow;
}

export const routingPolicyMigrations: Record<string, Migration> = {
  '2026-11-26-routing-policies': {
    up: async (db: Kysely<unknown>) => {
      await withPolicyColumns(db.schema.createTable('routing_policies'))
        .addPrimaryKeyConstraint('routing_policies_key', ['id'])
        .execute();
      // insert
      await db.schema
        .createIndex('routing_policies_by_name')
        .unique()
        .on('routing_policies')
        .columns(['project_id', 'name'])
        .execute();
      // list, findAll, count, deleteOf
      await db.schema
        .createIndex('routing_policies_by_project')
        .on('routing_policies')
        .columns(['project_id', 'id'])
        .execute();
    },
  },
};

import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { type PolicyRow, withPolicyColumns } from './policy.row.js';

export interface PolicyVersionTables {
  routing_policy_versions: PolicyRow;
}

export const policyVersionMigrations: Record<string, Migration> = {
  '2026-11-26-routing-policy-versions': {
    up: async (db: Kysely<unknown>) => {
      // keep, find, listBefore
      await withPolicyColumns(db.schema.createTable('routing_policy_versions'))
        .addPrimaryKeyConstraint('routing_policy_versions_key', ['id', 'version'])
        .execute();
      // deleteOf
      await db.schema
        .createIndex('routing_policy_versions_by_project')
        .on('routing_policy_versions')
        .column('project_id')
        .execute();
    },
  },
  '2026-11-26-routing-policy-versions-by-name': {
    up: async (db: Kysely<unknown>) => {
      // findLast
      await db.schema
        .createIndex('routing_policy_versions_by_name')
        .on('routing_policy_versions')
        .columns(['project_id', 'name', 'version'])
        .execute();
    },
  },
};

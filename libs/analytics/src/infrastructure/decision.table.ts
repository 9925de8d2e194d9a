import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { UsageDecision } from '../domain/usage-decision.entity.js';

export interface DecisionTables {
  usage_decisions: UsageDecision;
}

export const decisionMigrations: Record<string, Migration> = {
  '2026-11-26-usage-decisions': { up: createDecisions },
  '2026-11-28-usage-decisions-by-project': {
    // `page` and `deleteBefore` of one project, and `nextProject`
    up: (db: Kysely<unknown>) =>
      db.schema
        .createIndex('usage_decisions_by_project')
        .on('usage_decisions')
        .columns(['projectId', 'receivedAt'])
        .execute(),
  },
};

async function createDecisions(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('usage_decisions')
    .addColumn('id', 'varchar(64)', c => c.primaryKey())
    .addColumn('projectId', 'varchar(64)', c => c.notNull())
    .addColumn('decision', 'text', c => c.notNull())
    .addColumn('receivedAt', 'bigint', c => c.notNull())
    .execute();
  /** `page` and `deleteBefore` of all projects. */
  await db.schema.createIndex('usage_decisions_by_time').on('usage_decisions').column('receivedAt').execute();
}

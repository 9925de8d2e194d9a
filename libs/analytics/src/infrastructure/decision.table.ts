import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { UsageDecision } from '../domain/usage-decision.entity.js';

export interface DecisionTables {
  usage_decisions: UsageDecision;
}

export const decisionMigrations: Record<string, Migration> = {
  '2026-11-26-usage-decisions': { up: createDecisions },
};

async function createDecisions(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('usage_decisions')
    .addColumn('id', 'varchar(64)', c => c.primaryKey())
    .addColumn('projectId', 'varchar(64)', c => c.notNull())
    .addColumn('decision', 'text', c => c.notNull())
    .addColumn('receivedAt', 'bigint', c => c.notNull())
    .execute();
  /** `page`. One of a project reads all of its time: it is asked for by hand, and an index more is written by every call. */
  await db.schema.createIndex('usage_decisions_by_time').on('usage_decisions').column('receivedAt').execute();
}

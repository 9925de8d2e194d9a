import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export interface AuditRow {
  /** UUIDv7: its order is the order of time. */
  readonly id: string;
  /** Unix ms. */
  readonly at: number;
  readonly actor_id: string;
  readonly actor_name: string;
  readonly actor_key: string | null;
  readonly address: string | null;
  readonly action: string;
  readonly target_id: string;
  readonly project_id: string | null;
  /** JSON, as the next. */
  readonly before: string | null;
  readonly after: string | null;
  readonly outcome: 'made' | 'unknown';
  readonly request_id: string;
}

export interface AuditTables {
  audit: AuditRow;
}

export const auditMigrations: Record<string, Migration> = {
  '2026-11-25-audit': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('audit')
        .addColumn('id', 'varchar(64)', column => column.primaryKey())
        .addColumn('at', 'bigint', column => column.notNull())
        .addColumn('actor_id', 'varchar(64)', column => column.notNull())
        .addColumn('actor_name', 'varchar(191)', column => column.notNull())
        .addColumn('actor_key', 'varchar(64)')
        .addColumn('address', 'varchar(64)')
        .addColumn('action', 'varchar(64)', column => column.notNull())
        .addColumn('target_id', 'varchar(64)', column => column.notNull())
        .addColumn('project_id', 'varchar(64)')
        .addColumn('before', 'text')
        .addColumn('after', 'text')
        .addColumn('request_id', 'varchar(64)', column => column.notNull())
        .execute();
      // list, by actor and by target
      await db.schema.createIndex('audit_by_actor').on('audit').columns(['actor_id', 'id']).execute();
      await db.schema.createIndex('audit_by_target').on('audit').columns(['target_id', 'id']).execute();
    },
  },
  '2026-11-25-audit-outcome': {
    up: (db: Kysely<unknown>) =>
      db.schema
        .alterTable('audit')
        .addColumn('outcome', 'varchar(16)', column => column.notNull().defaultTo('made'))
        .execute(),
  },
  '2026-11-28-audit-project': {
    up: async (db: Kysely<unknown>) => {
      // list, by project
      await db.schema.createIndex('audit_by_project').on('audit').columns(['project_id', 'id']).execute();
    },
  },
};

import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { StoredAlert } from '../domain/alert.entity.js';

export interface AlertRow {
  readonly id: string;
  /** Empty: of no project. */
  readonly project_id: string;
  readonly version: number;
  /** JSON: all that is not sealed. */
  readonly settings: string;
  readonly envelope: string;
}

export interface AlertTables {
  alerts: AlertRow;
}

export const alertMigrations: Record<string, Migration> = {
  '2026-11-28-alerts': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('alerts')
        .addColumn('id', 'varchar(64)', column => column.primaryKey())
        .addColumn('project_id', 'varchar(64)', column => column.notNull())
        .addColumn('version', 'integer', column => column.notNull())
        .addColumn('settings', 'text', column => column.notNull())
        .addColumn('envelope', 'text', column => column.notNull())
        .execute();
    },
  },
};

type Settings = Omit<StoredAlert, 'id' | 'projectId' | 'version' | 'envelope'>;

export function toRow({ id, projectId, version, envelope, ...settings }: StoredAlert): AlertRow {
  return { id, project_id: projectId ?? '', version, settings: JSON.stringify(settings), envelope };
}

export function toAlert({ id, project_id, version, settings, envelope }: AlertRow): StoredAlert {
  const projectId = project_id === '' ? null : project_id;
  return { id, ...(JSON.parse(settings) as Settings), projectId, version, envelope };
}

import { dropIndex } from '@app/shared';
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export interface ConversationRow {
  readonly id: string;
  readonly project_id: string;
  /** Unix ms, as the next. */
  readonly created_at: number;
  readonly expires_at: number;
  readonly length: number;
  readonly bytes: number;
  readonly envelope: string;
}

export interface ConversationTables {
  conversations: ConversationRow;
}

export const conversationMigrations: Record<string, Migration> = {
  '2026-11-26-conversations': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('conversations')
        .addColumn('id', 'varchar(64)', column => column.primaryKey())
        .addColumn('project_id', 'varchar(64)', column => column.notNull())
        .addColumn('created_at', 'bigint', column => column.notNull())
        .addColumn('expires_at', 'bigint', column => column.notNull())
        .addColumn('length', 'integer', column => column.notNull())
        .addColumn('bytes', 'bigint', column => column.notNull())
        .addColumn('envelope', 'text', column => column.notNull())
        .execute();
      // findExpired
      await db.schema
        .createIndex('conversations_by_expiry')
        .on('conversations')
        .column('expires_at')
        .execute();
      // deleteOf
      await db.schema
        .createIndex('conversations_by_project')
        .on('conversations')
        .column('project_id')
        .execute();
    },
  },
  '2026-11-28-conversations-by-end': {
    up: async (db: Kysely<unknown>) => {
      await dropIndex(db, 'conversations', 'conversations_by_project');
      // shorten, deleteOf
      await db.schema
        .createIndex('conversations_by_end')
        .on('conversations')
        .columns(['project_id', 'expires_at'])
        .execute();
    },
  },
};

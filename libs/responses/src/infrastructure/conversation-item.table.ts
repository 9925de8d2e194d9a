import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export interface ConversationItemRow {
  readonly id: string;
  readonly project_id: string;
  readonly conversation_id: string;
  readonly position: number;
  readonly bytes: number;
  readonly provider: string | null;
  readonly model: string | null;
  readonly envelope: string;
}

export interface ConversationItemTables {
  conversation_items: ConversationItemRow;
}

export const conversationItemMigrations: Record<string, Migration> = {
  '2026-11-26-conversation-items': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('conversation_items')
        .addColumn('id', 'varchar(191)', column => column.notNull())
        .addColumn('project_id', 'varchar(64)', column => column.notNull())
        .addColumn('conversation_id', 'varchar(64)', column => column.notNull())
        .addColumn('position', 'integer', column => column.notNull())
        .addColumn('bytes', 'bigint', column => column.notNull())
        .addColumn('envelope', 'text', column => column.notNull())
        .addPrimaryKeyConstraint('conversation_items_key', ['conversation_id', 'id'])
        .execute();
      // list
      await db.schema
        .createIndex('conversation_items_by_position')
        .unique()
        .on('conversation_items')
        .columns(['conversation_id', 'position'])
        .execute();
      // deleteOf
      await db.schema
        .createIndex('conversation_items_by_project')
        .on('conversation_items')
        .column('project_id')
        .execute();
    },
  },
  '2026-11-26-conversation-items-routes': {
    up: async (db: Kysely<unknown>) => {
      // SQLite takes one column at a time.
      for (const name of ['provider', 'model']) {
        await db.schema.alterTable('conversation_items').addColumn(name, 'text').execute();
      }
    },
  },
};

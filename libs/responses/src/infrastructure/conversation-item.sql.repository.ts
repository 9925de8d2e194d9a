import { isEnvelope, type SealedRecord, type Sql } from '@app/shared';
import type { Kysely } from 'kysely';
import { itemKey, type StoredItem } from '../domain/conversation.entity.js';
import { ConversationItemRepository, type ItemPage } from '../domain/conversation-item.repository.js';
import type { AnsweredBy } from '../domain/kept-response.entity.js';
import {
  conversationItemMigrations,
  type ConversationItemRow,
  type ConversationItemTables,
} from './conversation-item.table.js';

/** Of one statement: servers limit its parameters, and MySQL its bytes to 16 MB, which the largest envelope alone may need. */
const STATEMENT = { rows: 200, bytes: 4_000_000 };

export class ConversationItemSqlRepository extends ConversationItemRepository {
  static readonly migrations = conversationItemMigrations;
  private readonly sql: Kysely<ConversationItemTables>;

  constructor(sql: Sql) {
    super();
    this.sql = sql;
  }

  async insertMany(items: readonly StoredItem[]): Promise<void> {
    const rows = items.map(({ projectId, conversationId, ...item }) => ({
      ...item,
      project_id: projectId,
      conversation_id: conversationId,
    }));
    await this.sql.transaction().execute(async transaction => {
      for (const some of statementsOf(rows)) {
        await transaction.insertInto('conversation_items').values(some).execute();
      }
    });
  }

  async find(conversationId: string, id: string): Promise<StoredItem | null> {
    const row = await this.sql
      .selectFrom('conversation_items')
      .selectAll()
      .where('conversation_id', '=', conversationId)
      .where('id', '=', id)
      .executeTakeFirst();
    return row ? toStored(row) : null;
  }

  async list(conversationId: string, { order, limit, after }: ItemPage): Promise<StoredItem[]> {
    const rows = await this.sql
      .selectFrom('conversation_items')
      .selectAll()
      .where('conversation_id', '=', conversationId)
      .$if(after !== undefined, query => query.where('position', order === 'asc' ? '>' : '<', after ?? 0))
      .orderBy('position', order)
      .limit(limit)
      .execute();
    return rows.map(toStored);
  }

  async findRoutes(conversationId: string): Promise<AnsweredBy[]> {
    return this.sql
      .selectFrom('conversation_items')
      .select(['provider', 'model'])
      .distinct()
      .where('conversation_id', '=', conversationId)
      .where('provider', 'is not', null)
      .where('model', 'is not', null)
      .$narrowType<{ provider: string; model: string }>()
      .execute();
  }

  async delete(conversationId: string, id: string): Promise<boolean> {
    const { numDeletedRows } = await this.sql
      .deleteFrom('conversation_items')
      .where('conversation_id', '=', conversationId)
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    return numDeletedRows === 1n;
  }

  async deleteAll(conversationId: string): Promise<void> {
    await this.sql.deleteFrom('conversation_items').where('conversation_id', '=', conversationId).execute();
  }

  async listSealed(limit: number, after = ''): Promise<SealedRecord[]> {
    const rows = await this.sql
      .selectFrom('conversation_items')
      .select(['conversation_id', 'id', 'project_id as projectId', 'envelope'])
      .where(({ eb, refTuple, tuple }) =>
        eb(refTuple('conversation_id', 'id'), '>', tuple(...partsOf(after))),
      )
      .orderBy('conversation_id')
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map(({ conversation_id, id, ...row }) => ({ id: itemKey(conversation_id, id), ...row }));
  }

  async replaceEnvelope(key: string, from: string, to: string): Promise<boolean> {
    const [conversationId, id] = partsOf(key);
    const { numUpdatedRows } = await this.sql
      .updateTable('conversation_items')
      .set({ envelope: to })
      .where('conversation_id', '=', conversationId)
      .where('id', '=', id)
      .where(isEnvelope(from))
      .executeTakeFirstOrThrow();
    return numUpdatedRows === 1n;
  }

  async deleteOf(projectId: string): Promise<void> {
    await this.sql.deleteFrom('conversation_items').where('project_id', '=', projectId).execute();
  }
}

function statementsOf(rows: readonly ConversationItemRow[]): ConversationItemRow[][] {
  const statements: ConversationItemRow[][] = [];
  let bytes = 0;
  for (const row of rows) {
    const last = statements.at(-1);
    bytes += row.envelope.length; // of letters that take one byte each
    if (last && last.length < STATEMENT.rows && bytes <= STATEMENT.bytes) {
      last.push(row);
    } else {
      statements.push([row]);
      bytes = row.envelope.length;
    }
  }
  return statements;
}

function toStored({ project_id, conversation_id, ...row }: ConversationItemRow): StoredItem {
  return { ...row, projectId: project_id, conversationId: conversation_id };
}

/** Of an `itemKey`. */
function partsOf(key: string): [conversationId: string, id: string] {
  const [conversationId = '', ...rest] = key.split('/');
  return [conversationId, rest.join('/')];
}

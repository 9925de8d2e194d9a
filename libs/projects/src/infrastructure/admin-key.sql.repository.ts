import type { Kysely } from 'kysely';
import type { Sql } from '@app/shared';
import type { AdminKey } from '../domain/admin-key.entity.js';
import { AdminKeyRepository } from '../domain/admin-key.repository.js';
import { adminKeyMigrations, type AdminKeyTables } from './admin-key.table.js';

export class AdminKeySqlRepository extends AdminKeyRepository {
  static readonly migrations = adminKeyMigrations;
  private readonly sql: Kysely<AdminKeyTables>;

  constructor(sql: Sql) {
    super();
    this.sql = sql;
  }

  async insert({ createdAt, ...key }: AdminKey, hash: string): Promise<void> {
    await this.sql
      .insertInto('admin_keys')
      .values({ ...key, hash, created_at: Date.parse(createdAt) })
      .execute();
  }

  async hasAny(): Promise<boolean> {
    return (await this.sql.selectFrom('admin_keys').select('id').limit(1).executeTakeFirst()) !== undefined;
  }

  async findByHash(hash: string): Promise<AdminKey | null> {
    const row = await this.sql
      .selectFrom('admin_keys')
      .select(['id', 'name', 'masked', 'created_at'])
      .where('hash', '=', hash)
      .executeTakeFirst();
    return row
      ? { id: row.id, name: row.name, masked: row.masked, createdAt: new Date(row.created_at).toISOString() }
      : null;
  }

  async rehash(from: string, to: string): Promise<void> {
    await this.sql.updateTable('admin_keys').set({ hash: to }).where('hash', '=', from).execute();
  }
}

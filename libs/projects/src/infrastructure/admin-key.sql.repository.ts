import type { Kysely } from 'kysely';
import type { KeyedHash, Sql } from '@app/shared';
import type { AdminUser } from '../domain/admin-user.entity.js';
import { type AdminUserChange, AdminKeyRepository } from '../domain/admin-key.repository.js';
import { adminKeyMigrations, type AdminKeyRow, type AdminKeyTables } from './admin-key.table.js';
import { optional } from './columns.js';
import { toIso, toMs } from './iso-time.js';

export class AdminKeySqlRepository extends AdminKeyRepository {
  static readonly migrations = adminKeyMigrations;
  private readonly sql: Kysely<AdminKeyTables>;

  constructor(sql: Sql) {
    super();
    this.sql = sql;
  }

  async insert({ createdAt, revokedAt, ...user }: AdminUser, hash: KeyedHash): Promise<void> {
    await this.sql
      .insertInto('admin_keys')
      .values({
        ...user,
        hash: hash.hash,
        hash_made_with: hash.madeWith,
        created_at: Date.parse(createdAt),
        revoked_at: toMs(revokedAt),
      })
      .execute();
  }

  async hasAny(): Promise<boolean> {
    return (await this.sql.selectFrom('admin_keys').select('id').limit(1).executeTakeFirst()) !== undefined;
  }

  async findById(id: string): Promise<AdminUser | null> {
    const row = await this.sql.selectFrom('admin_keys').selectAll().where('id', '=', id).executeTakeFirst();
    return row ? toUser(row) : null;
  }

  async findByHash(hash: string): Promise<AdminUser | null> {
    const row = await this.sql
      .selectFrom('admin_keys')
      .selectAll()
      .where('hash', '=', hash)
      .executeTakeFirst();
    return row ? toUser(row) : null;
  }

  async list(limit: number, after = ''): Promise<AdminUser[]> {
    const rows = await this.sql
      .selectFrom('admin_keys')
      .selectAll()
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map(toUser);
  }

  async update(id: string, version: number, change: AdminUserChange): Promise<boolean> {
    const { name, role, masked, hash, revokedAt } = change;
    const staysOwner = (role === undefined || role === 'owner') && (revokedAt ?? null) === null;
    const { numUpdatedRows } = await this.sql
      .updateTable('admin_keys')
      .set({
        name,
        role,
        masked,
        hash: hash?.hash,
        hash_made_with: hash?.madeWith,
        revoked_at: optional(revokedAt, toMs),
        version: version + 1,
      })
      .where('id', '=', id)
      .where('version', '=', version)
      .$if(!staysOwner, query =>
        query.where(({ eb, or, exists, selectFrom }) =>
          or([
            eb('role', '!=', 'owner'),
            eb('revoked_at', 'is not', null),
            exists(
              selectFrom('admin_keys as other')
                .select('other.id')
                .where('other.id', '!=', id)
                .where('other.role', '=', 'owner')
                .where('other.revoked_at', 'is', null),
            ),
          ]),
        ),
      )
      .executeTakeFirstOrThrow();
    return numUpdatedRows === 1n;
  }

  async rehash(from: string, { hash, madeWith }: KeyedHash): Promise<void> {
    await this.sql
      .updateTable('admin_keys')
      .set({ hash, hash_made_with: madeWith })
      .where('hash', '=', from)
      .execute();
  }

  async countOfOthers(madeWith: string): Promise<number> {
    const { count } = await this.sql
      .selectFrom('admin_keys')
      .select(({ fn }) => fn.countAll().as('count'))
      .where('revoked_at', 'is', null)
      .where(({ eb, or }) => or([eb('hash_made_with', 'is', null), eb('hash_made_with', '!=', madeWith)]))
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  async claimHashes(madeWith: string): Promise<void> {
    await this.sql
      .updateTable('admin_keys')
      .set({ hash_made_with: madeWith })
      .where('hash_made_with', 'is', null)
      .execute();
  }
}

function toUser(row: AdminKeyRow): AdminUser {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    masked: row.masked,
    createdAt: new Date(row.created_at).toISOString(),
    revokedAt: toIso(row.revoked_at),
    version: row.version,
  };
}

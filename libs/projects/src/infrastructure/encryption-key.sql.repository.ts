import type { Kysely } from 'kysely';
import type { Sql } from '@app/shared';
import { EncryptionKeyRepository, type KnownEncryptionKey } from '../domain/encryption-key.repository.js';
import { encryptionKeyMigrations, type EncryptionKeyTables } from './encryption-key.table.js';

export class EncryptionKeySqlRepository extends EncryptionKeyRepository {
  static readonly migrations = encryptionKeyMigrations;
  private readonly sql: Kysely<EncryptionKeyTables>;

  constructor(sql: Sql) {
    super();
    this.sql = sql;
  }

  async list(): Promise<KnownEncryptionKey[]> {
    return this.sql.selectFrom('encryption_keys').select(['fingerprint', 'id']).execute();
  }

  async note(fingerprint: string, id: string): Promise<void> {
    await this.sql
      .insertInto('encryption_keys')
      .values({ fingerprint, id })
      .onConflict(conflict => conflict.column('fingerprint').doUpdateSet({ id }))
      .execute();
  }
}

import type { Kysely } from 'kysely';
import type { Sql } from '@app/shared';
import { EncryptionKeyRepository } from '../domain/encryption-key.repository.js';
import { encryptionKeyMigrations, type EncryptionKeyTables } from './encryption-key.table.js';

export class EncryptionKeySqlRepository extends EncryptionKeyRepository {
  static readonly migrations = encryptionKeyMigrations;
  private readonly sql: Kysely<EncryptionKeyTables>;

  constructor(sql: Sql) {
    super();
    this.sql = sql;
  }

  async fingerprints(): Promise<string[]> {
    const rows = await this.sql.selectFrom('encryption_keys').select('fingerprint').execute();
    return rows.map(({ fingerprint }) => fingerprint);
  }

  async add(fingerprint: string): Promise<void> {
    await this.sql
      .insertInto('encryption_keys')
      .values({ fingerprint })
      .onConflict(conflict => conflict.column('fingerprint').doNothing())
      .execute();
  }
}

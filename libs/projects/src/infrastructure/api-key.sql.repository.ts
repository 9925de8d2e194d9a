import type { Kysely } from 'kysely';
import type { Sql } from '@app/shared';
import type { StoredApiKey } from '../domain/api-key.entity.js';
import { ApiKeyRepository } from '../domain/api-key.repository.js';
import { apiKeyMigrations, type ApiKeyRow, type ApiKeyTables } from './api-key.table.js';

export class ApiKeySqlRepository extends ApiKeyRepository {
  static readonly migrations = apiKeyMigrations;
  private readonly sql: Kysely<ApiKeyTables>;

  constructor(sql: Sql) {
    super();
    this.sql = sql;
  }

  async insert(key: StoredApiKey, hash: string): Promise<void> {
    const { id, projectId, name, masked, createdAt, expiresAt, revokedAt } = key;
    const row: ApiKeyRow = {
      id,
      project_id: projectId,
      name,
      hash,
      masked,
      created_at: Date.parse(createdAt),
      expires_at: toMs(expiresAt),
      revoked_at: toMs(revokedAt),
    };
    await this.sql.insertInto('api_keys').values(row).execute();
  }

  async findById(projectId: string, id: string): Promise<StoredApiKey | null> {
    const row = await this.sql
      .selectFrom('api_keys')
      .selectAll()
      .where('project_id', '=', projectId)
      .where('id', '=', id)
      .executeTakeFirst();
    return row ? toApiKey(row) : null;
  }

  async findByHash(hash: string): Promise<StoredApiKey | null> {
    const row = await this.sql.selectFrom('api_keys').selectAll().where('hash', '=', hash).executeTakeFirst();
    return row ? toApiKey(row) : null;
  }

  async list(projectId: string, limit: number, after = ''): Promise<StoredApiKey[]> {
    const rows = await this.sql
      .selectFrom('api_keys')
      .selectAll()
      .where('project_id', '=', projectId)
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map(toApiKey);
  }

  async revoke(projectId: string, id: string, revokedAt: string): Promise<void> {
    await this.sql
      .updateTable('api_keys')
      .set({ revoked_at: Date.parse(revokedAt) })
      .where('project_id', '=', projectId)
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .execute();
  }

  async rehash(from: string, to: string): Promise<void> {
    await this.sql.updateTable('api_keys').set({ hash: to }).where('hash', '=', from).execute();
  }
}

function toApiKey({
  id,
  project_id,
  name,
  masked,
  created_at,
  expires_at,
  revoked_at,
}: ApiKeyRow): StoredApiKey {
  return {
    id,
    projectId: project_id,
    name,
    masked,
    createdAt: new Date(created_at).toISOString(),
    expiresAt: toIso(expires_at),
    revokedAt: toIso(revoked_at),
  };
}

function toMs(iso: string | null): number | null {
  return iso === null ? null : Date.parse(iso);
}

function toIso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

import type { Kysely } from 'kysely';
import type { KeyedHash, Sql } from '@app/shared';
import type { StoredApiKey } from '../domain/api-key.entity.js';
import { type ApiKeyChange, ApiKeyRepository } from '../domain/api-key.repository.js';
import { apiKeyMigrations, type ApiKeyRow, type ApiKeyTables } from './api-key.table.js';
import { fromJson, optional, toJson } from './columns.js';
import { toIso, toMs } from './iso-time.js';

export class ApiKeySqlRepository extends ApiKeyRepository {
  static readonly migrations = apiKeyMigrations;
  private readonly sql: Kysely<ApiKeyTables>;

  constructor(sql: Sql) {
    super();
    this.sql = sql;
  }

  async insert(key: StoredApiKey, hash: KeyedHash): Promise<void> {
    await this.sql.insertInto('api_keys').values(toRow(key, hash)).execute();
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

  async update(id: string, version: number, change: ApiKeyChange): Promise<boolean> {
    const { numUpdatedRows } = await this.sql
      .updateTable('api_keys')
      .set({ ...toColumns(change), version: version + 1 })
      .where('id', '=', id)
      .where('version', '=', version)
      .executeTakeFirstOrThrow();
    return numUpdatedRows === 1n;
  }

  async replace(
    old: StoredApiKey,
    endsAt: string,
    successor: StoredApiKey,
    hash: KeyedHash,
  ): Promise<boolean> {
    return this.sql.transaction().execute(async transaction => {
      const { numUpdatedRows } = await transaction
        .updateTable('api_keys')
        .set({ expires_at: toMs(endsAt), replaced_by: successor.id, version: old.version + 1 })
        .where('id', '=', old.id)
        .where('version', '=', old.version)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows === 0n) {
        return false;
      }
      await transaction.insertInto('api_keys').values(toRow(successor, hash)).execute();
      return true;
    });
  }

  async touch(id: string, usedAt: number): Promise<void> {
    await this.sql
      .updateTable('api_keys')
      .set({ last_used_at: usedAt })
      .where('id', '=', id)
      .where(({ eb, or }) => or([eb('last_used_at', 'is', null), eb('last_used_at', '<', usedAt)]))
      .execute();
  }

  async rehash(from: string, { hash, madeWith }: KeyedHash): Promise<void> {
    await this.sql
      .updateTable('api_keys')
      .set({ hash, hash_made_with: madeWith })
      .where('hash', '=', from)
      .execute();
  }

  async countOfOthers(madeWith: string, now: number): Promise<number> {
    const { count } = await this.sql
      .selectFrom('api_keys')
      .select(({ fn }) => fn.countAll().as('count'))
      .where('revoked_at', 'is', null)
      .where(({ eb, or }) => or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]))
      .where(({ eb, or }) => or([eb('hash_made_with', 'is', null), eb('hash_made_with', '!=', madeWith)]))
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  async claimHashes(madeWith: string): Promise<void> {
    await this.sql
      .updateTable('api_keys')
      .set({ hash_made_with: madeWith })
      .where('hash_made_with', 'is', null)
      .execute();
  }

  async deleteOf(projectId: string): Promise<void> {
    await this.sql.deleteFrom('api_keys').where('project_id', '=', projectId).execute();
  }
}

type ChangeColumns = Pick<
  ApiKeyRow,
  | 'name'
  | 'expires_at'
  | 'revoked_at'
  | 'allowed_endpoints'
  | 'allowed_models'
  | 'allowed_vendors'
  | 'allowed_addresses'
  | 'requests_per_minute'
  | 'concurrent_calls'
  | 'tokens_per_minute'
  | 'file_limit_bytes'
>;

function toColumns(key: Required<ApiKeyChange>): ChangeColumns;
function toColumns(change: ApiKeyChange): Partial<ChangeColumns>;
function toColumns(change: ApiKeyChange): Partial<ChangeColumns> {
  return {
    name: change.name,
    expires_at: optional(change.expiresAt, toMs),
    revoked_at: optional(change.revokedAt, toMs),
    allowed_endpoints: optional(change.allowedEndpoints, toJson),
    allowed_models: optional(change.allowedModels, toJson),
    allowed_vendors: optional(change.allowedVendors, toJson),
    allowed_addresses: optional(change.allowedAddresses, toJson),
    requests_per_minute: change.requestsPerMinute,
    concurrent_calls: change.concurrentCalls,
    tokens_per_minute: change.tokensPerMinute,
    file_limit_bytes: change.fileLimitBytes,
  };
}

function toRow(key: StoredApiKey, hash: KeyedHash): ApiKeyRow {
  const { id, projectId, masked, createdAt, replacedBy, lastUsedAt, version } = key;
  return {
    id,
    project_id: projectId,
    hash: hash.hash,
    hash_made_with: hash.madeWith,
    masked,
    created_at: Date.parse(createdAt),
    replaced_by: replacedBy,
    last_used_at: toMs(lastUsedAt),
    version,
    ...toColumns(key),
  };
}

function toApiKey(row: ApiKeyRow): StoredApiKey {
  return {
    id: row.id,
    projectId: row.project_id,
    name: row.name,
    masked: row.masked,
    allowedEndpoints: fromJson(row.allowed_endpoints),
    allowedModels: fromJson(row.allowed_models),
    allowedVendors: fromJson(row.allowed_vendors),
    allowedAddresses: fromJson(row.allowed_addresses),
    requestsPerMinute: row.requests_per_minute,
    concurrentCalls: row.concurrent_calls,
    tokensPerMinute: row.tokens_per_minute,
    fileLimitBytes: row.file_limit_bytes,
    createdAt: new Date(row.created_at).toISOString(),
    expiresAt: toIso(row.expires_at),
    revokedAt: toIso(row.revoked_at),
    replacedBy: row.replaced_by,
    lastUsedAt: toIso(row.last_used_at),
    version: row.version,
  };
}

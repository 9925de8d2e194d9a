import type { Kysely } from 'kysely';
import type { Sql } from '@app/shared';
import type { ProviderKey, SealedSecret, StoredProviderKey } from '../domain/provider-key.entity.js';
import { ProviderKeyRepository } from '../domain/provider-key.repository.js';
import { providerKeyMigrations, type ProviderKeyRow, type ProviderKeyTables } from './provider-key.table.js';

export class ProviderKeySqlRepository extends ProviderKeyRepository {
  static readonly migrations = providerKeyMigrations;
  private readonly sql: Kysely<ProviderKeyTables>;

  constructor(sql: Sql) {
    super();
    this.sql = sql;
  }

  async insert({ projectId, createdAt, ...key }: StoredProviderKey): Promise<void> {
    const row: ProviderKeyRow = { ...key, project_id: projectId, created_at: Date.parse(createdAt) };
    await this.sql.insertInto('provider_keys').values(row).execute();
  }

  async list(projectId: string, limit: number, after = ''): Promise<ProviderKey[]> {
    const rows = await this.sql
      .selectFrom('provider_keys')
      .select(['id', 'project_id', 'provider', 'name', 'masked', 'created_at'])
      .where('project_id', '=', projectId)
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map(toProviderKey);
  }

  async findSealed(projectId: string): Promise<StoredProviderKey[]> {
    const rows = await this.sql
      .selectFrom('provider_keys')
      .selectAll()
      .where('project_id', '=', projectId)
      .orderBy('id', 'desc')
      .execute();
    return rows.map(row => ({ ...toProviderKey(row), envelope: row.envelope }));
  }

  async listSealed(limit: number, after = ''): Promise<SealedSecret[]> {
    return this.sql
      .selectFrom('provider_keys')
      .select(['id', 'envelope'])
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit)
      .execute();
  }

  async replaceEnvelope(id: string, from: string, to: string): Promise<boolean> {
    const { numUpdatedRows } = await this.sql
      .updateTable('provider_keys')
      .set({ envelope: to })
      .where('id', '=', id)
      .where('envelope', '=', from)
      .executeTakeFirstOrThrow();
    return numUpdatedRows === 1n;
  }

  async delete(projectId: string, id: string): Promise<boolean> {
    const { numDeletedRows } = await this.sql
      .deleteFrom('provider_keys')
      .where('project_id', '=', projectId)
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    return numDeletedRows === 1n;
  }
}

function toProviderKey(row: Omit<ProviderKeyRow, 'envelope'>): ProviderKey {
  const { id, project_id, provider, name, masked, created_at } = row;
  return { id, projectId: project_id, provider, name, masked, createdAt: new Date(created_at).toISOString() };
}

import type { Kysely } from 'kysely';
import { type SealedRecord, SealedRows, type Sql } from '@app/shared';
import type { ProviderKey, StoredProviderKey } from '../domain/provider-key.entity.js';
import { type ProviderKeyChange, ProviderKeyRepository } from '../domain/provider-key.repository.js';
import { optional } from './columns.js';
import { providerKeyMigrations, type ProviderKeyRow, type ProviderKeyTables } from './provider-key.table.js';

export class ProviderKeySqlRepository extends ProviderKeyRepository {
  static readonly migrations = providerKeyMigrations;
  private readonly sql: Kysely<ProviderKeyTables>;
  private readonly sealed: SealedRows;

  constructor(sql: Sql) {
    super();
    this.sql = sql;
    this.sealed = new SealedRows(sql, 'provider_keys');
  }

  async insert({ projectId, createdAt, isDefault, ...key }: StoredProviderKey): Promise<void> {
    const row: ProviderKeyRow = {
      ...key,
      project_id: projectId,
      is_default: 0,
      created_at: Date.parse(createdAt),
    };
    await this.sql.transaction().execute(async transaction => {
      await transaction.insertInto('provider_keys').values(row).execute();
      if (isDefault) {
        await makeDefault(transaction, { ...key, projectId });
      }
    });
  }

  async findById(projectId: string, id: string): Promise<StoredProviderKey | null> {
    const row = await this.sql
      .selectFrom('provider_keys')
      .selectAll()
      .where('project_id', '=', projectId)
      .where('id', '=', id)
      .executeTakeFirst();
    return row ? toStored(row) : null;
  }

  async list(projectId: string, limit: number, after = ''): Promise<ProviderKey[]> {
    const rows = await this.sql
      .selectFrom('provider_keys')
      .select(SHOWN)
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
    return rows.map(toStored);
  }

  async update(key: ProviderKey, { name, status, isDefault, weight }: ProviderKeyChange): Promise<boolean> {
    return this.sql.transaction().execute(async transaction => {
      const { numUpdatedRows } = await transaction
        .updateTable('provider_keys')
        .set({ name, status, weight, is_default: optional(isDefault, Number), version: key.version + 1 })
        .where('id', '=', key.id)
        .where('version', '=', key.version)
        .executeTakeFirstOrThrow();
      const found = numUpdatedRows === 1n;
      if (found && isDefault) {
        await makeDefault(transaction, key);
      }
      return found;
    });
  }

  listSealed(limit: number, after?: string): Promise<SealedRecord[]> {
    return this.sealed.list(limit, after);
  }

  replaceEnvelope(id: string, from: string, to: string): Promise<boolean> {
    return this.sealed.replace(id, from, to);
  }

  async delete({ id, version }: ProviderKey): Promise<boolean> {
    const { numDeletedRows } = await this.sql
      .deleteFrom('provider_keys')
      .where('id', '=', id)
      .where('version', '=', version)
      .executeTakeFirstOrThrow();
    return numDeletedRows === 1n;
  }

  async deleteOf(projectId: string): Promise<void> {
    await this.sql.deleteFrom('provider_keys').where('project_id', '=', projectId).execute();
  }
}

const SHOWN = [
  'id',
  'project_id',
  'provider',
  'name',
  'masked',
  'is_default',
  'status',
  'created_at',
  'version',
  'weight',
] as const;

/** One statement, so that a vendor never has two defaults. */
async function makeDefault(
  sql: Kysely<ProviderKeyTables>,
  { id, projectId, provider }: Pick<ProviderKey, 'id' | 'projectId' | 'provider'>,
): Promise<void> {
  await sql
    .updateTable('provider_keys')
    .set(({ eb }) => {
      const losesIt = eb.and([eb('is_default', '=', 1), eb('id', '!=', id)]);
      return {
        // First: MySQL reads the columns that it has set already.
        version: eb('version', '+', eb.case().when(losesIt).then(1).else(0).end()),
        is_default: eb.case().when('id', '=', id).then(1).else(0).end(),
      };
    })
    .where('project_id', '=', projectId)
    .where('provider', '=', provider)
    .execute();
}

function toProviderKey(row: Omit<ProviderKeyRow, 'envelope'>): ProviderKey {
  return {
    id: row.id,
    projectId: row.project_id,
    provider: row.provider,
    name: row.name,
    masked: row.masked,
    isDefault: row.is_default === 1,
    weight: row.weight,
    status: row.status,
    createdAt: new Date(row.created_at).toISOString(),
    version: row.version,
  };
}

function toStored(row: ProviderKeyRow): StoredProviderKey {
  return { ...toProviderKey(row), envelope: row.envelope };
}

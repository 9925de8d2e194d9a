import type { Kysely } from 'kysely';
import type { PriceEntries } from '@app/providers';
import type { Sql } from '@app/shared';
import { PriceListRepository } from '../domain/price-list.repository.js';
import type { PriceListSummary, PriceSource, StoredPriceList } from '../domain/stored-price-list.entity.js';
import { priceListMigrations, type PriceListRow, type PriceListTables } from './price-list.table.js';

export class PriceListSqlRepository extends PriceListRepository {
  static readonly migrations = priceListMigrations;
  private readonly sql: Kysely<PriceListTables>;

  constructor(sql: Sql) {
    super();
    this.sql = sql;
  }

  async insert(list: StoredPriceList): Promise<boolean> {
    const { numInsertedOrUpdatedRows } = await this.sql
      .insertInto('price_lists')
      .values(toRow(list))
      .onConflict(conflict => conflict.column('version').doNothing())
      .executeTakeFirst();
    return numInsertedOrUpdatedRows === 1n;
  }

  async find(version: number): Promise<StoredPriceList | null> {
    const row = await this.sql
      .selectFrom('price_lists')
      .selectAll()
      .where('version', '=', version)
      .executeTakeFirst();
    return row ? toList(row) : null;
  }

  async findByDigest(digest: string): Promise<StoredPriceList | null> {
    const row = await this.sql
      .selectFrom('price_lists')
      .selectAll()
      .where('digest', '=', digest)
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row ? toList(row) : null;
  }

  async lastVersion(source?: PriceSource): Promise<number> {
    const row = await this.sql
      .selectFrom('price_lists')
      .select('version')
      .$if(source !== undefined, lists => lists.where('source', '=', source ?? 'api'))
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row?.version ?? 0;
  }

  async listBefore(version: number, limit: number): Promise<PriceListSummary[]> {
    const rows = await this.sql
      .selectFrom('price_lists')
      .select(['version', 'source', 'digest', 'models', 'created_at', 'author_id', 'author_name'])
      .where('version', '<', version)
      .orderBy('version', 'desc')
      .limit(limit)
      .execute();
    return rows.map(toSummary);
  }
}

function toRow({ prices, createdAt, authorId, authorName, ...list }: StoredPriceList): PriceListRow {
  return {
    ...list,
    prices: JSON.stringify(prices),
    created_at: createdAt,
    author_id: authorId,
    author_name: authorName,
  };
}

function toList({ prices, ...row }: PriceListRow): StoredPriceList {
  return { ...toSummary(row), prices: JSON.parse(prices) as PriceEntries };
}

function toSummary({
  created_at,
  author_id,
  author_name,
  ...row
}: Omit<PriceListRow, 'prices'>): PriceListSummary {
  return { ...row, createdAt: created_at, authorId: author_id, authorName: author_name };
}

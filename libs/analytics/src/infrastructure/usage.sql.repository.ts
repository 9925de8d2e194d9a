import type { Sql } from '@app/shared';
import type { ExpressionBuilder, Kysely, SelectQueryBuilder } from 'kysely';
import { NOTHING_KNOWN } from '../domain/billed-facts.js';
import type { UsageRecord } from '../domain/usage-record.entity.js';
import { type UsageCursor, type UsageFilter, UsageRepository } from '../domain/usage.repository.js';
import { labelHours, usageHours } from '../domain/rollups/usage-hour.js';
import type { BatchId } from '../domain/usage-spool.js';
import { ReceivedRows } from './received.rows.js';
import { retried, RowsThereError } from './retried.js';
import { RowInserter } from './row-inserter.js';
import { UsageHourRows } from './usage-hour.rows.js';
import { usageMigrations, type UsageRow, type UsageTables, type UsageTagRow } from './usage.table.js';

export class UsageSqlRepository extends UsageRepository {
  static readonly migrations = usageMigrations;
  private readonly db: Kysely<UsageTables>;
  private readonly rows: RowInserter<UsageRow>;
  private readonly tags: RowInserter<UsageTagRow>;
  private readonly hours: UsageHourRows;
  private readonly received: ReceivedRows;

  constructor(sql: Sql) {
    super();
    this.db = sql;
    this.rows = new RowInserter(sql, 'usage');
    this.tags = new RowInserter(sql, 'usage_tags', { key: ['usageId', 'tag'] });
    this.hours = new UsageHourRows(sql);
    this.received = new ReceivedRows(sql, 'usage');
  }

  async insertMany(records: readonly UsageRecord[], batch: BatchId): Promise<void> {
    if (records.length > 0) {
      await retried(isFirst =>
        this.db.transaction().execute(async transaction => {
          if (await this.hours.advance(transaction, batch)) {
            await this.insert(transaction, isFirst ? records : await unknown(transaction, records));
          }
        }),
      );
    }
  }

  /** Only what is really added may count. Nearly always that is all: nobody asks before, and who was wrong does it again. */
  private async insert(transaction: Sql, records: readonly UsageRecord[]): Promise<void> {
    const inserted = await this.rows.insertIn(transaction, records.map(toRow));
    if (inserted < records.length) {
      throw new RowsThereError();
    }
    await this.tags.insertIn(transaction, records.flatMap(tagsOf));
    await this.hours.add(transaction, usageHours(records), labelHours(records));
  }

  async page(filter: UsageFilter, after: UsageCursor | null, limit: number): Promise<UsageRecord[]> {
    let query = filtered(this.db.selectFrom('usage').selectAll(), after ? endingAt(filter, after) : filter);
    if (after) {
      query = query.where(({ eb, or }) =>
        or([eb('receivedAt', '<', after.receivedAt), eb('id', '<', after.id)]),
      );
    }
    const rows = await query.orderBy('receivedAt', 'desc').orderBy('id', 'desc').limit(limit).execute();
    return rows.map(toRecord);
  }

  async known(ids: readonly string[]): Promise<string[]> {
    const rows = await this.db.selectFrom('usage').select('id').where('id', 'in', ids).execute();
    return rows.map(({ id }) => id);
  }

  async findById(id: string): Promise<UsageRecord | null> {
    const row = await this.db.selectFrom('usage').selectAll().where('id', '=', id).executeTakeFirst();
    return row ? toRecord(row) : null;
  }

  async findByUpstreamId(upstreamId: string, projectId?: string): Promise<UsageRecord | null> {
    const row = await this.db
      .selectFrom('usage')
      .selectAll()
      .where('upstreamId', '=', upstreamId)
      .$if(projectId !== undefined, rows => rows.where('projectId', '=', projectId ?? ''))
      .orderBy('receivedAt', 'desc')
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row ? toRecord(row) : null;
  }

  oldest(projectId?: string): Promise<number | null> {
    return this.received.oldest(projectId);
  }

  nextProject(after: string): Promise<string | null> {
    return this.received.nextProject(after);
  }

  idsBefore(before: number, limit: number, projectId?: string): Promise<string[]> {
    return this.received.idsBefore(before, limit, projectId);
  }

  async delete(ids: readonly string[]): Promise<void> {
    if (ids.length > 0) {
      await this.db.deleteFrom('usage_tags').where('usageId', 'in', ids).execute();
      await this.db.deleteFrom('usage').where('id', 'in', ids).execute();
    }
  }
}

/** Each once, of those that are not there. */
async function unknown(transaction: Sql, records: readonly UsageRecord[]): Promise<UsageRecord[]> {
  const wanted = new Map(records.toReversed().map(record => [record.id, record]));
  const rows = await transaction
    .selectFrom('usage')
    .select('id')
    .where('id', 'in', [...wanted.keys()])
    .execute();
  rows.forEach(({ id }) => wanted.delete(id));
  return [...wanted.values()].toReversed();
}

/** One upper bound, where the index starts: of two SQLite takes the first, and would pass all earlier pages again. */
function endingAt(filter: UsageFilter, { receivedAt }: UsageCursor): UsageFilter {
  return { ...filter, to: Math.min(filter.to ?? Infinity, receivedAt + 1) };
}

type UsageQuery = SelectQueryBuilder<UsageTables, 'usage', UsageRow>;

type Times = Pick<UsageFilter, 'from' | 'to'>;

function taggedWith(eb: ExpressionBuilder<UsageTables, 'usage'>, tag: string, { from, to }: Times) {
  return eb
    .selectFrom('usage_tags')
    .select('usageId')
    .where('tag', '=', tag)
    .$if(from !== undefined, rows => rows.where('usage_tags.receivedAt', '>=', from ?? 0))
    .$if(to !== undefined, rows => rows.where('usage_tags.receivedAt', '<', to ?? 0));
}

function filtered(query: UsageQuery, filter: UsageFilter): UsageQuery {
  const { projectId, keyId, endUser, endpoint, provider, outcome, tag, model, from, to } = filter;
  let narrowed = query;
  for (const [column, value] of Object.entries({ projectId, keyId, endUser, endpoint, provider, outcome })) {
    if (value !== undefined) {
      narrowed = narrowed.where(column as keyof UsageRow, '=', value);
    }
  }
  if (tag !== undefined) {
    narrowed = narrowed.where('id', 'in', eb => taggedWith(eb, tag, { from, to }));
  }
  if (model !== undefined) {
    narrowed = narrowed.where(({ eb, or }) =>
      or([eb('modelUsed', '=', model), eb('modelAsked', '=', model)]),
    );
  }
  if (from !== undefined) {
    narrowed = narrowed.where('receivedAt', '>=', from);
  }
  return to === undefined ? narrowed : narrowed.where('receivedAt', '<', to);
}

function tagsOf({ id: usageId, tags = [], receivedAt }: UsageRecord): UsageTagRow[] {
  return tags.map(tag => ({ usageId, tag, receivedAt })); // a spool of an earlier release has none
}

function toRow(record: UsageRecord): UsageRow {
  const { stream, estimated, cached, priceExact, billed, budgetCharges, voice, tags = [] } = record;
  return {
    ...NOTHING_KNOWN,
    ...record,
    billed: billed ? JSON.stringify(billed) : null,
    budgetCharges: budgetCharges ? JSON.stringify(budgetCharges) : null,
    voice: voice ? JSON.stringify(voice) : null,
    tags: tags.length > 0 ? JSON.stringify(tags) : null,
    stream: Number(stream),
    estimated: Number(estimated),
    cached: Number(cached),
    priceExact: priceExact === null ? null : Number(priceExact),
  };
}

export function toRecord(row: UsageRow): UsageRecord {
  const { stream, estimated, cached, priceExact, billed, budgetCharges, voice, tags } = row;
  return {
    ...row,
    billed: billed === null ? null : (JSON.parse(billed) as UsageRecord['billed']),
    budgetCharges:
      budgetCharges === null ? null : (JSON.parse(budgetCharges) as UsageRecord['budgetCharges']),
    voice: voice === null ? null : (JSON.parse(voice) as UsageRecord['voice']),
    tags: tags === null ? [] : (JSON.parse(tags) as string[]),
    stream: stream === 1,
    estimated: estimated === 1,
    cached: cached === 1,
    priceExact: priceExact === null ? null : priceExact === 1,
  };
}

import type { Sql } from '@app/shared';
import { type Kysely, sql } from 'kysely';
import type { AuditEntry } from '../domain/audit-entry.entity.js';
import { type AuditFilter, AuditRepository } from '../domain/audit.repository.js';
import { auditMigrations, type AuditRow, type AuditTables } from './audit.table.js';

/** Where a text is looked for. */
const SEARCHED = ['action', 'target_id', 'actor_name'] as const;

export class AuditSqlRepository extends AuditRepository {
  static readonly migrations = auditMigrations;
  private readonly sql: Kysely<AuditTables>;

  constructor(sql: Sql) {
    super();
    this.sql = sql;
  }

  async insert(entry: AuditEntry): Promise<void> {
    await this.sql.insertInto('audit').values(toRow(entry)).execute();
  }

  async confirm(id: string): Promise<void> {
    await this.sql.updateTable('audit').set({ outcome: 'made' }).where('id', '=', id).execute();
  }

  async delete(id: string): Promise<void> {
    await this.sql.deleteFrom('audit').where('id', '=', id).execute();
  }

  async oldest(): Promise<number | null> {
    const oldest = this.sql.selectFrom('audit').select('at').orderBy('id').limit(1);
    return (await oldest.executeTakeFirst())?.at ?? null;
  }

  async deleteBefore(id: string, limit: number): Promise<number> {
    const rows = await this.sql
      .selectFrom('audit')
      .select('id')
      .where('id', '<', id)
      .orderBy('id')
      .limit(limit)
      .execute();
    const ids = rows.map(row => row.id);
    if (ids.length > 0) {
      await this.sql.deleteFrom('audit').where('id', 'in', ids).execute();
    }
    return ids.length;
  }

  async list(filter: AuditFilter, limit: number, after?: string): Promise<AuditEntry[]> {
    const { from, to } = filter;
    const rows = await this.sql
      .selectFrom('audit')
      .selectAll()
      .where(({ and, or, eb, fn }) => {
        const { actor, target, action, project, targetType, text } = filter;
        const has = (column: (typeof SEARCHED)[number]) =>
          eb(fn<string>('lower', [column]), 'like', sql<string>`${containing(text ?? '')} escape '!'`);
        return and([
          ...(actor === undefined ? [] : [eb('actor_id', '=', actor)]),
          ...(target === undefined ? [] : [eb('target_id', '=', target)]),
          ...(action === undefined ? [] : [eb('action', '=', action)]),
          ...(project === undefined ? [] : [eb('project_id', '=', project)]),
          ...(targetType === undefined ? [] : [eb('action', 'like', `${targetType}.%`)]),
          ...(text === undefined ? [] : [or(SEARCHED.map(has))]),
        ]);
      })
      .$if(from !== undefined, query => query.where('at', '>=', from ?? 0))
      .$if(to !== undefined, query => query.where('at', '<', to ?? 0))
      .$if(after !== undefined, query => query.where('id', '<', after ?? ''))
      .orderBy('id', 'desc')
      .limit(limit)
      .execute();
    return rows.map(toEntry);
  }
}

/** A pattern for `like … escape '!'`: a backslash would be none in MySQL. */
function containing(text: string): string {
  return `%${text.toLowerCase().replaceAll(/[!%_]/g, '!$&')}%`;
}

function toRow(entry: AuditEntry): AuditRow {
  return {
    id: entry.id,
    at: Date.parse(entry.at),
    actor_id: entry.actorId,
    actor_name: entry.actorName,
    actor_key: entry.actorKey,
    address: entry.address,
    action: entry.action,
    target_id: entry.targetId,
    project_id: entry.projectId,
    before: entry.before && JSON.stringify(entry.before),
    after: entry.after && JSON.stringify(entry.after),
    outcome: entry.outcome,
    request_id: entry.requestId,
  };
}

function toEntry(row: AuditRow): AuditEntry {
  return {
    id: row.id,
    at: new Date(row.at).toISOString(),
    actorId: row.actor_id,
    actorName: row.actor_name,
    actorKey: row.actor_key,
    address: row.address,
    action: row.action,
    targetId: row.target_id,
    projectId: row.project_id,
    before: row.before === null ? null : (JSON.parse(row.before) as Record<string, unknown>),
    after: row.after === null ? null : (JSON.parse(row.after) as Record<string, unknown>),
    outcome: row.outcome,
    requestId: row.request_id,
  };
}

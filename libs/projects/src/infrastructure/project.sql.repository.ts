import type { Kysely } from 'kysely';
import type { Sql } from '@app/shared';
import type { Project } from '../domain/project.entity.js';
import { type ProjectChange, ProjectRepository } from '../domain/project.repository.js';
import { fromJson, optional, toJson } from './columns.js';
import { toIso, toMs } from './iso-time.js';
import { projectMigrations, type ProjectRow, type ProjectTables } from './project.table.js';

export class ProjectSqlRepository extends ProjectRepository {
  static readonly migrations = projectMigrations;
  private readonly sql: Kysely<ProjectTables>;

  constructor(sql: Sql) {
    super();
    this.sql = sql;
  }

  async insert(project: Project): Promise<void> {
    const { id, createdAt, version } = project;
    const row: ProjectRow = { id, created_at: Date.parse(createdAt), version, ...toColumns(project) };
    await this.sql.insertInto('projects').values(row).execute();
  }

  async findById(id: string): Promise<Project | null> {
    const row = await this.sql.selectFrom('projects').selectAll().where('id', '=', id).executeTakeFirst();
    return row ? toProject(row) : null;
  }

  async list(limit: number, after = ''): Promise<Project[]> {
    const rows = await this.sql
      .selectFrom('projects')
      .selectAll()
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map(toProject);
  }

  async update(id: string, version: number, change: ProjectChange): Promise<boolean> {
    const { numUpdatedRows } = await this.sql
      .updateTable('projects')
      .set({ ...toColumns(change), version: version + 1 })
      .where('id', '=', id)
      .where('version', '=', version)
      .executeTakeFirstOrThrow();
    return numUpdatedRows === 1n;
  }

  async findDue(now: number, limit: number): Promise<Project[]> {
    const rows = await this.sql
      .selectFrom('projects')
      .selectAll()
      .where('deletes_at', '<=', now)
      .orderBy('deletes_at')
      .limit(limit)
      .execute();
    return rows.map(toProject);
  }

  async delete(id: string): Promise<void> {
    await this.sql.deleteFrom('projects').where('id', '=', id).execute();
  }
}

type ChangeColumns = Omit<ProjectRow, 'id' | 'created_at' | 'version'>;

function toColumns(project: Required<ProjectChange>): ChangeColumns;
function toColumns(change: ProjectChange): Partial<ChangeColumns>;
function toColumns(change: ProjectChange): Partial<ChangeColumns> {
  return {
    name: change.name,
    status: change.status,
    strict: optional(change.strict, Number),
    annotate: optional(change.annotate, Number),
    file_limit_bytes: change.fileLimitBytes,
    body_limit_bytes: change.bodyLimitBytes,
    default_chat_model: change.defaultChatModel,
    default_transcription_model: change.defaultTranscriptionModel,
    allowed_vendors: optional(change.allowedVendors, toJson),
    requests_per_minute: change.requestsPerMinute,
    concurrent_calls: change.concurrentCalls,
    tokens_per_minute: change.tokensPerMinute,
    cache: change.cache,
    cache_ttl_seconds: change.cacheTtlSeconds,
    cache_scope: change.cacheScope,
    semantic_cache: change.semanticCache,
    semantic_cache_model: change.semanticCacheModel,
    semantic_cache_threshold: change.semanticCacheThreshold,
    semantic_cache_never: optional(change.semanticCacheNever, toJson),
    cache_keeps: optional(change.cacheKeeps, toJson),
    transcription_cache: optional(change.transcriptionCache, Number),
    transcription_history_days: change.transcriptionHistoryDays,
    transcription_history_text: optional(change.transcriptionHistoryText, Number),
    retention_usage_days: change.retentionUsageDays,
    retention_decision_days: change.retentionDecisionDays,
    retention_response_days: change.retentionResponseDays,
    prompt_passes: optional(change.promptPasses, toJson),
    deletes_at: optional(change.deletesAt, toMs),
  };
}

function toProject(row: ProjectRow): Project {
  return {
    id: row.id,
    name: row.name,
    status: row.status,
    strict: row.strict === 1,
    annotate: row.annotate === 1,
    bodyLimitBytes: row.body_limit_bytes,
    fileLimitBytes: row.file_limit_bytes,
    defaultChatModel: row.default_chat_model,
    defaultTranscriptionModel: row.default_transcription_model,
    allowedVendors: fromJson(row.allowed_vendors),
    requestsPerMinute: row.requests_per_minute,
    concurrentCalls: row.concurrent_calls,
    tokensPerMinute: row.tokens_per_minute,
    cache: row.cache,
    cacheTtlSeconds: row.cache_ttl_seconds,
    cacheScope: row.cache_scope,
    semanticCache: row.semantic_cache,
    semanticCacheModel: row.semantic_cache_model,
    semanticCacheThreshold: row.semantic_cache_threshold,
    semanticCacheNever: fromJson(row.semantic_cache_never) ?? [],
    cacheKeeps: (fromJson(row.cache_keeps) ?? []) as Project['cacheKeeps'],
    transcriptionCache: row.transcription_cache === 1,
    transcriptionHistoryDays: row.transcription_history_days,
    transcriptionHistoryText: row.transcription_history_text === 1,
    retentionUsageDays: row.retention_usage_days,
    retentionDecisionDays: row.retention_decision_days,
    retentionResponseDays: row.retention_response_days,
    promptPasses: (fromJson(row.prompt_passes) ?? []) as Project['promptPasses'],
    createdAt: new Date(row.created_at).toISOString(),
    deletesAt: toIso(row.deletes_at),
    version: row.version,
  };
}

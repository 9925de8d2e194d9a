import type { Kysely } from 'kysely';
import type { Sql } from '@app/shared';
import type { Project, ProjectSettings } from '../domain/project.entity.js';
import { ProjectRepository } from '../domain/project.repository.js';
import { projectMigrations, type ProjectRow, type ProjectTables } from './project.table.js';

export class ProjectSqlRepository extends ProjectRepository {
  static readonly migrations = projectMigrations;
  private readonly sql: Kysely<ProjectTables>;

  constructor(sql: Sql) {
    super();
    this.sql = sql;
  }

  async insert({ id, status, createdAt, ...settings }: Project): Promise<void> {
    const row: ProjectRow = { id, status, created_at: Date.parse(createdAt), ...toColumns(settings) };
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

  async update(id: string, changes: Partial<ProjectSettings>): Promise<void> {
    await this.sql.updateTable('projects').set(toColumns(changes)).where('id', '=', id).execute();
  }

  async setStatus(id: string, status: Project['status']): Promise<void> {
    await this.sql.updateTable('projects').set({ status }).where('id', '=', id).execute();
  }
}

type SettingColumns = Pick<ProjectRow, 'name' | 'strict' | 'annotate' | 'file_limit_bytes'>;

function toColumns(settings: ProjectSettings): SettingColumns;
function toColumns(settings: Partial<ProjectSettings>): Partial<SettingColumns>;
function toColumns({
  name,
  strict,
  annotate,
  fileLimitBytes,
}: Partial<ProjectSettings>): Partial<SettingColumns> {
  return {
    name,
    strict: strict === undefined ? undefined : Number(strict),
    annotate: annotate === undefined ? undefined : Number(annotate),
    file_limit_bytes: fileLimitBytes,
  };
}

function toProject({ strict, annotate, file_limit_bytes, created_at, ...row }: ProjectRow): Project {
  return {
    ...row,
    strict: strict === 1,
    annotate: annotate === 1,
    fileLimitBytes: file_limit_bytes,
    createdAt: new Date(created_at).toISOString(),
  };
}

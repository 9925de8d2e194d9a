import type { ColumnDefinitionBuilder, CreateTableBuilder } from 'kysely';
import type { PolicyRecord } from '../domain/policies/policy-definition.js';

/** One version of a policy. */
export interface PolicyRow {
  readonly id: string;
  readonly project_id: string;
  readonly name: string;
  readonly version: number;
  /** JSON. */
  readonly definition: string;
  readonly author_id: string;
  readonly author_name: string;
  /** Unix ms, as the next. */
  readonly created_at: number;
  readonly updated_at: number;
}

/** Adds the columns of a `PolicyRow`. */
export function withPolicyColumns<Table extends string>(
  table: CreateTableBuilder<Table>,
): CreateTableBuilder<Table, keyof PolicyRow> {
  return table
    .addColumn('id', 'varchar(64)', required)
    .addColumn('project_id', 'varchar(64)', required)
    .addColumn('name', 'varchar(191)', required)
    .addColumn('version', 'integer', required)
    .addColumn('definition', 'text', required)
    .addColumn('author_id', 'varchar(64)', required)
    .addColumn('author_name', 'varchar(191)', required)
    .addColumn('created_at', 'bigint', required)
    .addColumn('updated_at', 'bigint', required);
}

function required(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder {
  return column.notNull();
}

export function toRow(record: PolicyRecord): PolicyRow {
  const { id, name, version, definition } = record;
  return {
    id,
    project_id: record.projectId,
    name,
    version,
    definition,
    author_id: record.authorId,
    author_name: record.authorName,
    created_at: record.createdAt,
    updated_at: record.updatedAt,
  };
}

export function toRecord(row: PolicyRow): PolicyRecord {
  const { id, name, version, definition } = row;
  return {
    id,
    projectId: row.project_id,
    name,
    version,
    definition,
    authorId: row.author_id,
    authorName: row.author_name,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

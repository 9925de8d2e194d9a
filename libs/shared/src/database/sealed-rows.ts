import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import { headOf, type SealedRecord } from '../crypto/sealed-records.js';
import type { Sql } from './database.js';

/** The two questions of `SealedRecords`, for a table with the columns `id` (its key), `project_id` and `envelope`. */
export class SealedRows {
  constructor(
    private readonly sql: Sql,
    private readonly table: string,
  ) {}

  list(limit: number, after = ''): Promise<SealedRecord[]> {
    return this.sql
      .selectFrom(this.table)
      .select(['id', 'project_id as projectId', 'envelope'])
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit)
      .execute();
  }

  async replace(id: string, from: string, to: string): Promise<boolean> {
    const { numUpdatedRows } = await this.sql
      .updateTable(this.table)
      .set({ envelope: to })
      .where('id', '=', id)
      .where(isEnvelope(from))
      .executeTakeFirstOrThrow();
    return numUpdatedRows === 1n;
  }
}

/** A condition on the column `envelope`. */
export function isEnvelope(
  envelope: string,
): <Tables, Table extends keyof Tables>(eb: ExpressionBuilder<Tables, Table>) => Expression<SqlBool> {
  const head = headOf(envelope);
  return eb => {
    const column = eb.ref('envelope' as never);
    return eb(eb.fn('substr', [column, eb.lit(1), eb.lit(head.length)]), '=', head as never);
  };
}

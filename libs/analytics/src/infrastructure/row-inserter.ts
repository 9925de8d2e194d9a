import type { Sql } from '@app/shared';
import { CompiledQuery } from 'kysely';

/** Rows of one statement: a batch is cut into these, so that few statements are built and kept. */
const STATEMENT_ROWS = [200, 20, 1];

interface InsertStatement<Row> {
  readonly sql: string;
  readonly columns: readonly (keyof Row)[];
}

/** Adds rows to a table whose key is `id`; those that are there already stay as they are. */
export class RowInserter<Row extends object> {
  private readonly statements = new Map<number, InsertStatement<Row>>();

  constructor(
    private readonly db: Sql,
    private readonly table: string,
  ) {}

  /** All of them or none. */
  async insert(rows: readonly Row[]): Promise<void> {
    if (rows.length === 0) {
      return;
    }
    if (STATEMENT_ROWS.includes(rows.length)) {
      await this.execute(this.db, rows);
      return;
    }
    await this.db.transaction().execute(async transaction => {
      let rest = rows;
      while (rest.length > 0) {
        const size = STATEMENT_ROWS.find(count => count <= rest.length) ?? 1;
        await this.execute(transaction, rest.slice(0, size));
        rest = rest.slice(size);
      }
    });
  }

  private async execute(db: Sql, rows: readonly Row[]): Promise<void> {
    const { sql, columns } = this.statementFor(rows);
    const parameters = rows.flatMap(row => columns.map(column => row[column]));
    await db.executeQuery(CompiledQuery.raw(sql, parameters));
  }

  /** Building a statement of thousands of parameters costs more than running it, so each size is built once. */
  private statementFor(rows: readonly Row[]): InsertStatement<Row> {
    let statement = this.statements.get(rows.length);
    if (!statement) {
      const columns = Object.keys(rows[0] ?? {}) as (keyof Row)[];
      const query = this.db
        .insertInto(this.table)
        .values(rows)
        .onConflict(conflict => conflict.column('id').doNothing());
      statement = { sql: query.compile().sql, columns };
      this.statements.set(rows.length, statement);
    }
    return statement;
  }
}

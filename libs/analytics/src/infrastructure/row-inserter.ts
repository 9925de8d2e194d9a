import type { Sql } from '@app/shared';
import { CompiledQuery } from 'kysely';

/** Rows of one statement: a batch is cut into these, so that few statements are built and kept. */
const STATEMENT_ROWS = [200, 20, 5, 1];

interface InsertStatement<Row> {
  readonly sql: string;
  readonly columns: readonly (keyof Row)[];
}

interface Keys {
  /** The primary key; `id` unless it is told. */
  readonly key?: readonly string[];
  /** Columns of rows that are there already, to which those of the new ones are added. */
  readonly sums?: readonly string[];
}

/** Adds rows to a table; those that are there already stay as they are, but for columns that add up. */
export class RowInserter<Row extends object> {
  private readonly statements = new Map<number, InsertStatement<Row>>();

  constructor(
    private readonly db: Sql,
    private readonly table: string,
    private readonly keys: Keys = {},
  ) {}

  /** All of them or none. @returns how many were added or changed */
  async insert(rows: readonly Row[]): Promise<number> {
    return STATEMENT_ROWS.includes(rows.length) || rows.length === 0
      ? await this.insertIn(this.db, rows)
      : await this.db.transaction().execute(transaction => this.insertIn(transaction, rows));
  }

  /** In a transaction that has more to do. @returns how many were added or changed */
  async insertIn(db: Sql, rows: readonly Row[]): Promise<number> {
    let changed = 0;
    let rest = rows;
    while (rest.length > 0) {
      const size = STATEMENT_ROWS.find(count => count <= rest.length) ?? 1;
      changed += await this.execute(db, rest.slice(0, size));
      rest = rest.slice(size);
    }
    return changed;
  }

  private async execute(db: Sql, rows: readonly Row[]): Promise<number> {
    const { sql, columns } = this.statementFor(rows);
    const parameters = rows.flatMap(row => columns.map(column => row[column]));
    const { numAffectedRows } = await db.executeQuery(CompiledQuery.raw(sql, parameters));
    return Number(numAffectedRows ?? 0);
  }

  /** Building a statement of thousands of parameters costs more than running it, so each size is built once. */
  private statementFor(rows: readonly Row[]): InsertStatement<Row> {
    let statement = this.statements.get(rows.length);
    if (!statement) {
      const columns = Object.keys(rows[0] ?? {}) as (keyof Row)[];
      statement = { sql: this.compile(rows), columns };
      this.statements.set(rows.length, statement);
    }
    return statement;
  }

  private compile(rows: readonly Row[]): string {
    const { table } = this;
    const { key = ['id'], sums = [] } = this.keys;
    const insert = this.db.insertInto(table).values(rows);
    const query = insert.onConflict(conflict =>
      sums.length === 0
        ? conflict.columns(key).doNothing()
        : conflict
            .columns(key)
            .doUpdateSet(({ eb, ref }) =>
              Object.fromEntries(
                sums.map(sum => [sum, eb(ref(`${table}.${sum}`), '+', ref(`excluded.${sum}`))]),
              ),
            ),
    );
    return query.compile().sql;
  }
}

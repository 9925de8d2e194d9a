import type { Kysely } from 'kysely';

/** A list of texts as JSON. */
export function toJson(list: readonly string[] | null): string | null {
  return list && JSON.stringify(list);
}

export function fromJson(text: string | null): string[] | null {
  return text === null ? null : (JSON.parse(text) as string[]);
}

/** A change has the fields that it changes only: `undefined` leaves a column as it is. */
export function optional<Value, Column>(
  value: Value | undefined,
  convert: (value: Value) => Column,
): Column | undefined {
  return value === undefined ? undefined : convert(value);
}

/** Adds the column that every `ETag` comes from; SQLite adds one column at a time. */
export async function addVersion(db: Kysely<unknown>, table: string): Promise<void> {
  await db.schema
    .alterTable(table)
    .addColumn('version', 'integer', column => column.notNull().defaultTo(1))
    .execute();
}

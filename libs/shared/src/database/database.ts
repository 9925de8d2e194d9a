import type { Kysely } from 'kysely';

/** Table types belong to the features; the opener knows none. */
// oxlint-disable-next-line typescript/no-explicit-any -- each repository narrows it to its own tables
export type Sql = Kysely<any>;

/** An open store. One member per kind of adapter; repositories are bound to it by `repository()`. */
export interface Database {
  readonly kind: 'sql';
  /** Server and version it really talks to, e.g. `SQLite 3.51.0`. */
  readonly server: string;
  readonly sql: Sql;
  close(): Promise<void>;
}

/** Injection token of the open `Database`. */
export const DATABASE = Symbol('DATABASE');

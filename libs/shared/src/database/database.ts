import type { Kysely } from 'kysely';
import type { Model, Schema } from 'mongoose';

/** Table types belong to the features; the opener knows none. */
// oxlint-disable-next-line typescript/no-explicit-any -- each repository narrows it to its own tables
export type Sql = Kysely<any>;

interface OpenStore {
  /** Server and version it really talks to, e.g. `SQLite 3.51.0`. */
  readonly server: string;
  /** @throws when the store does not answer */
  ping(): Promise<void>;
  /** By the store's own clock, Unix ms. @throws when the store does not answer */
  now(): Promise<number>;
  close(): Promise<void>;
}

export interface SqlDatabase extends OpenStore {
  readonly kind: 'sql';
  readonly sql: Sql;
  /** For a question on the path of a call, in ms; the embedded store answers at once. */
  readonly timeoutMs?: number;
}

export interface MongoDatabase extends OpenStore {
  readonly kind: 'mongo';
  /** For a question on the path of a call, in ms. */
  readonly timeoutMs: number;
  /** The collection that the schema names, with its indexes in place. @throws UnusableStoreError */
  model<Document>(schema: Schema<Document>): Promise<Model<Document>>;
}

/** An open store. One member per kind of adapter; repositories are bound to it by `repository()`. */
export type Database = SqlDatabase | MongoDatabase;

/** Injection token of the open `Database`. */
export const DATABASE = Symbol('DATABASE');

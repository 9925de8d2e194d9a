import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely, sql as raw, type SqliteDatabase, SqliteDialect } from 'kysely';
import { ConfigError } from '../config/config.error.js';
import { makeFolder } from '../config/make-folder.js';
import type { SqlDatabase } from './database.js';
import { type FileLock, lockFile, makePrivate } from './file-lock.js';

/** The wait stops the whole process: better a failed write, which is tried again, than callers who wait. */
const BUSY_TIMEOUT_MS = 100;
const VARIABLE = 'AI_GATEWAY_DATABASE_URL';
/**
 * Usage rows touch many pages. With SQLite's own 2 MB of cache and a checkpoint every 4 MB, the event loop stood still
 * for that work often enough to double the p99 of all answers. Within a transaction each statement of many rows keeps a
 * journal of its own: in memory that takes half the time.
 */
const PRAGMAS = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA foreign_keys = ON;
  PRAGMA cache_size = -16000;
  PRAGMA wal_autocheckpoint = 4000;
  PRAGMA temp_store = MEMORY;
`;

/** A second gateway on the same file would block both event loops and race in the migrator (one process per file). */
export class DatabaseLockedError extends Error {
  constructor(file: string) {
    super(
      `Another gateway already uses ${file}. Stop it, or set AI_GATEWAY_DATABASE_URL to another file; ` +
        'several gateways on one store need a database server.',
    );
    this.name = 'DatabaseLockedError';
  }
}

/**
 * Opens the embedded store and creates its folder (mode 0700). `:memory:` is a store of its own for each caller.
 *
 * @throws DatabaseLockedError when another process holds the file
 * @throws ConfigError when it is no database, or cannot be opened
 */
export function openSqlite(file: string): SqlDatabase {
  const inMemory = file === ':memory:';
  if (!inMemory) {
    makeFolder(path.dirname(file), VARIABLE);
    usable(file, () => makePrivate(file)); // SQLite gives its journals the mode of the database
  }
  const lock = inMemory ? null : lockDatabase(file);
  const database = opened(file, lock);
  const version = database.prepare('SELECT sqlite_version() AS version').get()?.['version'];
  const sql = new Kysely<unknown>({ dialect: new SqliteDialect({ database: adapt(database) }) });
  return {
    kind: 'sql',
    server: `SQLite ${String(version)}`,
    sql,
    ping: async () => {
      await raw`select 1`.execute(sql);
    },
    now: async () => Date.now(),
    close: async () => {
      await sql.destroy();
      if (database.isOpen) {
        database.close();
      }
      lock?.release();
    },
  };
}

function opened(file: string, lock: FileLock | null): DatabaseSync {
  try {
    return usable(file, () => openFile(file));
  } catch (error) {
    lock?.release();
    throw error;
  }
}

function openFile(file: string): DatabaseSync {
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
    database.exec(PRAGMAS);
    database.function('lower', { deterministic: true }, lowerCase);
    return database;
  } catch (error) {
    database?.close();
    throw error;
  }
}

/** SQLite's own knows the letters of ASCII alone, those of the servers all. */
function lowerCase(value: unknown): string | null {
  return value === null ? null : String(value).toLowerCase();
}

/** @throws ConfigError */
function usable<Result>(file: string, use: () => Result): Result {
  try {
    return use();
  } catch (error) {
    const { message } = error as Error;
    throw new ConfigError(
      VARIABLE,
      `names ${file}, which cannot be used: ${message}. Correct the path, or the file.`,
    );
  }
}

/** @throws DatabaseLockedError, ConfigError */
function lockDatabase(file: string): FileLock {
  const lock = usable(file, () => lockFile(`${file}.lock`));
  if (!lock) {
    throw new DatabaseLockedError(file);
  }
  return lock;
}

/** What Kysely's dialect expects: `reader` is all that `node:sqlite` lacks. Statements are prepared once. */
function adapt(database: DatabaseSync): SqliteDatabase {
  const statements = new Map<string, ReturnType<SqliteDatabase['prepare']>>();
  return {
    close: () => database.close(),
    prepare: sql => {
      // Writers take the lock at once; upgrading later may fail with SQLITE_BUSY.
      const text = sql === 'begin' ? 'begin immediate' : sql;
      let adapted = statements.get(text);
      if (!adapted) {
        const statement = database.prepare(text);
        adapted = {
          reader: statement.columns().length > 0,
          all: parameters => statement.all(...bind(parameters)),
          run: parameters => statement.run(...bind(parameters)),
          iterate: parameters => statement.iterate(...bind(parameters)),
        };
        statements.set(text, adapted);
      }
      return adapted;
    },
  };
}

type Bindable = string | number | bigint | null | Uint8Array;

function bind(parameters: readonly unknown[]): Bindable[] {
  return parameters.map(value => (typeof value === 'boolean' ? Number(value) : (value as Bindable)));
}

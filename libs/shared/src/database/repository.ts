import type { FactoryProvider } from '@nestjs/common';
import { type Migration, Migrator } from 'kysely/migration';
import type { Model, Schema } from 'mongoose';
import { GatewayError, StoreUnavailableError } from '../errors/gateway.error.js';
import { DATABASE, type Database, type Sql, type SqlDatabase } from './database.js';
import { StoreSilence } from './store-silence.js';
import { reasonOf, UnusableStoreError } from './unusable-store.error.js';

interface Binding<Port, Document> {
  readonly sql: SqlAdapter<Port>;
  /** Imports the adapter, so that Mongoose is loaded for MongoDB alone. */
  readonly mongo: () => Promise<MongoAdapter<Port, Document>>;
  /** By method, in ms, where nobody waits for it: for the others the configured time-out holds. */
  readonly deadlinesMs?: Readonly<Partial<Record<keyof Port, number>>>;
}

interface SqlAdapter<Port> {
  new (sql: Sql): Port;
  readonly migrations: Record<string, Migration>;
}

interface MongoAdapter<Port, Document> {
  new (model: Model<Document>): Port;
  readonly schema: Schema<Document>;
}

/**
 * Binds a repository port to the adapter that fits the configured database, with its tables or indexes in place.
 * Whatever the adapter throws reaches the callers of the port as `StoreUnavailableError`.
 */
export function repository<Port extends object, Document>(
  port: abstract new () => Port,
  binding: Binding<Port, Document>,
): FactoryProvider<Port> & { useFactory(database: Database): Promise<Port> } {
  return {
    provide: port,
    inject: [DATABASE],
    useFactory: async (database: Database) => {
      const adapter = await adapterFor(database, port.name, binding);
      const { timeoutMs } = database;
      return guarded(adapter, timeoutMs === undefined ? ask => ask() : bounded(database, timeoutMs, binding));
    },
  };
}

async function adapterFor<Port, Document>(
  database: Database,
  owner: string,
  { sql: Adapter, mongo }: Binding<Port, Document>,
): Promise<Port> {
  if (database.kind === 'mongo') {
    const MongoAdapter = await mongo();
    return new MongoAdapter(await database.model(MongoAdapter.schema));
  }
  await migrate(database, owner, Adapter.migrations);
  return new Adapter(database.sql);
}

type Asking<Port> = (ask: () => Promise<unknown>, method: keyof Port) => Promise<unknown>;

/** The driver's own time-outs bound its steps; a question has several of them. */
function bounded<Port, Document>(
  database: Database,
  timeoutMs: number,
  { deadlinesMs }: Binding<Port, Document>,
): Asking<Port> {
  const silence = silenceOf(database, timeoutMs);
  return (ask, method) => {
    const ms = deadlinesMs?.[method];
    if (ms === undefined && !silence.isToBeAwaited()) {
      throw new StoreUnavailableError(new Error('It left the question before without an answer.'));
    }
    return silence.listen(ask(), ms ?? timeoutMs);
  };
}

const silences = new WeakMap<Database, StoreSilence>();

/** All repositories of a store hear of it. */
function silenceOf(database: Database, timeoutMs: number): StoreSilence {
  const silence = silences.get(database) ?? new StoreSilence(timeoutMs);
  silences.set(database, silence);
  return silence;
}

/** The one place where a failure of the store becomes an error that callers know. Domain errors pass. */
function guarded<Port extends object>(adapter: Port, asking: Asking<Port>): Port {
  return new Proxy(adapter, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function' || name === 'constructor') {
        return member;
      }
      return async (...parameters: unknown[]): Promise<unknown> => {
        try {
          return await asking(() => Reflect.apply(member, target, parameters), name as keyof Port);
        } catch (error) {
          throw error instanceof GatewayError ? error : new StoreUnavailableError(error);
        }
      };
    },
  });
}

/** What a database is being brought up to date with last. */
const migrating = new WeakMap<SqlDatabase, Promise<void>>();

/**
 * Each repository migrates by itself, so that features need no common list; one after another, since whoever waits for a
 * connection that another migration has waits until a deadline.
 */
function migrate(database: SqlDatabase, owner: string, migrations: Record<string, Migration>): Promise<void> {
  const before = migrating.get(database) ?? Promise.resolve();
  const done = before.then(() => migrateOwn(database, owner, migrations));
  migrating.set(
    database,
    done.catch(() => undefined),
  );
  return done;
}

async function migrateOwn(
  { sql, server }: SqlDatabase,
  owner: string,
  migrations: Record<string, Migration>,
): Promise<void> {
  const { error } = await new Migrator({
    db: sql,
    provider: { getMigrations: async () => migrations },
    migrationTableName: `migrations_${owner}`,
    migrationLockTableName: `migrations_${owner}_lock`,
  }).migrateToLatest();
  if (error) {
    throw new UnusableStoreError(
      `The tables in ${server} cannot be brought up to date: ${reasonOf(error)}. Mend that and start again.`,
      { cause: error },
    );
  }
}

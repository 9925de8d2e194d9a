import type { FactoryProvider } from '@nestjs/common';
import { type Migration, Migrator } from 'kysely/migration';
import type { Model, Schema } from 'mongoose';
import { GatewayError, StoreUnavailableError } from '../errors/gateway.error.js';
import { within } from '../time/deadline.js';
import { DATABASE, type Database, type MongoDatabase, type Sql } from './database.js';

interface Adapters<Port, Document> {
  readonly sql: (new (sql: Sql) => Port) & { readonly migrations: Record<string, Migration> };
  /** Imports the adapter, so that Mongoose is loaded for MongoDB alone. */
  readonly mongo: () => Promise<MongoAdapter<Port, Document>>;
}

interface MongoAdapter<Port, Document> {
  new (model: Model<Document>): Port;
  readonly schema: Schema<Document>;
  /** By method, in ms, where nobody waits for it: for the others the configured time-out holds. */
  readonly deadlinesMs?: Readonly<Record<string, number>>;
}

/**
 * Binds a repository port to the adapter that fits the configured database, with its tables or indexes in place.
 * Whatever the adapter throws reaches the callers of the port as `StoreUnavailableError`.
 */
export function repository<Port extends object, Document>(
  port: abstract new () => Port,
  { sql: SqlAdapter, mongo }: Adapters<Port, Document>,
): FactoryProvider<Port> & { useFactory(database: Database): Promise<Port> } {
  return {
    provide: port,
    inject: [DATABASE],
    useFactory: async (database: Database) => {
      if (database.kind === 'mongo') {
        return bindMongo(database, await mongo());
      }
      await migrate(database.sql, port.name, SqlAdapter.migrations);
      return guarded(new SqlAdapter(database.sql), work => work);
    },
  };
}

/** The driver's own time-outs bound its steps; a question has several of them. */
async function bindMongo<Port extends object, Document>(
  database: MongoDatabase,
  Adapter: MongoAdapter<Port, Document>,
): Promise<Port> {
  const { deadlinesMs = {}, schema } = Adapter;
  return guarded(new Adapter(await database.model(schema)), (work, method) =>
    within(deadlinesMs[method] ?? database.timeoutMs, work),
  );
}

/** The one place where a failure of the store becomes an error that callers know. Domain errors pass. */
function guarded<Port extends object>(
  adapter: Port,
  bounded: (work: Promise<unknown>, method: string) => Promise<unknown>,
): Port {
  return new Proxy(adapter, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function' || name === 'constructor') {
        return member;
      }
      return async (...parameters: unknown[]): Promise<unknown> => {
        try {
          return await bounded(Reflect.apply(member, target, parameters), String(name));
        } catch (error) {
          throw error instanceof GatewayError ? error : new StoreUnavailableError(error);
        }
      };
    },
  });
}

/** Each repository migrates by itself, so that features need no common list. */
async function migrate(db: Sql, owner: string, migrations: Record<string, Migration>): Promise<void> {
  const { error } = await new Migrator({
    db,
    provider: { getMigrations: async () => migrations },
    migrationTableName: `migrations_${owner}`,
    migrationLockTableName: `migrations_${owner}_lock`,
  }).migrateToLatest();
  if (error) {
    throw error;
  }
}

import type { FactoryProvider } from '@nestjs/common';
import { type Migration, Migrator } from 'kysely/migration';
import type { Model, Schema } from 'mongoose';
import { GatewayError, StoreUnavailableError } from '../errors/gateway.error.js';
import { within } from '../time/deadline.js';
import { redact } from '../logging/redact.js';
import { DATABASE, type Database, type MongoDatabase, type Sql, type SqlDatabase } from './database.js';
import { UnusableStoreError } from './unusable-store.error.js';

interface Adapters<Port, Document> {
  readonly sql: SqlAdapter<Port>;
  /** Imports the adapter, so that Mongoose is loaded for MongoDB alone. */
  readonly mongo: () => Promise<MongoAdapter<Port, Document>>;
}

interface Adapter {
  /** By method, in ms, where nobody waits for it: for the others the configured time-out holds. */
  readonly deadlinesMs?: Readonly<Record<string, number>>;
}

interface SqlAdapter<Port> extends Adapter {
  new (sql: Sql): Port;
  readonly migrations: Record<string, Migration>;
}

interface MongoAdapter<Port, Document> extends Adapter {
  new (model: Model<Document>): Port;
  readonly schema: Schema<Document>;
}

/**
 * Binds a repository port to the adapter that fits the configured database, with its tables or indexes in place.
 * Whatever the adapter throws reaches the callers of the port as `StoreUnavailableError`.
 */
export function repository<Port extends object, Document>(
  port: abstract new () => Port,
  { sql, mongo }: Adapters<Port, Document>,
): FactoryProvider<Port> & { useFactory(database: Database): Promise<Port> } {
  return {
    provide: port,
    inject: [DATABASE],
    useFactory: async (database: Database) => {
      if (database.kind === 'mongo') {
        return bindMongo(database, await mongo());
      }
      await migrate(database, port.name, sql.migrations);
      return bindSql(database, sql);
    },
  };
}

function bindSql<Port extends object>({ sql, timeoutMs }: SqlDatabase, Adapter: SqlAdapter<Port>): Port {
  const adapter = new Adapter(sql);
  if (timeoutMs === undefined) {
    return guarded(adapter, work => work);
  }
  const { deadlinesMs = {} } = Adapter;
  return guarded(adapter, (work, method) => within(deadlinesMs[method] ?? timeoutMs, work));
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
async function migrate(
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
    const reason = redact(error instanceof Error ? error.message : String(error)).replaceAll('\n', ' ');
    throw new UnusableStoreError(
      `The tables in ${server} cannot be brought up to date: ${reason}. Mend that and start again.`,
      { cause: error },
    );
  }
}

import type { FactoryProvider } from '@nestjs/common';
import { type Migration, Migrator } from 'kysely/migration';
import { GatewayError, StoreUnavailableError } from '../errors/gateway.error.js';
import { DATABASE, type Database, type Sql } from './database.js';

interface Adapters<Port> {
  readonly sql: (new (sql: Sql) => Port) & { readonly migrations: Record<string, Migration> };
}

/**
 * Binds a repository port to the adapter that fits the configured database, with its tables in place. Whatever the
 * adapter throws reaches the callers of the port as `StoreUnavailableError`.
 */
export function repository<Port extends object>(
  port: abstract new () => Port,
  { sql: Adapter }: Adapters<Port>,
): FactoryProvider<Port> & { useFactory(database: Database): Promise<Port> } {
  return {
    provide: port,
    inject: [DATABASE],
    useFactory: async (database: Database) => {
      await migrate(database.sql, port.name, Adapter.migrations);
      return guarded(new Adapter(database.sql));
    },
  };
}

/** The one place where a failure of the store becomes an error that callers know. Domain errors pass. */
function guarded<Port extends object>(adapter: Port): Port {
  return new Proxy(adapter, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function' || name === 'constructor') {
        return member;
      }
      return async (...parameters: unknown[]): Promise<unknown> => {
        try {
          return await Reflect.apply(member, target, parameters);
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

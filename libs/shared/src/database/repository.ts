import type { FactoryProvider } from '@nestjs/common';
import { type Migration, Migrator } from 'kysely/migration';
import { DATABASE, type Database, type Sql } from './database.js';

interface Adapters<Port> {
  readonly sql: (new (sql: Sql) => Port) & { readonly migrations: Record<string, Migration> };
}

/** Binds a repository port to the adapter that fits the configured database, with its tables in place. */
export function repository<Port>(
  port: abstract new () => Port,
  { sql: Adapter }: Adapters<Port>,
): FactoryProvider<Port> & { useFactory(database: Database): Promise<Port> } {
  return {
    provide: port,
    inject: [DATABASE],
    useFactory: async (database: Database) => {
      await migrate(database.sql, port.name, Adapter.migrations);
      return new Adapter(database.sql);
    },
  };
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

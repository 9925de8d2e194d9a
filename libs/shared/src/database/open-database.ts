import type { Store } from '../config/store.js';
import type { Logger } from '../logging/logger.js';
import type { Database } from './database.js';
import { openSqlite } from './sqlite.js';

/**
 * Opens the configured store.
 *
 * @throws DatabaseLockedError another process holds the SQLite file
 * @throws UnusableStoreError the server cannot be reached, or refuses the user
 */
export async function openDatabase(store: Store, logger: Logger): Promise<Database> {
  if (store.kind === 'sqlite') {
    return openSqlite(store.file);
  }
  // With each comes a driver that no other store needs.
  if (store.kind === 'postgres') {
    const { openPostgres } = await import('./postgres.js');
    return openPostgres(store, logger);
  }
  if (store.kind === 'mysql') {
    const { openMysql } = await import('./mysql.js');
    return openMysql(store, logger);
  }
  const { openMongo } = await import('./mongo.js');
  return openMongo(store, logger);
}

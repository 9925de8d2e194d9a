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
  const { openMongo } = await import('./mongo.js'); // with it comes Mongoose, which no other store needs
  return openMongo(store, logger);
}

import type { Database } from './database.js';
import { openSqlite } from './sqlite.js';

/** Opens the store that a URL names; the scheme picks the adapter. `Config` has checked the URL. */
export function openDatabase(url: string): Database {
  return openSqlite(url.slice('sqlite:'.length));
}

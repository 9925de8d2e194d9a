import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLogger, type Database, openDatabase, readConfig, type SqlDatabase } from '@app/shared';
import { openSqlite } from '../../libs/shared/src/database/sqlite.js';

/** A new, empty store. The suite closes it. */
export type OpenDatabase = () => Promise<Database>;

/** The MongoDB server for tests (`scripts/test-stores.mjs` starts one); undefined when there is none. */
export const MONGODB_TEST_URI = process.env['MONGODB_TEST_URI'] || undefined;

/** Every store that a contract suite runs on. The names say which server really answers. */
export async function databases(): Promise<[name: string, open: OpenDatabase][]> {
  const { server } = openInMemory();
  return [
    [`${server} in memory`, async () => openInMemory()],
    [`${server} in a file`, async () => openInFile()],
    ...(await mongoDatabases()),
  ];
}

/** The embedded store, for specs that need any store. */
export function openInMemory(): SqlDatabase {
  return openSqlite(':memory:');
}

/** A new database of the server, dropped when it is closed. */
export async function openInMongo(server: string): Promise<Database> {
  const name = `test-${randomUUID()}`;
  const { store } = readConfig(mongoEnvironment(server, name));
  const database = await openDatabase(store, createLogger('silent'));
  return {
    ...database,
    close: once(async () => {
      await database.close();
      await dropInMongo(server, name);
    }),
  };
}

export async function dropInMongo(server: string, name: string): Promise<void> {
  const { createConnection } = await import('mongoose');
  const connection = await createConnection(server, { dbName: name }).asPromise();
  await connection.dropDatabase();
  await connection.close();
}

/** Settings for a database of the server. The test server is slow on a busy machine, hence the patience. */
export function mongoEnvironment(server: string, name: string): Record<string, string> {
  return {
    AI_GATEWAY_DATABASE_MONGODB_URL: server,
    AI_GATEWAY_DATABASE_MONGODB_DATABASE: name,
    AI_GATEWAY_DATABASE_MONGODB_CONNECTION_TIMEOUT_MS: '10000',
  };
}

/** With CI=true a store that does not run is a failure, not a gap. */
async function mongoDatabases(): Promise<[string, OpenDatabase][]> {
  const uri = MONGODB_TEST_URI;
  if (uri === undefined) {
    if (process.env['CI'] === 'true') {
      throw new Error('MONGODB_TEST_URI is missing: run the tests through `npm run stores -- …`.');
    }
    return [];
  }
  const database = await openInMongo(uri);
  await database.close();
  return [[database.server, () => openInMongo(uri)]];
}

function openInFile(): Database {
  const folder = mkdtempSync(path.join(tmpdir(), 'llm-hub-'));
  const database = openSqlite(path.join(folder, 'gateway.db'));
  return {
    ...database,
    close: once(async () => {
      await database.close();
      rmSync(folder, { recursive: true });
    }),
  };
}

/** A suite may close a store early, to see what happens then. */
function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null;
  return () => (done ??= work());
}

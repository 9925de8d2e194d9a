import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLogger, type Database, openDatabase, readConfig, type SqlDatabase } from '@app/shared';
import { openSqlite } from '../../libs/shared/src/database/sqlite.js';

/** PostgreSQL's `duplicate_database`. */
const DATABASE_EXISTS = '42P04';

/** A new, empty store. The suite closes it. */
export type OpenDatabase = () => Promise<Database>;

/** The MongoDB server for tests (`scripts/test-stores.mjs` starts one); undefined when there is none. */
export const MONGODB_TEST_URI = process.env['MONGODB_TEST_URI'] || undefined;

/** The PostgreSQL server for tests, likewise. Its user may create databases. */
export const POSTGRES_TEST_URI = process.env['POSTGRES_TEST_URI'] || undefined;

/** The MySQL or MariaDB server for tests, likewise. */
export const MYSQL_TEST_URI = process.env['MYSQL_TEST_URI'] || undefined;

/** The file of the authority that vouches for it as `localhost`; undefined for a server that was not started for tests. */
export const MYSQL_TEST_CA = process.env['MYSQL_TEST_CA'] || undefined;

/** Every store that a contract suite runs on. The names say which server really answers. */
export async function databases(): Promise<[name: string, open: OpenDatabase][]> {
  const { server } = openInMemory();
  return [
    [`${server} in memory`, async () => openInMemory()],
    [`${server} in a file`, async () => openInFile()],
    ...(await onServer('MONGODB_TEST_URI', MONGODB_TEST_URI, openInMongo)),
    ...(await onServer('POSTGRES_TEST_URI', POSTGRES_TEST_URI, openInPostgres)),
    ...(await onServer('MYSQL_TEST_URI', MYSQL_TEST_URI, openInMysql)),
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

/** A new database of the server, dropped when it is closed. */
export async function openInPostgres(server: string): Promise<Database> {
  const name = `test-${randomUUID()}`;
  const { store } = readConfig(await postgresEnvironment(server, name));
  const database = await openDatabase(store, createLogger('silent'));
  return {
    ...database,
    close: once(async () => {
      await database.close();
      await dropInPostgres(server, name);
    }),
  };
}

/** A new database of the server, dropped when it is closed. */
export async function openInMysql(server: string): Promise<Database> {
  const name = `test-${randomUUID()}`;
  const { store } = readConfig(await mysqlEnvironment(server, name));
  const database = await openDatabase(store, createLogger('silent'));
  return {
    ...database,
    close: once(async () => {
      await database.close();
      await dropInMysql(server, name);
    }),
  };
}

/** Settings for a database of the server, which is made if it is not there. */
export async function postgresEnvironment(server: string, name: string): Promise<Record<string, string>> {
  const url = new URL(server);
  url.pathname = name;
  await askPostgres(server, `create database "${name}"`).catch((error: Error & { code?: string }) => {
    if (error.code !== DATABASE_EXISTS) {
      throw error;
    }
  });
  return {
    AI_GATEWAY_DATABASE_URL: url.href,
    AI_GATEWAY_DATABASE_POSTGRES_CONNECTION_TIMEOUT_MS: '10000',
    // Many tests share the server.
    AI_GATEWAY_DATABASE_POSTGRES_MAX_POOL_SIZE: '5',
  };
}

export async function dropInPostgres(server: string, name: string): Promise<void> {
  await askPostgres(server, `drop database if exists "${name}" with (force)`);
}

async function askPostgres(server: string, sql: string): Promise<void> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

/** Settings for a database of the server, which is made if it is not there. */
export async function mysqlEnvironment(server: string, name: string): Promise<Record<string, string>> {
  const url = new URL(server);
  url.pathname = name;
  await askMysql(server, `create database if not exists \`${name}\``);
  return {
    AI_GATEWAY_DATABASE_URL: url.href,
    AI_GATEWAY_DATABASE_MYSQL_CONNECTION_TIMEOUT_MS: '10000',
    // Many tests share the server.
    AI_GATEWAY_DATABASE_MYSQL_MAX_POOL_SIZE: '5',
  };
}

export async function dropInMysql(server: string, name: string): Promise<void> {
  await askMysql(server, `drop database if exists \`${name}\``);
}

async function askMysql(server: string, sql: string): Promise<void> {
  const { createConnection } = await import('mysql2/promise');
  const connection = await createConnection(server);
  await connection.query(sql).finally(() => connection.end());
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
async function onServer(
  variable: string,
  uri: string | undefined,
  open: (server: string) => Promise<Database>,
): Promise<[string, OpenDatabase][]> {
  if (uri === undefined) {
    if (process.env['CI'] === 'true') {
      throw new Error(`${variable} is missing: run the tests through \`npm run stores -- …\`.`);
    }
    return [];
  }
  const database = await open(uri);
  await database.close();
  return [[database.server, () => open(uri)]];
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

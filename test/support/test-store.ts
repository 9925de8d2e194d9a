import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import path from 'node:path';
import {
  dropInMongo,
  dropInMysql,
  dropInPostgres,
  MONGODB_TEST_URI,
  mongoEnvironment,
  MYSQL_TEST_URI,
  mysqlEnvironment,
  POSTGRES_TEST_URI,
  postgresEnvironment,
} from './databases.js';

export interface TestServer {
  readonly uri: string | undefined;
  environment(uri: string, name: string): Promise<Record<string, string>> | Record<string, string>;
  drop(uri: string, name: string): Promise<void>;
}

/** End-to-end tests run on SQLite, and on one of these with `TEST_STORE` (and a server at `…_TEST_URI`). */
export const SERVERS: Readonly<Record<string, TestServer>> = {
  mongodb: { uri: MONGODB_TEST_URI, environment: mongoEnvironment, drop: dropInMongo },
  postgres: { uri: POSTGRES_TEST_URI, environment: postgresEnvironment, drop: dropInPostgres },
  mysql: { uri: MYSQL_TEST_URI, environment: mysqlEnvironment, drop: dropInMysql },
};

/** One of them that runs, and a database there that is one test's own. */
export interface SharedDatabase {
  /** The settings of gateways that share it. */
  environment(): Promise<Record<string, string>>;
  drop(): Promise<void>;
}

/** Tests on every one of `SERVERS` that runs; the others are skipped. @param title `%s` is its name */
export function describeOnServers(title: string, tests: (database: SharedDatabase) => void): void {
  describe.each(Object.entries(SERVERS))(title, (_, { uri, environment, drop }) => {
    const name = `test-${randomUUID()}`;
    (uri === undefined ? describe.skip : describe)('server', () =>
      tests({
        environment: async () => ({ ...NO_STORE, ...(await environment(uri ?? '', name)) }),
        drop: () => drop(uri ?? '', name),
      }),
    );
  });
}
const STORE = process.env['TEST_STORE'] || 'sqlite';
/** The store is no file: several gateways may share it. */
export const ON_SERVER = STORE !== 'sqlite';

/** The settings that name no store, whatever `TEST_STORE` says. */
export const NO_STORE = {
  AI_GATEWAY_DATABASE_URL: '',
  AI_GATEWAY_DATABASE_MONGODB_URL: '',
  AI_GATEWAY_DATABASE_MONGODB_DATABASE: '',
};
/** The settings of a gateway with a store of its own that no other test can use. */
export const IN_MEMORY = { ...NO_STORE, AI_GATEWAY_DATABASE_URL: 'sqlite::memory:' };

/** The settings of a gateway with that data folder: a new store for a new folder, else the one it had. */
export async function storeEnvironment(dataDir: string): Promise<Record<string, string>> {
  if (!ON_SERVER) {
    return { AI_GATEWAY_DATABASE_URL: `sqlite:${path.join(dataDir, 'gateway.db')}` };
  }
  const { uri, environment } = serverOf(STORE);
  return environment(uri, path.basename(dataDir));
}

/** Removes the data folder of a gateway that has ended, and its store. */
export async function removeData(dataDir: string): Promise<void> {
  if (ON_SERVER) {
    const { uri, drop } = serverOf(STORE);
    await drop(uri, path.basename(dataDir));
  }
  rmSync(dataDir, { recursive: true, force: true });
}

/** @throws Error when none runs */
export function serverOf(store: string): TestServer & { readonly uri: string } {
  const server = SERVERS[store];
  if (server?.uri === undefined) {
    throw new Error(`${store} needs a server: run the tests through \`npm run stores -- …\`.`);
  }
  return { ...server, uri: server.uri };
}

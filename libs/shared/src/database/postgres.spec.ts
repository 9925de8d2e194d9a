import { freePort } from '../../../../test/support/free-port.js';
import { openInPostgres, POSTGRES_TEST_URI } from '../../../../test/support/databases.js';
import { readConfig } from '../config/config.reader.js';
import { createLogger } from '../logging/logger.js';
import type { Database, SqlDatabase } from './database.js';
import { openDatabase } from './open-database.js';
import { UnusableStoreError } from './unusable-store.error.js';

const failing = (url: string): Promise<unknown> => {
  const { store } = readConfig({ AI_GATEWAY_DATABASE_URL: url });
  return openDatabase(store, createLogger('silent')).catch((thrown: unknown) => thrown);
};

describe('a PostgreSQL that is not there', () => {
  it('stops the start with one line that names it, and no password', async () => {
    const port = await freePort();
    const error = await failing(`postgres://hub:secret%2F9137@127.0.0.1:${port}/hub`);

    expect(error).toBeInstanceOf(UnusableStoreError);
    expect(String(error)).toContain(`PostgreSQL at 127.0.0.1:${port} cannot be used: connect ECONNREFUSED`);
    expect(String(error)).not.toMatch(/secret|\n/);
  });
});

(POSTGRES_TEST_URI === undefined ? describe.skip : describe)('a PostgreSQL that is there', () => {
  let database: Database;

  beforeAll(async () => {
    database = await openInPostgres(POSTGRES_TEST_URI ?? '');
  });
  afterAll(() => database.close());

  it('says which server it is, and answers', async () => {
    expect(database.server).toMatch(/^PostgreSQL \d+\.\d+$/);
    await expect(database.ping()).resolves.toBeUndefined();
  });

  it('gives 64-bit integers as numbers', async () => {
    const { sql } = database as SqlDatabase;
    await sql.schema.createTable('big').addColumn('n', 'bigint').execute();
    await sql.insertInto('big').values({ n: Number.MAX_SAFE_INTEGER }).execute();

    expect(await sql.selectFrom('big').selectAll().execute()).toEqual([{ n: Number.MAX_SAFE_INTEGER }]);
  });

  it('that refuses the user stops the start with one line', async () => {
    const url = new URL(POSTGRES_TEST_URI ?? '');
    url.password = 'wrong-9137';
    const error = await failing(url.href);

    // A server that trusts whom it knows by the address takes any password.
    expect(String(error)).not.toMatch(/wrong|\n/);
  });
});

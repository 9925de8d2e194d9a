import { randomUUID } from 'node:crypto';
import { createConnection, type Connection, Schema } from 'mongoose';
import { freePort } from '../../../../test/support/free-port.js';
import { MONGODB_TEST_URI, mongoEnvironment } from '../../../../test/support/databases.js';
import { readConfig } from '../config/config.reader.js';
import { createLogger } from '../logging/logger.js';
import type { MongoDatabase } from './database.js';
import { openDatabase } from './open-database.js';
import { UnusableStoreError } from './unusable-store.error.js';

const NAME = `test-${randomUUID()}`;

describe('a MongoDB that is not there', () => {
  it.each([
    ['a host', 'AI_GATEWAY_DATABASE_MONGODB_USERNAME', 'AI_GATEWAY_DATABASE_MONGODB_PASSWORD'],
    ['a URL', '', ''],
  ])('stops the start with one line that names it, and no password (%s)', async (_, username, password) => {
    const port = await freePort();
    const { store } = readConfig({
      AI_GATEWAY_DATABASE_MONGODB_URL:
        username === '' ? `mongodb://hub:secret-9137@127.0.0.1:${port}` : `mongodb://127.0.0.1:${port}`,
      [username]: 'hub',
      [password]: 'secret-9137',
    });
    const error: unknown = await openDatabase(store, createLogger('silent')).catch(
      (thrown: unknown) => thrown,
    );

    expect(error).toBeInstanceOf(UnusableStoreError);
    expect(String(error)).toContain(`MongoDB at 127.0.0.1:${port} cannot be used`);
    expect(String(error)).not.toMatch(/secret|\n/);
  });
});

function schema(): Schema<{ name: string; age: number }> {
  const people = new Schema<{ name: string; age: number }>(
    { name: String, age: Number },
    { collection: 'people' },
  );
  people.index({ name: 1 }, { name: 'by_name', unique: true });
  people.index({ age: 1, name: 1 }, { name: 'by_age' });
  return people;
}

(MONGODB_TEST_URI === undefined ? it.skip : it)('the options of a URL go before our defaults', async () => {
  const url = new URL(MONGODB_TEST_URI ?? '');
  url.pathname ||= '/';
  url.searchParams.set('maxPoolSize', '3');
  url.searchParams.set('serverSelectionTimeoutMS', '9000');
  const { store } = readConfig({ AI_GATEWAY_DATABASE_MONGODB_URL: url.href });
  const database = (await openDatabase(store, createLogger('silent'))) as MongoDatabase;
  const { db } = await database.model(new Schema({ name: String }, { collection: 'people' }));
  const { options } = db.getClient();
  await database.close();

  expect(options).toMatchObject({ maxPoolSize: 3, serverSelectionTimeoutMS: 9000, connectTimeoutMS: 500 });
});

(MONGODB_TEST_URI === undefined ? describe.skip : describe)('the indexes of a collection, on MongoDB', () => {
  let lines: string[];
  let database: MongoDatabase;
  let direct: Connection;

  beforeEach(async () => {
    lines = [];
    const { store } = readConfig(mongoEnvironment(MONGODB_TEST_URI ?? '', NAME));
    const logger = createLogger('warn', { write: (text: string) => void lines.push(text) });
    database = (await openDatabase(store, logger)) as MongoDatabase;
    direct = await createConnection(MONGODB_TEST_URI ?? '', { dbName: NAME }).asPromise();
  });

  afterEach(async () => {
    await database.close();
    await direct.dropDatabase();
    await direct.close();
  });

  async function present(): Promise<unknown[]> {
    const found = await direct.collection('people').indexes();
    return found
      .map(({ name, key, unique = false }) => ({ name, key, unique }))
      .toSorted((one, other) => (String(one.name) < String(other.name) ? -1 : 1));
  }

  it('are made at the start, once', async () => {
    await database.model(schema());
    await database.model(schema());

    expect(await present()).toEqual([
      { name: '_id_', key: { _id: 1 }, unique: false },
      { name: 'by_age', key: { age: 1, name: 1 }, unique: false },
      { name: 'by_name', key: { name: 1 }, unique: true },
    ]);
    expect(lines).toEqual([]);
  });

  it('are left alone when they differ, with a word about what to do', async () => {
    await direct.collection('people').createIndex({ age: -1 }, { name: 'by_age' });
    await database.model(schema());

    expect(await present()).toContainEqual({ name: 'by_age', key: { age: -1 }, unique: false });
    expect(lines).toEqual([expect.stringContaining("Run db.people.dropIndex('by_age')")]);
  });

  it('may be more than the gateway needs', async () => {
    await direct.collection('people').createIndex({ age: 1 }, { name: 'by_somebody_else' });
    await database.model(schema());

    expect(await present()).toHaveLength(4);
    expect(lines).toEqual([]);
  });

  it('stop the start when one is not unique that must be', async () => {
    await direct.collection('people').createIndex({ name: 1 }, { name: 'by_name' });

    await expect(database.model(schema())).rejects.toThrow(UnusableStoreError);
  });

  it.each([{ partialFilterExpression: { age: { $gt: 5 } } }, { sparse: true }])(
    'stop the start when one is unique among some documents only: %j',
    async options => {
      await direct
        .collection('people')
        .createIndex({ name: 1 }, { name: 'by_name', unique: true, ...options });

      await expect(database.model(schema())).rejects.toThrow(UnusableStoreError);
    },
  );

  it('stop the start when they cannot be unique, saying where the surplus is', async () => {
    await direct.collection('people').insertMany([{ name: 'Ada' }, { name: 'Ada' }]);

    await expect(database.model(schema())).rejects.toThrow(/'by_name' .*'people' .* same name\. Remove/);
  });
});

import type { Kysely } from 'kysely';
import { databases } from '../../../../test/support/databases.js';
import type { SqlDatabase } from './database.js';
import { dropIndex } from './mysql-dialect.js';

interface Counters {
  counters: { name: string; n: number; note: string };
}

const stores = (await databases()).filter(([name]) => !name.startsWith('MongoDB'));

describe.each(stores)('what SQL repositories rely on, on %s', (_, open) => {
  let database: SqlDatabase;
  let db: Kysely<Counters>;

  beforeEach(async () => {
    database = (await open()) as SqlDatabase;
    db = database.sql;
    await db.schema
      .createTable('counters')
      .addColumn('name', 'varchar(64)', column => column.primaryKey())
      .addColumn('n', 'bigint', column => column.notNull())
      .addColumn('note', 'text', column => column.notNull())
      .execute();
  });

  afterEach(async () => {
    await database.close();
  });

  const insert = (name: string, note = ''): Promise<unknown> =>
    db.insertInto('counters').values({ name, n: 7, note }).execute();

  it('keys differ by case, accents and blanks at the end', async () => {
    const names = ['key', 'KEY', 'kéy', 'key ', 'ke\u0301y', '🐎', '🐴'];
    for (const name of names) {
      await insert(name);
    }

    for (const name of names) {
      const found = await db.selectFrom('counters').select('name').where('name', '=', name).execute();
      expect(found).toEqual([{ name }]);
    }
  });

  it('texts come back as they were, whatever is in them and however long they are', async () => {
    const note = `'"\\%_\`;--\n\r\t🐎 ${'x'.repeat(100_000)}`;
    await insert("it's \\", note);

    await expect(db.selectFrom('counters').selectAll().execute()).resolves.toEqual([
      { name: "it's \\", n: 7, note },
    ]);
  });

  it('an update counts the rows that it found, also when nothing about them changed', async () => {
    await insert('one');
    const update = db.updateTable('counters').set({ n: 7 });

    await expect(update.where('name', '=', 'one').executeTakeFirst()).resolves.toMatchObject({
      numUpdatedRows: 1n,
    });
    await expect(update.where('name', '=', 'two').executeTakeFirst()).resolves.toMatchObject({
      numUpdatedRows: 0n,
    });
  });

  it('an insert that finds its key taken does nothing, and counts so', async () => {
    const offer = (name: string): Promise<unknown> =>
      db
        .insertInto('counters')
        .values({ name, n: 8, note: '' })
        .onConflict(conflict => conflict.column('name').doNothing())
        .executeTakeFirst();
    await insert('one');

    await expect(offer('one')).resolves.toMatchObject({ numInsertedOrUpdatedRows: 0n });
    await expect(offer('two')).resolves.toMatchObject({ numInsertedOrUpdatedRows: 1n });
    await expect(db.selectFrom('counters').select('n').orderBy('name').execute()).resolves.toEqual([
      { n: 7 },
      { n: 8 },
    ]);
  });

  it('an insert may add to the row that is there, from many callers at once', async () => {
    const add = (n: number): Promise<unknown> =>
      db
        .insertInto('counters')
        .values({ name: 'one', n, note: '' })
        .onConflict(conflict =>
          conflict
            .column('name')
            .doUpdateSet(({ eb, ref }) => ({ n: eb('counters.n', '+', ref('excluded.n')) })),
        )
        .execute();
    await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(add));

    await expect(db.selectFrom('counters').select('n').execute()).resolves.toEqual([{ n: 36 }]);
  });

  it('a division gives whole numbers', async () => {
    await insert('one');

    await expect(
      db
        .selectFrom('counters')
        .select(({ eb }) => eb('n', '/', eb.lit(2)).as('half')) // SQLite takes a parameter for a fraction
        .execute(),
    ).resolves.toEqual([{ half: 3 }]);
  });

  it('a transaction that failed leaves nothing', async () => {
    const failing = db.transaction().execute(async transaction => {
      await transaction.insertInto('counters').values({ name: 'one', n: 1, note: '' }).execute();
      throw new Error('changed my mind');
    });

    await expect(failing).rejects.toThrow('changed my mind');
    await expect(db.selectFrom('counters').selectAll().execute()).resolves.toEqual([]);
  });

  it('an index can be dropped and made again under its name', async () => {
    await db.schema.createIndex('counters_by_n').on('counters').column('n').execute();
    await dropIndex(database.sql, 'counters', 'counters_by_n');

    await expect(
      db.schema.createIndex('counters_by_n').on('counters').columns(['n', 'name']).execute(),
    ).resolves.toBeUndefined();
  });
});

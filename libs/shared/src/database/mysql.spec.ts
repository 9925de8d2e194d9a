import { randomUUID } from 'node:crypto';
import { Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import {
  dropInMysql,
  MYSQL_TEST_CA,
  MYSQL_TEST_URI,
  mysqlEnvironment,
  openInMysql,
} from '../../../../test/support/databases.js';
import { eventually } from '../../../../test/support/eventually.js';
import { freePort } from '../../../../test/support/free-port.js';
import { readConfig } from '../config/config.reader.js';
import { createLogger } from '../logging/logger.js';
import type { Database, Sql, SqlDatabase } from './database.js';
import { PortableMysqlDialect } from './mysql-dialect.js';
import { openDatabase } from './open-database.js';
import { repository } from './repository.js';
import { UnusableStoreError } from './unusable-store.error.js';

const openAt = async (env: Record<string, string>): Promise<Database> =>
  openDatabase(readConfig(env).store, createLogger('silent'));
const failing = (url: string): Promise<unknown> =>
  openAt({ AI_GATEWAY_DATABASE_URL: url }).catch((thrown: unknown) => thrown);

describe('a MySQL that is not there', () => {
  it.each(['mysql', 'mariadb'])(
    'stops the start with one line that names it, and no password (%s)',
    async scheme => {
      const port = await freePort();
      const error = await failing(`${scheme}://hub:secret%2F9137@127.0.0.1:${port}/hub`);

      expect(error).toBeInstanceOf(UnusableStoreError);
      expect(String(error)).toContain(`MySQL at 127.0.0.1:${port} cannot be used: connect ECONNREFUSED`);
      expect(String(error)).not.toMatch(/secret|\n/);
    },
  );
});

describe('what MySQL cannot do', () => {
  it('is refused before it is asked for', () => {
    const db = new Kysely<{ t: { id: number } }>({
      dialect: new PortableMysqlDialect({ pool: () => Promise.reject(new Error('no server')) }),
    });
    const query = db
      .insertInto('t')
      .values({ id: 1 })
      .onConflict(conflict => conflict.column('id').doUpdateSet({ id: 2 }).where('t.id', '<', 2));

    expect(() => query.compile()).toThrow('MySQL has no condition on the update of `on conflict`.');
  });
});

abstract class ThingRepository {
  abstract count(): Promise<number>;
}

class ThingSqlRepository extends ThingRepository {
  static readonly migrations: Record<string, Migration> = {
    '1-things': {
      up: async (db: Kysely<unknown>) => {
        await db.schema.createTable('things').addColumn('id', 'varchar(64)').execute();
      },
    },
    '2-more': {
      up: async (db: Kysely<unknown>) => {
        const table = db.schema.alterTable('things');
        await table.addColumn('name', 'varchar(64)').execute();
        await db.schema.createIndex('things_by_name').on('things').column('name').execute();
        await table.addColumn('size', 'bigint').execute();
      },
    },
  };

  constructor(private readonly sql: Sql) {
    super();
  }

  async count(): Promise<number> {
    return (await this.sql.selectFrom('things').selectAll().execute()).length;
  }
}

const mongo = (): Promise<never> => Promise.reject(new Error('not here'));
const thingRepository = repository(ThingRepository, { sql: ThingSqlRepository, mongo });

(MYSQL_TEST_URI === undefined ? describe.skip : describe)('a MySQL that is there', () => {
  let database: SqlDatabase;

  beforeEach(async () => {
    database = (await openInMysql(MYSQL_TEST_URI ?? '')) as SqlDatabase;
  });
  afterEach(() => database.close());

  it('says which server it is, and answers', async () => {
    expect(database.server).toMatch(/^(MySQL|MariaDB) \d+\.\d+\.\d+$/);
    await expect(database.ping()).resolves.toBeUndefined();
  });

  it('gives 64-bit integers as numbers', async () => {
    const { sql: db } = database;
    await db.schema.createTable('big').addColumn('n', 'bigint').execute();
    await db.insertInto('big').values({ n: Number.MAX_SAFE_INTEGER }).execute();

    expect(await db.selectFrom('big').selectAll().execute()).toEqual([{ n: Number.MAX_SAFE_INTEGER }]);
  });

  it('cuts no value that is too long, also where a key may be taken', async () => {
    const { sql: db } = database;
    await db.schema
      .createTable('short')
      .addColumn('name', 'varchar(3)', column => column.primaryKey())
      .execute();
    const insert = db.insertInto('short').values({ name: 'long' });

    await expect(insert.execute()).rejects.toMatchObject({ code: 'ER_DATA_TOO_LONG' });
    await expect(
      insert.onConflict(conflict => conflict.column('name').doNothing()).execute(),
    ).rejects.toMatchObject({ code: 'ER_DATA_TOO_LONG' });
  });

  it('tells a key that is taken', async () => {
    const { sql: db } = database;
    await db.schema
      .createTable('once')
      .addColumn('name', 'varchar(3)', column => column.primaryKey())
      .execute();
    const insert = db.insertInto('once').values({ name: 'one' });
    await insert.execute();

    await expect(insert.execute()).rejects.toMatchObject({ code: 'ER_DUP_ENTRY' });
  });

  it('is brought up to date by one repository after another, so that none waits too long for a connection', async () => {
    const name = `test-${randomUUID()}`;
    const one = (await openAt({
      ...(await mysqlEnvironment(MYSQL_TEST_URI ?? '', name)),
      AI_GATEWAY_DATABASE_MYSQL_MAX_POOL_SIZE: '1',
      AI_GATEWAY_DATABASE_MYSQL_CONNECTION_TIMEOUT_MS: '500',
    })) as SqlDatabase;
    const slow: Migration = { up: async db => void (await sql`select sleep(0.7)`.execute(db)) };
    class SlowRepository extends ThingSqlRepository {
      static override readonly migrations = { slow };
    }
    abstract class OtherRepository extends ThingRepository {}
    const ports = [ThingRepository, OtherRepository].map(port =>
      repository(port, { sql: SlowRepository, mongo }),
    );
    try {
      await expect(Promise.all(ports.map(port => port.useFactory(one)))).resolves.toHaveLength(2);
    } finally {
      await one.close();
      await dropInMysql(MYSQL_TEST_URI ?? '', name);
    }
  });

  it('takes up a migration that a crash cut off', async () => {
    const { '1-things': first, '2-more': second } = ThingSqlRepository.migrations;
    const half = class extends ThingSqlRepository {
      static override readonly migrations = {
        '1-things': first as Migration,
        '2-more': {
          up: async (db: Kysely<unknown>) => {
            await second?.up(db);
            throw new Error('crashed');
          },
        },
      };
    };
    const crashing = repository(ThingRepository, { sql: half, mongo: () => Promise.reject(new Error('')) });

    await expect(crashing.useFactory(database)).rejects.toThrow(/cannot be brought up to date: crashed\./);
    const things = await thingRepository.useFactory(database);
    await expect(things.count()).resolves.toBe(0);
  });

  it('does not take a table of somebody else for its own', async () => {
    await database.sql.schema.createTable('things').addColumn('other', 'integer').execute();

    await expect(thingRepository.useFactory(database)).rejects.toThrow(/Table 'things' already exists/);
  });

  it('may end a connection: that is in the log, and the next question takes another one', async () => {
    const lines: string[] = [];
    const logger = createLogger('error', { write: (text: string) => void lines.push(text) });
    const env = { AI_GATEWAY_DATABASE_URL: MYSQL_TEST_URI ?? '' };
    const cutOff = (await openDatabase(readConfig(env).store, logger)) as SqlDatabase;
    const idOf = async (): Promise<number | undefined> => {
      const { rows } = await sql<{ id: number }>`select connection_id() as id`.execute(cutOff.sql);
      return rows[0]?.id;
    };
    const id = await idOf();
    await sql`kill ${sql.lit(id)}`.execute(database.sql);
    await eventually(() => expect(lines.join('')).toContain('MySQL hung up.'));

    await expect(idOf()).resolves.not.toBe(id);
    await cutOff.close();
  });

  it('that refuses the user stops the start with one line', async () => {
    const url = new URL(MYSQL_TEST_URI ?? '');
    url.password = 'wrong-9137';
    const error = await failing(url.href);

    expect(error).toBeInstanceOf(UnusableStoreError);
    expect(String(error)).toMatch(/Access denied for user/);
    expect(String(error)).not.toMatch(/wrong|\n/);
  });
});

function urlOf(host: string, query: string): string {
  const url = new URL(MYSQL_TEST_URI ?? '');
  url.hostname = host;
  url.search = query;
  return url.href;
}

(MYSQL_TEST_CA === undefined ? describe.skip : describe)('TLS to MySQL', () => {
  it.each([
    ['localhost', `ssl-mode=VERIFY_IDENTITY&ssl-ca=${MYSQL_TEST_CA}`],
    ['127.0.0.1', `ssl-mode=VERIFY_CA&ssl-ca=${MYSQL_TEST_CA}`],
    ['127.0.0.1', 'ssl-mode=REQUIRED'],
  ])('is spoken with %s and %s', async (host, query) => {
    const database = (await openAt({ AI_GATEWAY_DATABASE_URL: urlOf(host, query) })) as SqlDatabase;
    const { rows } = await sql<{ Value: string }>`show status like 'Ssl_version'`.execute(database.sql);
    await database.close();

    expect(rows).toEqual([expect.objectContaining({ Value: expect.stringMatching(/^TLSv1\.[23]$/) })]);
  });

  it.each(['VERIFY_CA', 'VERIFY_IDENTITY'])(
    'is not spoken with a server that nobody known vouches for (%s)',
    async mode => {
      const error = await failing(urlOf('localhost', `ssl-mode=${mode}`));

      expect(error).toBeInstanceOf(UnusableStoreError);
      expect(String(error)).toMatch(/cannot be used: self-signed certificate/);
    },
  );
});

(MYSQL_TEST_URI === undefined ? describe.skip : describe)('several gateways on one MySQL', () => {
  const name = `test-${randomUUID()}`;
  const opened: Database[] = [];

  afterEach(async () => {
    await Promise.all(opened.splice(0).map(database => database.close()));
    await dropInMysql(MYSQL_TEST_URI ?? '', name);
  });

  const start = async (env: Record<string, string>): Promise<SqlDatabase> => {
    const database = await openAt(env);
    opened.push(database);
    return database as SqlDatabase;
  };

  it('may start at once: one of them makes the tables', async () => {
    const env = await mysqlEnvironment(MYSQL_TEST_URI ?? '', name);
    const gateways = await Promise.all([1, 2, 3, 4].map(() => start(env)));
    const things = await Promise.all(gateways.map(gateway => thingRepository.useFactory(gateway)));

    await expect(Promise.all(things.map(each => each.count()))).resolves.toEqual([0, 0, 0, 0]);
  });

  it('tell whoever waits too long for a connection, and do not what was asked for then', async () => {
    const env = await mysqlEnvironment(MYSQL_TEST_URI ?? '', name);
    const { sql: db } = await start({
      ...env,
      AI_GATEWAY_DATABASE_MYSQL_CONNECTION_TIMEOUT_MS: '200',
      AI_GATEWAY_DATABASE_MYSQL_MAX_POOL_SIZE: '1',
    });
    await db.schema.createTable('late').addColumn('n', 'integer').execute();
    await db.connection().execute(async () => {
      await expect(db.insertInto('late').values({ n: 1 }).execute()).rejects.toThrow('within 200 ms');
    });

    await expect(db.selectFrom('late').selectAll().execute()).resolves.toEqual([]);
  });
});

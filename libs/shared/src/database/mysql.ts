import { Kysely, sql as raw } from 'kysely';
import type { MysqlStore } from '../config/store.js';
import type { Logger } from '../logging/logger.js';
import { within } from '../time/deadline.js';
import type { Sql, SqlDatabase } from './database.js';
import { PortableMysqlDialect } from './mysql-dialect.js';
import { BoundedMysqlPool } from './mysql-pool.js';
import { reasonOf, UnusableStoreError } from './unusable-store.error.js';

/** Opens a MySQL or a MariaDB. @throws UnusableStoreError when the server cannot be reached, or refuses the user */
export async function openMysql(store: MysqlStore, logger: Logger): Promise<SqlDatabase> {
  const { timeoutMs } = store;
  const pool = new BoundedMysqlPool(store, logger);
  const sql: Sql = new Kysely({ dialect: new PortableMysqlDialect({ pool }) });
  try {
    return {
      kind: 'sql',
      server: await serverOf(sql),
      sql,
      timeoutMs,
      ping: async () => {
        await within(timeoutMs, raw`select 1`.execute(sql));
      },
      now: () => within(timeoutMs, timeOf(sql)),
      close: () => sql.destroy(),
    };
  } catch (error) {
    await sql.destroy();
    throw unusable(store, error);
  }
}

async function serverOf(sql: Sql): Promise<string> {
  const { rows } = await raw<{ version: string }>`select version() as version`.execute(sql);
  const [version = '', ...rest] = rows[0]?.version.split('-') ?? [];
  return `${rest.includes('MariaDB') ? 'MariaDB' : 'MySQL'} ${version}`;
}

async function timeOf(sql: Sql): Promise<number> {
  const { rows } = await raw<{ now: string }>`select unix_timestamp(now(3)) as now`.execute(sql);
  return Math.round(Number(rows[0]?.now) * 1000);
}

function unusable({ hosts, password }: MysqlStore, error: unknown): UnusableStoreError {
  const reason = reasonOf(error, password);
  return new UnusableStoreError(
    `MySQL at ${hosts} cannot be used: ${reason}. Start it, or correct AI_GATEWAY_DATABASE_URL.`,
    { cause: error },
  );
}

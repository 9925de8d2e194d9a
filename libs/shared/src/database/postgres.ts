import { Kysely, PostgresDialect, sql as raw } from 'kysely';
import pg from 'pg';
import type { PostgresStore } from '../config/store.js';
import type { Logger } from '../logging/logger.js';
import { within } from '../time/deadline.js';
import type { Sql, SqlDatabase } from './database.js';
import { reasonOf, UnusableStoreError } from './unusable-store.error.js';

const INT8 = 20;
/** Frees the connections of a frozen server at the latest; making an index may take so long. */
const QUERY_TIMEOUT_MS = 60_000;

/** @throws UnusableStoreError when the server cannot be reached, or refuses the user */
export async function openPostgres(store: PostgresStore, logger: Logger): Promise<SqlDatabase> {
  const { timeoutMs } = store;
  const pool = new pg.Pool({
    connectionString: store.url,
    max: store.maxPoolSize,
    connectionTimeoutMillis: timeoutMs,
    query_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'llm-hub-ai-gateway',
    types: { getTypeParser },
  });
  // An `error` event that nobody hears would end the process: the pool's own, and that of a connection lost between two
  // steps of a transaction, of which the next step tells.
  pool.on('error', error => logger.error({ err: error, hosts: store.hosts }, 'PostgreSQL hung up.'));
  pool.on('connect', client => client.on('error', () => undefined));
  const sql: Sql = new Kysely({ dialect: new PostgresDialect({ pool }) });
  try {
    return {
      kind: 'sql',
      server: `PostgreSQL ${await versionOf(sql)}`,
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

async function timeOf(sql: Sql): Promise<number> {
  const { rows } = await raw<{ now: Date }>`select clock_timestamp() as now`.execute(sql);
  return Number(rows[0]?.now);
}

/** The driver gives 64-bit integers as text; none that is stored here passes a double's reach. */
function getTypeParser(type: number, format?: 'text' | 'binary'): (value: string) => unknown {
  return type === INT8 ? Number : pg.types.getTypeParser(type, format as 'text');
}

async function versionOf(sql: Sql): Promise<string> {
  const { rows } = await raw<{ server_version: string }>`show server_version`.execute(sql);
  return rows[0]?.server_version.split(' ')[0] ?? '';
}

function unusable({ hosts, password }: PostgresStore, error: unknown): UnusableStoreError {
  const reason = reasonOf(error, password);
  return new UnusableStoreError(
    `PostgreSQL at ${hosts} cannot be used: ${reason}. Start it, or correct AI_GATEWAY_DATABASE_URL.`,
    { cause: error },
  );
}

import type { Socket } from 'node:net';
import type { MysqlPool, MysqlPoolConnection } from 'kysely';
import { createPool, type Pool, type PoolConnection } from 'mysql2';
import type { MysqlStore } from '../config/store.js';
import type { Logger } from '../logging/logger.js';
import { DeadlineError } from '../time/deadline.js';

/** Frees the connections of a frozen server at the latest; making an index may take so long. */
const QUERY_TIMEOUT_MS = 60_000;
/**
 * Whatever the server's own settings are. Strict: a value that does not fit is an error, and is never cut. The driver
 * escapes with backslashes, so no mode may take their meaning.
 */
const SESSION = [
  "set session sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'",
  'set session transaction isolation level read committed',
];
/** A column or an index that is there, and an index that is not, by the server's numbers. */
const DONE_BEFORE = new Set([1060, 1061, 1091]);

interface Answer {
  affectedRows?: number;
  readonly info?: string;
}
type Callback = (error: unknown, answer?: Answer) => void;
type Query = (sql: string, values: unknown, done: Callback) => unknown;

/** What the driver's types leave out. */
interface Connection extends PoolConnection {
  readonly stream: Socket;
}

/** The driver's pool, for Kysely: nobody waits without end for a connection, and answers mean what they do in the other stores. */
export class BoundedMysqlPool implements MysqlPool {
  private readonly pool: Pool;
  private readonly timeoutMs: number;
  private readonly connections = new Set<Connection>();

  constructor(store: MysqlStore, logger: Logger) {
    this.timeoutMs = store.timeoutMs;
    const { host, port, user, password, database, tls } = store;
    this.pool = createPool({
      host,
      port,
      user,
      password,
      database,
      ...(tls && { ssl: tls }),
      connectTimeout: this.timeoutMs,
      connectionLimit: store.maxPoolSize,
      charset: 'utf8mb4_bin',
      // Counts are of rows that changed: `on conflict do nothing` did nothing. See `countOf` for updates.
      flags: ['-FOUND_ROWS', '-LOCAL_FILES'],
      supportBigNumbers: true, // beyond a double's reach, which nothing stored here passes, they come as text
      stringifyObjects: true,
      connectAttributes: { program_name: 'llm-hub-ai-gateway' },
    });
    this.pool.on('connection', connection => {
      this.prepare(connection as Connection);
      // An `error` event that nobody hears would end the process.
      connection.on('error', error => report(logger, store.hosts, error));
    });
  }

  getConnection(callback: (error: unknown, connection: MysqlPoolConnection) => void): void {
    let isWaiting = true;
    const timer = setTimeout(() => {
      isWaiting = false;
      callback(new DeadlineError(this.timeoutMs), undefined as never);
    }, this.timeoutMs);
    this.pool.getConnection((error, connection) => {
      clearTimeout(timer);
      if (isWaiting) {
        callback(error, connection as unknown as MysqlPoolConnection);
      } else {
        connection?.release(); // whoever waited was told no: what was asked for must not happen after all
      }
    });
  }

  /** A server that does not answer is not waited for. */
  end(callback: (error: unknown) => void): void {
    const timer = setTimeout(() => {
      for (const connection of this.connections) {
        hangUp(connection, new DeadlineError(this.timeoutMs));
      }
    }, this.timeoutMs);
    this.pool.end(error => {
      clearTimeout(timer);
      callback(error);
    });
  }

  /** Before its first use. */
  private prepare(connection: Connection): void {
    this.connections.add(connection);
    connection.stream.once('close', () => this.connections.delete(connection));
    connection.stream.setTimeout(QUERY_TIMEOUT_MS, () =>
      hangUp(connection, new DeadlineError(QUERY_TIMEOUT_MS)),
    );
    for (const statement of SESSION) {
      connection.query(statement, error => error && hangUp(connection, error));
    }
    const ask = connection.query.bind(connection) as Query;
    const query: Query = (sql, values, done) =>
      ask(sql, values, (error, answer) => answered(error, answer, done));
    Object.assign(connection, { query });
  }
}

function report(logger: Logger, hosts: string, error: unknown): void {
  if (!(error instanceof DeadlineError)) {
    logger.error({ err: error, hosts }, 'MySQL hung up.'); // else we did, on a connection that was idle, too
  }
}

/** `destroy()` of the driver would leave whoever waits for an answer without one. */
function hangUp(connection: Connection, reason: Error): void {
  connection.stream.destroy(reason);
}

/**
 * No transaction spans changes of tables, so a crash may leave a migration half done: the next start does it again, and
 * goes over what it finds done.
 */
function answered(error: unknown, answer: Answer | undefined, done: Callback): void {
  if (error && DONE_BEFORE.has((error as { errno?: number }).errno ?? 0)) {
    done(null, { affectedRows: 0 });
    return;
  }
  if (answer?.affectedRows !== undefined) {
    answer.affectedRows = countOf(answer.affectedRows, answer.info);
  }
  done(error, answer);
}

/** An update counts the rows that it found, as in the other stores, also when they had these values already. */
function countOf(changed: number, info = ''): number {
  const matched = /^Rows matched: (\d+)/.exec(info)?.[1];
  return matched === undefined ? changed : Number(matched);
}

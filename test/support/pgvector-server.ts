import { fileURLToPath } from 'node:url';
import { createLogger, openDatabase, readConfig, type SqlDatabase } from '@app/shared';
import { freePort } from './free-port.js';
import { ServerProcess } from './server-process.js';

const SCRIPT = fileURLToPath(new URL('pgvector.mjs', import.meta.url));

/** A PostgreSQL of a test's own, with pgvector. It forgets everything when it is killed. */
export class PgvectorServer extends ServerProcess {
  /** @param bare without pgvector */
  static async start(bare?: 'bare'): Promise<PgvectorServer> {
    const flags = bare === undefined ? [] : [bare];
    const server = new PgvectorServer('pgvector', await freePort(), [
      process.execPath,
      SCRIPT,
      '{port}',
      ...flags,
    ]);
    await server.start();
    return server;
  }

  get env(): Record<string, string> {
    return {
      AI_GATEWAY_DATABASE_URL: `postgres://postgres:test@127.0.0.1:${this.port}/postgres`,
      AI_GATEWAY_DATABASE_POSTGRES_CONNECTION_TIMEOUT_MS: '10000',
      AI_GATEWAY_DATABASE_POSTGRES_MAX_POOL_SIZE: '5',
    };
  }

  async open(): Promise<SqlDatabase> {
    const { store } = readConfig(this.env);
    return (await openDatabase(store, createLogger('silent'))) as SqlDatabase;
  }
}

// The stores, and the Redis beside them, each with a server of its own that can be killed, started again and frozen.
import { join } from 'node:path';
import { treeOf } from '../bench/processes.mjs';
import { startEmbeddedPostgres } from '../scripts/embedded-postgres.mjs';
import { startMariadb } from '../scripts/mariadb.mjs';
import { startRedis } from '../scripts/redis.mjs';
import { startMongo } from '../scripts/test-stores.mjs';

const TIMEOUT_MS = '500';
/** SecantusDB reads a page of the ledger in more than half a second when it has some ten thousand records. */
const MONGODB_TIMEOUT_MS = '1500';

/** How each is started: `{ env, server, stop }`, `env` for the gateways; `server` null: there is none. */
const STORES = {
  sqlite: async folder => ({
    env: { AI_GATEWAY_DATABASE_URL: `sqlite:${join(folder, 'gateway.db')}` },
    server: null,
    stop: async () => {},
  }),
  mongodb: async () =>
    running(await startMongo(), uri => ({
      AI_GATEWAY_DATABASE_URL: '',
      AI_GATEWAY_DATABASE_MONGODB_URL: `${uri}/gateway`,
      AI_GATEWAY_DATABASE_MONGODB_CONNECTION_TIMEOUT_MS: MONGODB_TIMEOUT_MS,
    })),
  postgres: async () =>
    running(await startEmbeddedPostgres(), uri => ({
      AI_GATEWAY_DATABASE_URL: uri,
      AI_GATEWAY_DATABASE_POSTGRES_CONNECTION_TIMEOUT_MS: TIMEOUT_MS,
    })),
  mysql: async () =>
    running(await startMariadb({ lasts: true }), uri => ({
      AI_GATEWAY_DATABASE_URL: uri,
      AI_GATEWAY_DATABASE_MYSQL_CONNECTION_TIMEOUT_MS: TIMEOUT_MS,
    })),
};

export const STORE_NAMES = Object.keys(STORES);

/** @throws Error that says what to install */
export function startStore(name, folder) {
  return STORES[name](folder);
}

/** What gateways do with limits while their Redis is away; `none`: they have no Redis. */
export const REDIS_MODES = ['none', 'open', 'closed'];

/** As a store. @throws Error that says what to install */
export async function startLimits(mode) {
  if (mode === 'none') {
    return { env: {}, server: null, stop: async () => {} };
  }
  return running(await startRedis(), uri => ({
    AI_GATEWAY_REDIS_URL: uri,
    AI_GATEWAY_LIMITS_ON_OUTAGE: mode,
  }));
}

function running(server, environment) {
  // A server of many processes is frozen with all of them.
  const signal = name => treeOf(server.pid()).forEach(pid => process.kill(pid, name));
  return {
    env: environment(server.uri),
    server: { kill: server.kill, start: server.start, signal },
    stop: server.stop,
  };
}

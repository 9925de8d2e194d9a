import { randomUUID } from 'node:crypto';
import { encryptionKey } from './encryption-key.js';
import { hasRedisServer, RedisServer } from './redis-server.js';
import { NO_STORE, SERVERS } from './test-store.js';

const [store] = Object.values(SERVERS).filter(({ uri }) => uri !== undefined);
const { uri: storeUri = '' } = store ?? {};

/** What several gateways have in common: a database of a server, an encryption key, and a Redis of their own. */
export class SharedGround {
  private constructor(
    readonly redis: RedisServer,
    /** Settings of each of them. */
    readonly env: Readonly<Record<string, string>>,
    private readonly name: string,
  ) {}

  /** Whether tests have servers for it. With CI=true they must. */
  static get isThere(): boolean {
    return store !== undefined && hasRedisServer();
  }

  static async start(): Promise<SharedGround> {
    const name = `test-${randomUUID()}`;
    const redis = await RedisServer.start();
    const env = {
      ...NO_STORE,
      ...(await store?.environment(storeUri, name)),
      AI_GATEWAY_SECURITY_ENCRYPTION_KEY: encryptionKey(7),
      AI_GATEWAY_REDIS_URL: redis.url,
    };
    return new SharedGround(redis, env, name);
  }

  async remove(): Promise<void> {
    await this.redis.remove();
    await store?.drop(storeUri, this.name);
  }
}

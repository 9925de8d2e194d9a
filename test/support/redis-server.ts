import { freePort } from './free-port.js';
import { commandOf, ServerProcess } from './server-process.js';

/** How `scripts/redis.mjs` starts a server, with `{port}` and `{folder}` in it. */
const COMMAND = process.env['REDIS_TEST_COMMAND'];

/** Whether tests can have a server of their own. With CI=true they must. */
export function hasRedisServer(): boolean {
  if (COMMAND === undefined && process.env['CI'] === 'true') {
    throw new Error('REDIS_TEST_COMMAND is missing: run the tests through `npm run stores -- …`.');
  }
  return COMMAND !== undefined;
}

/** A Redis of a test's own, to be stopped and frozen. It forgets everything when it is killed. */
export class RedisServer extends ServerProcess {
  /** @param flags more of them for the server, e.g. `--requirepass` */
  static async start(...flags: string[]): Promise<RedisServer> {
    const server = new RedisServer('redis-server', await freePort(), [...commandOf(COMMAND), ...flags]);
    await server.start();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }
}

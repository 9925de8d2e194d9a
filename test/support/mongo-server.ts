import type { FailingStore } from './failing-store.js';
import { freePort } from './free-port.js';
import { commandOf, ServerProcess } from './server-process.js';

/** How `scripts/test-stores.mjs` starts a server, with `{port}` and `{folder}` in it. */
const COMMAND = process.env['MONGODB_TEST_COMMAND'];

/** Whether a test can have a server of its own. With CI=true it must. */
export function hasMongoServer(): boolean {
  if (
    COMMAND === undefined &&
    process.env['CI'] === 'true' &&
    process.env['MONGODB_TEST_URI'] === undefined
  ) {
    throw new Error('MONGODB_TEST_COMMAND is missing: run the tests through `npm run stores -- …`.');
  }
  return COMMAND !== undefined;
}

export class MongoServer extends ServerProcess implements FailingStore {
  static async start(): Promise<MongoServer> {
    const server = new MongoServer('mongo-server', await freePort(), commandOf(COMMAND));
    await server.start();
    return server;
  }

  get environment(): Record<string, string> {
    return {
      AI_GATEWAY_DATABASE_URL: '',
      AI_GATEWAY_DATABASE_MONGODB_URL: `mongodb://127.0.0.1:${this.port}`,
      AI_GATEWAY_DATABASE_MONGODB_CONNECTION_TIMEOUT_MS: '500',
    };
  }
}

import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below those that systems give to outgoing connections, which would take it before its owner listens. */
const [FIRST, BEYOND] = [20_000, 32_000];

/** A port on 127.0.0.1 that nobody listens on at the moment. */
export async function freePort() {
  const port = randomInt(FIRST, BEYOND);
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return freePort(); // it is taken
  }
  server.close();
  await once(server, 'close');
  return port;
}

// What goes wrong during a run: gateways are killed and started again, the store is killed, then frozen, Redis is frozen, then killed.
import { setTimeout as delay } from 'node:timers/promises';
import { pick } from './random.mjs';

const KILL_EVERY_MS = 3000;
const DOWN_MS = 1000;
const AWAY_MS = 3000;

/**
 * All of it, in some seconds; nothing of it in a quiet run.
 *
 * @param run `{ gateways, store, redis, random, troubles }`; each trouble is noted in `troubles`
 */
export async function makeTrouble(run, { seconds, quiet }) {
  const ms = seconds * 1000;
  if (quiet) {
    return delay(ms);
  }
  const until = Date.now() + ms;
  await Promise.all([killGateways(run, until), harmStore(run, ms), cutRedis(run, ms)]);
  await Promise.all(run.gateways.map(gateway => gateway.ready()));
}

async function killGateways({ gateways, random, troubles }, until) {
  for (;;) {
    await delay(KILL_EVERY_MS * (0.5 + random()));
    if (Date.now() + DOWN_MS > until) {
      return;
    }
    const gateway = pick(random, gateways);
    await during(troubles, gateway.name, async () => {
      await gateway.kill();
      await delay(DOWN_MS * random());
      await gateway.revive();
    });
  }
}

async function harmStore({ store, troubles }, ms) {
  if (!store.server) {
    return; // it is a part of the gateway, and killed with it
  }
  await delay(ms * 0.3);
  await during(troubles, 'store', async () => {
    await store.server.kill();
    await delay(AWAY_MS);
    await store.server.start();
  });
  await delay(ms * 0.2);
  await during(troubles, 'store', async () => {
    store.server.signal('SIGSTOP');
    await delay(AWAY_MS);
    store.server.signal('SIGCONT');
  });
}

/** It comes back empty. */
async function cutRedis({ redis, troubles }, ms) {
  if (!redis.server) {
    return;
  }
  await delay(ms * 0.45);
  await during(troubles, 'redis', async () => {
    redis.server.signal('SIGSTOP');
    await delay(AWAY_MS);
    await redis.server.kill();
    await delay(AWAY_MS);
    await redis.server.start();
  });
}

async function during(troubles, of, doIt) {
  const trouble = { of, from: Date.now(), to: Number.POSITIVE_INFINITY };
  troubles.push(trouble);
  await doIt();
  trouble.to = Date.now();
}

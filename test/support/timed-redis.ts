import { type Clock, type Redis, RedisScript } from '@app/shared';

const TIME = "redis.call('TIME')";
const SET_TIME = new RedisScript("redis.call('MSET', 'test:s', ARGV[1], 'test:us', ARGV[2])");

/** A Redis whose scripts read the time of a test's clock. */
export function timed(redis: Redis, clock: Clock): Pick<Redis, 'isUp' | 'run'> {
  const scripts = new Map<RedisScript, RedisScript>();
  const timedScript = (script: RedisScript): RedisScript => {
    const known =
      scripts.get(script) ??
      new RedisScript(script.text.replace(TIME, "redis.call('MGET', 'test:s', 'test:us')"));
    scripts.set(script, known);
    return known;
  };
  return {
    get isUp() {
      return redis.isUp;
    },
    run: (script, keys, parameters) => {
      const now = clock.now();
      const seconds = Math.floor(now / 1000);
      redis.run(SET_TIME, [], [seconds, (now - seconds * 1000) * 1000]).catch(() => undefined); // so will the next
      return redis.run(timedScript(script), keys, parameters);
    },
  };
}

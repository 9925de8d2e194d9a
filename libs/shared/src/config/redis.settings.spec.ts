import { ConfigError } from './config.error.js';
import { readConfig } from './config.reader.js';

describe('the settings of Redis', () => {
  it('say where it is', () => {
    const { redis } = readConfig({ AI_GATEWAY_REDIS_URL: 'rediss://gateway:p%40ss@cache.example:6380/2' });

    expect(redis).toEqual({
      host: 'cache.example',
      port: 6380,
      user: 'gateway',
      password: 'p@ss',
      database: 2,
      isTls: true,
    });
    expect(readConfig({ AI_GATEWAY_REDIS_URL: 'redis://[::1]' }).redis).toEqual({
      host: '::1',
      port: 6379,
      database: 0,
      isTls: false,
    });
    expect(readConfig({}).redis).toBeNull();
    const closed = { AI_GATEWAY_LIMITS_ON_OUTAGE: 'closed', AI_GATEWAY_DATABASE_URL: 'postgres://db/hub' };
    expect(readConfig(closed)).toMatchObject({ redis: null, limitsOnOutage: 'closed' });
  });

  it.each([
    [{ AI_GATEWAY_REDIS_URL: 'redis://:p%ss-9137@cache' }, 'AI_GATEWAY_REDIS_URL is not percent-encoded.'],
    [{ AI_GATEWAY_REDIS_URL: 'redis://cache:70000' }, 'AI_GATEWAY_REDIS_URL names a host or a port'],
    [{ AI_GATEWAY_CACHE_STORE: 'redis' }, 'no Redis is configured. Set AI_GATEWAY_REDIS_URL'],
    [
      { AI_GATEWAY_LIMITS_ON_OUTAGE: 'closed' },
      'AI_GATEWAY_LIMITS_ON_OUTAGE is closed, but without a Redis or a database',
    ],
  ])('stop the start at what they cannot mean: %j', (env, message) => {
    expect(() => readConfig(env)).toThrow(ConfigError);
    expect(() => readConfig(env)).toThrow(message);
    expect(() => readConfig(env)).not.toThrow('9137');
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Redis as Client } from 'ioredis';
import { pino } from 'pino';
import { makeCertificate } from '../../../../test/support/certificate.js';
import { eventually } from '../../../../test/support/eventually.js';
import { freePort } from '../../../../test/support/free-port.js';
import { hasRedisServer, RedisServer } from '../../../../test/support/redis-server.js';
import { redisOf } from '../config/redis.settings.js';
import { readConfig } from '../config/config.reader.js';
import type { Logger } from '../logging/logger.js';
import { Redis, RedisScript } from './redis.js';

const ADD = new RedisScript("return redis.call('INCRBY', KEYS[1], ARGV[1])");

/** What was logged, a line each. */
let lines: string[];
let opened: Redis | null;

function logger(): Logger {
  return pino({ base: null }, { write: (line: string) => void lines.push(line) });
}

async function open(url: string): Promise<Redis> {
  const server = redisOf(readConfig({ AI_GATEWAY_REDIS_URL: url }));
  if (!server) {
    throw new Error('No server was read.');
  }
  opened = await Redis.open(server, logger());
  return opened;
}

beforeEach(() => {
  lines = [];
  opened = null;
});
afterEach(() => opened?.close());

describe('a Redis that is not there', () => {
  it('does not stop the start, fails at once, and is told once', async () => {
    const port = await freePort();
    const redis = await open(`redis://:secret%2F9137@127.0.0.1:${port}`);

    expect(redis.isUp).toBe(false);
    await expect(redis.run(ADD, ['n'], [1])).rejects.toThrow('Redis is away');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`"redis":"127.0.0.1:${port}","reason":"connect ECONNREFUSED`);
    expect(lines[0]).not.toContain('9137');
  });
});

(hasRedisServer() ? describe : describe.skip)('a Redis that is there', () => {
  let server: RedisServer;

  afterEach(() => server.remove());

  it('runs scripts, those that it has forgotten too', async () => {
    server = await RedisServer.start();
    const redis = await open(server.url);

    expect(redis.isUp).toBe(true);
    await expect(redis.run(ADD, ['n'], [2])).resolves.toBe(2);
    const client = new Client(server.url);
    await client.script('FLUSH').finally(() => client.disconnect());
    await expect(redis.run(ADD, ['n'], [3])).resolves.toBe(5);
  });

  it('that is killed is not asked again until it is back', async () => {
    server = await RedisServer.start();
    const redis = await open(server.url);
    await server.kill();
    await eventually(() => expect(redis.isUp).toBe(false));
    await expect(redis.run(ADD, ['n'], [1])).rejects.toThrow('Redis is away');
    await server.start();
    await eventually(() => expect(redis.isUp).toBe(true));

    await expect(redis.run(ADD, ['n'], [1])).resolves.toBe(1);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain('Redis is back.');
  });

  it('that is frozen fails what waits for it, then everything at once, and comes back', async () => {
    server = await RedisServer.start();
    const redis = await open(server.url);
    server.freeze();

    const waiting = Array.from({ length: 50 }, () => redis.run(ADD, ['n'], [1]));
    expect((await Promise.allSettled(waiting)).map(({ status }) => status)).toEqual(
      waiting.map(() => 'rejected'),
    );
    await expect(redis.run(ADD, ['n'], [1])).rejects.toThrow('Redis is away');
    server.thaw();
    await eventually(() => expect(redis.isUp).toBe(true));
    await expect(redis.run(ADD, ['other'], [1])).resolves.toBe(1);
    expect(lines).toHaveLength(2);
  });

  it('that is frozen lets go of who closes it', async () => {
    server = await RedisServer.start();
    const redis = await open(server.url);
    server.freeze();

    await expect(redis.close()).resolves.toBeUndefined();
    expect(redis.isUp).toBe(false);
    expect(lines).toEqual([]);
  });

  it('that shows a certificate of nobody is away', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'redis-tls-'));
    const { cert, key } = makeCertificate('Redis for tests');
    const files = { cert: path.join(folder, 'cert.pem'), key: path.join(folder, 'key.pem') };
    writeFileSync(files.cert, cert);
    writeFileSync(files.key, key);
    const port = await freePort();
    const tls = ['--tls-port', String(port), '--tls-cert-file', files.cert, '--tls-key-file', files.key];
    server = await RedisServer.start(...tls, '--tls-ca-cert-file', files.cert, '--tls-auth-clients', 'no');
    const redis = await open(`rediss://localhost:${port}`);
    rmSync(folder, { recursive: true });

    expect(redis.isUp).toBe(false);
    expect(lines[0]).toContain('self-signed certificate');
  });

  it('that takes no writes is away', async () => {
    server = await RedisServer.start('--maxmemory', '1', '--maxmemory-policy', 'noeviction');
    const redis = await open(server.url);

    expect(redis.isUp).toBe(false);
    expect(lines[0]).toContain('OOM');
  });

  it('that wants another password is away, and the log has neither', async () => {
    server = await RedisServer.start('--requirepass', 'right-9137-password');
    const wrong = new URL(server.url);
    wrong.password = 'wrong-9138-password';
    const redis = await open(wrong.href);

    expect(redis.isUp).toBe(false);
    expect(lines).toHaveLength(1);
    expect(lines.join()).not.toMatch(/913[78]/);
    await redis.close();

    const right = new URL(server.url);
    right.password = 'right-9137-password';
    expect((await open(right.href)).isUp).toBe(true);
  });
});

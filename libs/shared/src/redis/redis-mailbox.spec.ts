import { Redis as Client } from 'ioredis';
import { eventually } from '../../../../test/support/eventually.js';
import { hasRedisServer, RedisServer } from '../../../../test/support/redis-server.js';
import { readConfig } from '../config/config.reader.js';
import { redisOf } from '../config/redis.settings.js';
import { createLogger } from '../logging/logger.js';
import { Redis, RedisScript } from './redis.js';
import type { RedisMailbox } from './redis-mailbox.js';

const ADDRESS = 'llmhub:gateway:one';
const EVERYBODY = 'llmhub:gateway:all';
const SEND = new RedisScript("return redis.call('PUBLISH', ARGV[1], ARGV[2])");

(hasRedisServer() ? describe : describe.skip)('a mailbox in Redis', () => {
  let server: RedisServer;
  let redis: Redis;
  let mailbox: RedisMailbox;
  let heard: string[];
  /** Of the log. */
  let lines: string[];

  afterEach(async () => {
    server.thaw();
    mailbox.close();
    await redis.close();
    await server.remove();
  });

  async function open(url: string): Promise<void> {
    const settings = redisOf(readConfig({ AI_GATEWAY_REDIS_URL: url }));
    if (!settings) {
      throw new Error('No server was read.');
    }
    lines = [];
    redis = await Redis.open(settings, createLogger('warn', { write: line => lines.push(line) }));
    heard = [];
    mailbox = await redis.openMailbox([ADDRESS, EVERYBODY], message => heard.push(message));
  }

  const send = (message: string, address = ADDRESS): Promise<unknown> =>
    redis.run(SEND, [], [address, message]);

  it('hears what is sent to it, in order, as long as it is open', async () => {
    server = await RedisServer.start();
    await open(server.url);
    expect(mailbox.isOpen).toBe(true);
    await expect(send('one')).resolves.toBe(1);
    await expect(send('two, ü', EVERYBODY)).resolves.toBe(1);
    await expect(send('three')).resolves.toBe(1);
    await eventually(() => expect(heard).toEqual(['one', 'two, ü', 'three']));

    mailbox.close();
    expect(mailbox.isOpen).toBe(false);
    await eventually(async () => expect(await send('four')).toBe(0));
    await mailbox.check();
    expect([mailbox.isOpen, heard]).toEqual([false, ['one', 'two, ü', 'three']]);
  });

  it('is open again after its server was killed, and hears each message once', async () => {
    server = await RedisServer.start();
    await open(server.url);
    await server.kill();
    await eventually(() => expect(mailbox.isOpen).toBe(false));
    await server.start();
    await eventually(() => expect([mailbox.isOpen, redis.isUp]).toEqual([true, true]));
    await expect(send('one')).resolves.toBe(1);

    await eventually(() => expect(heard).toEqual(['one']));
  });

  it('opens when its server comes later', async () => {
    server = await RedisServer.start();
    await server.kill();
    await open(server.url);
    expect(mailbox.isOpen).toBe(false);
    await server.start();

    await eventually(() => expect(mailbox.isOpen).toBe(true));
  });

  it('notices a connection that leads nowhere, and makes another', async () => {
    server = await RedisServer.start();
    await open(server.url);
    server.freeze();
    expect(mailbox.isOpen).toBe(true); // it cannot know
    await mailbox.check();
    expect(mailbox.isOpen).toBe(false);
    server.thaw();

    await eventually(() => expect(mailbox.isOpen).toBe(true));
  });

  it('is none for a user without its channel, who has the rest', async () => {
    server = await RedisServer.start('--user', ...'limited on >right-9137 ~* +@all resetchannels'.split(' '));
    const url = new URL(server.url);
    url.username = 'limited';
    url.password = 'right-9137';
    await open(url.href);

    expect([redis.isUp, mailbox.isOpen]).toEqual([true, false]);
    expect(lines).toEqual([expect.stringContaining('no messages of other gateways')]);
    expect(lines.join()).not.toContain('9137');
    const other = new Client(server.url);
    await expect(other.publish(ADDRESS, 'one')).resolves.toBe(0);
    other.disconnect();
  });
});

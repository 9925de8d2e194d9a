import { createHash } from 'node:crypto';
import type { Redis as Client } from 'ioredis';
import type { RedisServer } from '../config/redis.settings.js';
import { reasonOf } from '../database/unusable-store.error.js';
import type { Logger } from '../logging/logger.js';
import { within } from '../time/deadline.js';
import { RedisMailbox } from './redis-mailbox.js';

/** For any question on the path of a call. */
const DEADLINE_MS = 200;
const CONNECT_MS = 1000;
/** A connection that owes an answer for so long is given up: no word may come of a server that is gone. */
const SILENCE_MS = 2000;
const RECONNECT_MS = 250;
const PROBE_MS = 500;
const PROBE_KEY = 'llmhub:probe';

/** A script in Lua, which Redis runs in one step: nothing comes between its lines. */
export class RedisScript {
  readonly sha: string;

  constructor(readonly text: string) {
    this.sha = createHash('sha1').update(text).digest('hex');
  }
}

const PUBLISH = new RedisScript(`return redis.call('PUBLISH', ARGV[1], ARGV[2])`);

/**
 * The Redis (or Valkey) that gateways share. It may be away: no question takes longer than 200 ms, and after one that
 * failed no other is asked until it has taken a probe, twice a second. Injected as null when none is configured.
 */
export class Redis {
  /** Scripts that this connection has seen. */
  private readonly sent = new Set<RedisScript>();
  private isAnswering = false;
  private isClosed = false;
  /** Runs while it is away; not null also says that the log knows. */
  private probes: NodeJS.Timeout | null = null;
  private probing: Promise<void> | null = null;

  private constructor(
    private readonly client: Client,
    private readonly server: RedisServer,
    private readonly logger: Logger,
    private readonly consequence: string,
  ) {}

  /**
   * Also a server that is away is opened: it may come. Its driver is imported only now.
   *
   * @param consequence what the log says of an outage
   */
  static async open(
    server: RedisServer,
    logger: Logger,
    consequence = 'limits and calls that gateways make for each other do without until it is back',
  ): Promise<Redis> {
    const { Redis: Driver } = await import('ioredis');
    const client = new Driver({
      host: server.host,
      port: server.port,
      username: server.user,
      password: server.password,
      db: server.database,
      ...(server.isTls && { tls: {} }),
      protocol: 2,
      lazyConnect: true,
      connectTimeout: CONNECT_MS,
      disconnectTimeout: DEADLINE_MS,
      socketTimeout: SILENCE_MS,
      retryStrategy: () => RECONNECT_MS,
      // What cannot be asked now fails now, and nothing is asked twice: it may have been done.
      enableOfflineQueue: false,
      enableReadyCheck: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
    });
    const redis = new Redis(client, server, logger, consequence);
    await redis.connect();
    return redis;
  }

  /** Whether there is any point in asking. */
  get isUp(): boolean {
    return this.isAnswering;
  }

  /**
   * @param keys that the script touches
   * @returns what it returns: integers, strings, lists of them
   * @throws Error when there is no answer within 200 ms; at once while it is away. The script may have run nevertheless
   */
  async run(
    script: RedisScript,
    keys: readonly string[],
    parameters: readonly (string | number)[],
  ): Promise<unknown> {
    if (!this.isAnswering) {
      throw new Error('Redis is away.');
    }
    try {
      return await within(DEADLINE_MS, this.evaluate(script, [keys.length, ...keys, ...parameters]));
    } catch (error) {
      this.noteOutage(error);
      throw error;
    }
  }

  /** @returns how many hear it @throws as `run` */
  async publish(address: string, message: string): Promise<number> {
    return Number(await this.run(PUBLISH, [], [address, message]));
  }

  /** @param hear is told every message that is sent to one of the addresses, in order */
  openMailbox(addresses: readonly string[], hear: (message: string) => void): Promise<RedisMailbox> {
    const client = this.client.duplicate({ autoResubscribe: false });
    return RedisMailbox.open(client, addresses, hear, error => {
      const reason = reasonOf(error, this.server.password);
      this.logger.warn(
        { redis: this.name, reason },
        'Redis lets its user hear no messages of other gateways.',
      );
    });
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.isAnswering = false;
    clearInterval(this.probes ?? undefined);
    try {
      await within(DEADLINE_MS, this.client.quit());
    } catch {
      this.client.disconnect(); // what is away needs no farewell
    }
  }

  private async connect(): Promise<void> {
    this.client.on('error', error => this.noteOutage(error));
    this.client.on('close', () => {
      this.sent.clear();
      this.noteOutage(new Error('the connection was closed'));
    });
    this.client.on('ready', () => void this.probe());
    try {
      await within(CONNECT_MS, this.client.connect());
    } catch (error) {
      this.noteOutage(error);
    }
    await this.probe();
  }

  private async evaluate(
    script: RedisScript,
    [count, ...rest]: [number, ...(string | number)[]],
  ): Promise<unknown> {
    if (!this.sent.has(script)) {
      this.sent.add(script); // what is asked after it must come after it
      return this.client.eval(script.text, count, ...rest);
    }
    try {
      return await this.client.evalsha(script.sha, count, ...rest);
    } catch (error) {
      if (error instanceof Error && error.message.startsWith('NOSCRIPT')) {
        return this.client.eval(script.text, count, ...rest);
      }
      throw error;
    }
  }

  private probe(): Promise<void> {
    this.probing ??= this.tryProbe().finally(() => (this.probing = null));
    return this.probing;
  }

  /** Writes, because a server that is full or a replica answers, and yet is of no use. */
  private async tryProbe(): Promise<void> {
    try {
      await within(DEADLINE_MS, this.client.set(PROBE_KEY, '1', 'PX', PROBE_MS));
    } catch (error) {
      this.noteOutage(error);
      return;
    }
    if (this.isClosed) {
      return;
    }
    this.isAnswering = true;
    if (this.probes) {
      clearInterval(this.probes);
      this.probes = null;
      this.logger.info({ redis: this.name }, 'Redis is back.');
    }
  }

  /** Told once. Never the error itself: the driver's hold the command, and so the password. */
  private noteOutage(error: unknown): void {
    this.isAnswering = false;
    if (this.probes || this.isClosed) {
      return;
    }
    this.probes = setInterval(() => void this.probe(), PROBE_MS).unref();
    const reason = reasonOf(error, this.server.password);
    this.logger.warn({ redis: this.name, reason }, `Redis does not answer; ${this.consequence}.`);
  }

  private get name(): string {
    return `${this.server.host}:${this.server.port}`;
  }
}

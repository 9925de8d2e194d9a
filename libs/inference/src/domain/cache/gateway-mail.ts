import { Inject, Injectable } from '@nestjs/common';
import {
  LOGGER,
  type Logger,
  ProcessId,
  Redis,
  type RedisMailbox,
  type RedisScript,
  Secrets,
} from '@app/shared';
import { type Circular, type Mail, openMail, type Said, sealMail } from './flight-mail.js';

/** All gateways hear what is sent there. */
const EVERYBODY = 'llmhub:gateway:all';
const NOTHING = Buffer.alloc(0);

/** Messages from gateway to gateway, by way of Redis, sealed: nothing of them is kept there. */
@Injectable()
export class GatewayMail {
  /** Of this gateway. */
  readonly address: string;
  private mailbox: RedisMailbox | null = null;

  constructor(
    @Inject(Redis) private readonly redis: Redis | null,
    { id }: ProcessId,
    private readonly secrets: Secrets,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.address = `llmhub:gateway:${id}`;
  }

  /** Whether mail goes there and back, as far as is known. */
  get isReached(): boolean {
    return this.redis !== null && this.redis.isUp && this.mailbox !== null && this.mailbox.isOpen;
  }

  async open(hear: (mail: Mail) => void): Promise<void> {
    const take = (message: string): void => this.take(message, hear);
    this.mailbox = (await this.redis?.openMailbox([this.address, EVERYBODY], take)) ?? null;
  }

  close(): void {
    this.mailbox?.close();
  }

  /** Notices a connection that was lost. Never throws. */
  async check(): Promise<void> {
    await this.mailbox?.check();
  }

  /** Whether anybody hears it. Never throws. @param key of the call that it is about */
  async send(address: string, key: string, said: Said, body: Buffer = NOTHING): Promise<boolean> {
    try {
      return ((await this.redis?.publish(address, this.seal(key, said, body))) ?? 0) > 0;
    } catch {
      return false; // `Redis` has told it
    }
  }

  /** To all gateways that can be reached, this one among them. Never throws. */
  async sendToAll(circular: Circular): Promise<void> {
    if (this.redis?.isUp) {
      await this.send(EVERYBODY, EVERYBODY, circular);
    }
  }

  /** A message for a script to send. */
  seal(key: string, said: Said, body: Buffer = NOTHING): string {
    return sealMail({ key, said, body }, this.secrets);
  }

  /** @throws Error when Redis does not answer */
  async run(
    script: RedisScript,
    keys: readonly string[],
    parameters: readonly (string | number)[],
  ): Promise<unknown> {
    return this.redis?.run(script, keys, parameters);
  }

  private take(message: string, hear: (mail: Mail) => void): void {
    let mail: Mail;
    try {
      mail = openMail(message, this.secrets);
    } catch (error) {
      this.logger.warn({ err: error }, 'A message of another gateway does not open.');
      return;
    }
    hear(mail);
  }
}

import { Inject, Injectable } from '@nestjs/common';
import { LOGGER, type Logger, Redis, type RedisMailbox, Secrets } from '@app/shared';

const CHANNEL = 'llmhub:feed';

/** Texts from gateway to gateways, by way of Redis: sealed, and kept nowhere. Without one, and while it is away, nobody hears them. */
@Injectable()
export class SealedChannel {
  private mailbox: RedisMailbox | null = null;
  private isRefusalTold = false;

  constructor(
    @Inject(Redis) private readonly redis: Redis | null,
    private readonly secrets: Secrets,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Whether there is any point in telling. */
  get isReached(): boolean {
    return this.redis?.isUp ?? false;
  }

  /** @param hear is told what all gateways send, this one among them; what somebody has recorded, and sends again, too */
  async open(hear: (text: string) => void): Promise<void> {
    const take = (envelope: string): void => this.take(envelope, hear);
    this.mailbox = (await this.redis?.openMailbox([CHANNEL], take)) ?? null;
  }

  /** Never throws: `Redis` has told why. */
  async send(text: string): Promise<void> {
    if (this.redis?.isUp) {
      const envelope = this.secrets.encrypt(text, CHANNEL);
      await this.redis.publish(CHANNEL, envelope).catch(() => undefined);
    }
  }

  /** Notices a connection that was lost. Never throws. */
  async check(): Promise<void> {
    await this.mailbox?.check();
  }

  close(): void {
    this.mailbox?.close();
  }

  /** What throws here would end the process. */
  private take(envelope: string, hear: (text: string) => void): void {
    try {
      hear(this.secrets.decrypt(envelope, CHANNEL));
    } catch (error) {
      if (!this.isRefusalTold) {
        this.isRefusalTold = true; // twice a second would be too often
        this.logger.warn({ err: error }, 'What another gateway tells of its calls is not understood.');
      }
    }
  }
}

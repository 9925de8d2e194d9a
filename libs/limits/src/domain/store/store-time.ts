import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { type Clock, type Logger } from '@app/shared';

const EVERY_MS = 1000;
/** Stores cut their time to whole ms. */
const GRAIN_MS = 1;

/** What can be asked of the store. */
export interface AskedStore {
  /** Unix ms by its clock. */
  now(): Promise<number>;
  /** Rejects unless it takes what is written: a store that only answers is of no use. */
  probe(): Promise<void>;
}

/**
 * The store's clock, as exactly as this process can tell, and whether the store answers at all. Gateways go by that clock alone:
 * their own may be seconds apart. It is asked once a second, and never on the path of a call.
 */
export class StoreTime implements OnApplicationBootstrap, OnModuleDestroy {
  /** The store's time less that of this process, at least and at most. */
  private atLeast = 0;
  private atMost = 0;
  private isAnswering = false;
  private isTold = false;
  private timer: NodeJS.Timeout | null = null;
  private asking: Promise<void> | null = null;

  constructor(
    private readonly store: AskedStore,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** Whether there is any point in asking. */
  get isUp(): boolean {
    return this.isAnswering;
  }

  /** It is not earlier at the store, in Unix ms. */
  earliest(): number {
    return this.clock.ticks() + this.atLeast;
  }

  /** Nor later. */
  latest(): number {
    return this.clock.ticks() + this.atMost;
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.ask(), EVERY_MS).unref();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer ?? undefined);
    await this.asking;
  }

  /** Never throws. */
  ask(): Promise<void> {
    this.asking ??= this.tryAsk().finally(() => (this.asking = null));
    return this.asking;
  }

  /** Somebody waited in vain: nobody else does until the store answers again. Told once. */
  noteOutage(error: unknown): void {
    this.isAnswering = false;
    if (!this.isTold) {
      this.isTold = true;
      this.logger.warn({ err: error }, 'The store does not answer; limits do without until it is back.');
    }
  }

  private async tryAsk(): Promise<void> {
    try {
      if (this.isTold) {
        await this.store.probe();
      }
      const asked = this.clock.ticks();
      const now = await this.store.now();
      this.atLeast = now - this.clock.ticks();
      this.atMost = now + GRAIN_MS - asked;
    } catch (error) {
      this.noteOutage(error);
      return;
    }
    this.isAnswering = true;
    if (this.isTold) {
      this.isTold = false;
      this.logger.info('The store is back: limits hold for all gateways again.');
    }
  }
}

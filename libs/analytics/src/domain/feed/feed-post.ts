import { Injectable } from '@nestjs/common';
import { Clock, ProcessId } from '@app/shared';
import type { UsageRecord } from '../usage-record.entity.js';
import type { ToldSums } from './feed-sums.js';
import { SealedChannel } from './sealed-channel.js';

/** Clocks of gateways may differ by so much. */
const CLOCK_SKEW_MS = 60_000;
/** Who says nothing for so long has stopped. */
const SILENCE_MS = 3000;

/** What a gateway tells the others twice a second. */
export interface Post {
  readonly calls: readonly UsageRecord[];
  /** By project; null where its second is not over. */
  readonly sums: Readonly<Record<string, ToldSums>> | null;
}

interface Stamped extends Post {
  /** The process. */
  readonly from: string;
  /** Unix ms, and more than that of its last post: what somebody has recorded, and sends again, is not heard. */
  readonly number: number;
}

/** What gateways tell each other of their calls, each post heard once. */
@Injectable()
export class FeedPost {
  /** Of the last one. */
  private number = 0;
  /** The last one of each gateway, and when it was heard, in monotonic ms. */
  private readonly heard = new Map<string, { readonly number: number; readonly at: number }>();

  constructor(
    private readonly channel: SealedChannel,
    private readonly self: ProcessId,
    private readonly clock: Clock,
  ) {}

  /** @param hear is told what other gateways send */
  open(hear: (post: Post) => void): Promise<void> {
    return this.channel.open(text => {
      const stamped = JSON.parse(text) as Stamped;
      if (this.isNew(stamped)) {
        hear(stamped);
      }
    });
  }

  /** Never throws. */
  async send(post: Post): Promise<void> {
    if (!this.channel.isReached) {
      return;
    }
    this.number = Math.max(this.number + 1, this.clock.now());
    const stamped: Stamped = { from: this.self.id, number: this.number, ...post };
    await Promise.all([this.channel.send(JSON.stringify(stamped)), this.channel.check()]);
  }

  /** Other gateways that are heard. */
  get others(): number {
    const now = this.clock.ticks();
    for (const [from, { at }] of this.heard) {
      if (now - at > 2 * CLOCK_SKEW_MS) {
        this.heard.delete(from); // what it has sent is too old by now to be heard again
      }
    }
    return [...this.heard.values()].filter(({ at }) => now - at <= SILENCE_MS).length;
  }

  close(): void {
    this.channel.close();
  }

  private isNew({ from, number }: Stamped): boolean {
    const last = this.heard.get(from)?.number ?? this.clock.now() - CLOCK_SKEW_MS;
    if (from === this.self.id || number <= last) {
      return false;
    }
    this.heard.set(from, { number, at: this.clock.ticks() });
    return true;
  }
}

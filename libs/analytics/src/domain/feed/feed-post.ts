import { Injectable } from '@nestjs/common';
import { Clock, CLOCK_SKEW_MS, MessageNumbers, type Numbered, ProcessId } from '@app/shared';
import type { UsageRecord } from '../usage-record.entity.js';
import type { ToldSums } from './feed-sums.js';
import { SealedChannel } from './sealed-channel.js';

/** Who says nothing for so long has stopped. */
const SILENCE_MS = 3000;

/** What a gateway tells the others twice a second. */
export interface Post {
  readonly calls: readonly UsageRecord[];
  /** By project; null where its second is not over. */
  readonly sums: Readonly<Record<string, ToldSums>> | null;
}

type Stamped = Post & Numbered;

/** What gateways tell each other of their calls, each post heard once. */
@Injectable()
export class FeedPost {
  private readonly numbers: MessageNumbers;
  /** When each gateway was last heard, in monotonic ms. */
  private readonly heardAt = new Map<string, number>();

  constructor(
    private readonly channel: SealedChannel,
    { id }: ProcessId,
    private readonly clock: Clock,
  ) {
    this.numbers = new MessageNumbers(id, clock);
  }

  /** @param hear is told what other gateways send */
  open(hear: (post: Post) => void): Promise<void> {
    return this.channel.open(text => {
      const stamped = JSON.parse(text) as Stamped;
      if (this.numbers.isNew(stamped, this.clock.now() - CLOCK_SKEW_MS)) {
        this.heardAt.set(stamped.from, this.clock.ticks());
        hear(stamped);
      }
    });
  }

  /** Never throws. */
  async send(post: Post): Promise<void> {
    if (!this.channel.isReached) {
      return;
    }
    const stamped: Stamped = { ...this.numbers.next(), ...post };
    await Promise.all([this.channel.send(JSON.stringify(stamped)), this.channel.check()]);
  }

  /** Other gateways that are heard. */
  get others(): number {
    const now = this.clock.ticks();
    for (const [from, at] of this.heardAt) {
      if (now - at > 2 * CLOCK_SKEW_MS) {
        this.heardAt.delete(from);
        this.numbers.forget(from); // what it has sent is too old by now to be heard again
      }
    }
    return [...this.heardAt.values()].filter(at => now - at <= SILENCE_MS).length;
  }

  close(): void {
    this.channel.close();
  }
}

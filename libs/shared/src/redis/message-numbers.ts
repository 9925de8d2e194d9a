import type { Clock } from '../time/clock.js';

/** Clocks of gateways may differ by so much. */
export const CLOCK_SKEW_MS = 60_000;

/** What a gateway says to others. */
export interface Numbered {
  /** Who says it. */
  readonly from: string;
  /** Unix ms, and more than that of its last one: nobody else can have one heard again. */
  readonly number: number;
}

/** Has each message of each gateway heard once: not what somebody has recorded, and sends again. */
export class MessageNumbers {
  private last = 0;
  /** Of the last one that was heard, by its sender. */
  private readonly heard = new Map<string, number>();

  constructor(
    private readonly self: string,
    private readonly clock: Clock,
  ) {}

  /** Of the next message of one's own. */
  next(): Numbered {
    this.last = Math.max(this.last + 1, this.clock.now());
    return { from: this.self, number: this.last };
  }

  /** False also for one's own. @param oldest of a sender that was not heard before, in Unix ms */
  isNew({ from, number }: Numbered, oldest: number): boolean {
    if (from === this.self || number <= (this.heard.get(from) ?? oldest)) {
      return false;
    }
    this.heard.set(from, number);
    return true;
  }

  forget(from: string): void {
    this.heard.delete(from);
  }
}

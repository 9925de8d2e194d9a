import { replaceRecord, type Quota } from '@app/shared';
import { SLOT_MS, SLOTS } from '../minute-window.js';
import type { LimitRecord, LimitRecordRepository } from './limit-record.repository.js';
import { Pace } from './pace.js';
import { REFUSED, type Share } from './share.js';
import { SharedWindow, slotOf } from './shared-window.js';
import type { StoreTime } from './store-time.js';
import { Turns } from './turns.js';

/** Of what is left, so much at most is taken ahead: the less there is, the more exactly it is shared. */
const AHEAD = 1 / 16;
/** What was taken is void so soon that it hardly ever happens; then it is taken anew. */
const ATTEMPTS = 3;

/** Somebody who waits for the store's word. */
interface Waiting {
  readonly amount: number;
  readonly limit: number;
  place: number;
}

/**
 * A quota a minute, as this process takes from it: with one word for all who wait, and while demand lasts a slice ahead, so that
 * most calls ask nobody. All of it is dated at the end of the next slot, within half a second, and void from then on.
 */
export class MinuteShare implements Share {
  /** What all gateways had taken at the last word, and what this one told itself since. */
  private seen = SharedWindow.read();
  /** The slot of the last word: what is full stays so until something can leave the window. */
  private believed = REFUSED;
  private slice = { slot: REFUSED, left: 0 };
  /** By slot, what the store does not know yet: what was used beyond what was taken, or, below 0, taken and not needed. */
  private untold = new Map<number, number>();
  private waiting: Waiting[] = [];
  private readonly pace = new Pace();
  private readonly turns = new Turns(() => this.word());

  constructor(
    private readonly id: string,
    private readonly records: LimitRecordRepository,
    private readonly time: StoreTime,
  ) {}

  get isIdle(): boolean {
    return this.isTold && this.turns.areOver && this.seen.countAt(this.time.earliest()) === 0;
  }

  take(amount: number, limit: number): number | Promise<number> {
    const { slice } = this;
    this.pace.note(slotOf(this.time.latest()), amount);
    if (this.used() + amount > limit) {
      return slotOf(this.time.earliest()) === this.believed ? REFUSED : this.ask(amount, limit);
    }
    if (slice.left >= amount && this.isGood(slice.slot)) {
      slice.left -= amount;
      return slice.slot;
    }
    return this.ask(amount, limit);
  }

  putBack(slot: number, amount: number): void {
    const { slice } = this;
    if (slice.slot === slot && this.isGood(slot)) {
      slice.left += amount;
    } else {
      this.note(slot, -amount);
    }
  }

  /** More was used than taken: that counts from now on. */
  takeMore(amount: number): void {
    this.note(slotOf(this.time.latest()), amount);
  }

  tell(): Promise<void> | null {
    const isNeeded = this.untold.size > 0 || (this.slice.left > 0 && !this.isGood(this.slice.slot));
    return isNeeded ? this.turns.take() : null;
  }

  /** What is left, by what is known here. */
  quotaOf(limit: number): Quota {
    const remaining = Math.min(limit, Math.max(0, limit - this.used()));
    return { limit, remaining, resetMs: this.seen.msUntilEmpty(this.time.earliest()) };
  }

  /** In how many ms so much fits, unless others take it. */
  msUntilLeft(amount: number, limit: number): number {
    return this.seen.msUntilGone(this.used() + amount - limit, this.time.earliest());
  }

  /** By all gateways, as far as is known here. */
  private used(): number {
    return this.seen.countAt(this.time.earliest()) - this.slice.left;
  }

  private get isTold(): boolean {
    return this.slice.left === 0 && this.untold.size === 0;
  }

  /** What is dated there may still be used. */
  private isGood(slot: number): boolean {
    return slotOf(this.time.latest()) <= slot;
  }

  private note(slot: number, amount: number): void {
    this.seen.change(slot, amount);
    this.untold.set(slot, (this.untold.get(slot) ?? 0) + amount);
  }

  private async ask(amount: number, limit: number): Promise<number> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const waiting = { amount, limit, place: REFUSED };
      this.waiting.push(waiting);
      await this.turns.take();
      if (waiting.place === REFUSED || this.isGood(waiting.place)) {
        return waiting.place;
      }
      this.note(waiting.place, -amount); // this process stood still
    }
    return REFUSED;
  }

  /** For all that wait, with all that the store does not know yet. */
  private async word(): Promise<void> {
    const { waiting, slice } = this;
    this.slice = { slot: REFUSED, left: 0 }; // first: nothing of it is used meanwhile
    if (slice.left > 0) {
      this.note(slice.slot, -slice.left);
    }
    const { untold } = this;
    this.untold = new Map();
    this.waiting = [];
    this.believed = REFUSED;
    let outcome = { window: this.seen, at: REFUSED, slot: REFUSED, ahead: 0 };
    try {
      await replaceRecord(this.records, this.id, found => {
        const [earliest, latest] = [this.time.earliest(), this.time.latest()];
        const window = SharedWindow.read(found?.content, latest);
        const slot = slotOf(latest) + 1;
        changeAll(window, untold);
        const before = window.countAt(earliest);
        const ahead = this.serve(waiting, { window, slot, earliest });
        outcome = { window, at: slotOf(earliest), slot, ahead };
        return untold.size === 0 && window.countAt(earliest) === before ? null : this.recordOf(window);
      });
    } catch (error) {
      for (const [dated, amount] of untold) {
        if (amount > 0) {
          this.untold.set(dated, (this.untold.get(dated) ?? 0) + amount);
        } // else nobody knows whether it came back: it is not given back twice
      }
      throw error;
    }
    changeAll(outcome.window, this.untold); // of meanwhile
    this.seen = outcome.window;
    this.believed = outcome.at;
    this.slice = { slot: outcome.slot, left: outcome.ahead };
  }

  /** @returns what is taken besides, for those who come soon */
  private serve(waiting: readonly Waiting[], { window, slot, earliest }: Moment): number {
    let most = waiting.length > 0 ? this.pace.lastOf(slot - 1) : 0;
    for (const one of waiting) {
      const left = one.limit - window.countAt(earliest) - one.amount;
      one.place = left < 0 ? REFUSED : slot;
      window.change(slot, left < 0 ? 0 : one.amount);
      most = Math.max(0, Math.min(most, Math.floor(left * AHEAD)));
    }
    window.change(slot, most);
    return most;
  }

  private recordOf(window: SharedWindow): LimitRecord {
    const expiresAt = Math.ceil(this.time.latest()) + 2 * SLOTS * SLOT_MS;
    return { id: this.id, version: 0, content: window.toString(), expiresAt };
  }
}

/** Where and when something is taken. */
interface Moment {
  readonly window: SharedWindow;
  readonly slot: number;
  readonly earliest: number;
}

function changeAll(window: SharedWindow, amounts: ReadonlyMap<number, number>): void {
  for (const [slot, amount] of amounts) {
    window.change(slot, amount);
  }
}

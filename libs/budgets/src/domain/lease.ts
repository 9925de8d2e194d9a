import type { Place } from './budget-account.js';
import type { Budget } from './budget.entity.js';
import type { BudgetWindow } from './budget-window.js';

/** One account in one window, as this process spends from it. Amounts in nano-USD. */
export class Lease {
  /** What the store lets this process spend, spent or not. */
  granted = 0;
  /** Spent by calls that have ended. */
  used = 0;
  /** The most that calls under way may spend. */
  held = 0;
  /** What else there was when the store was last asked, and could give no more; null: it did, or may again. */
  lastLeft: number | null = null;
  /** Monotonic ms until which `lastLeft` is believed. */
  believedUntil = 0;
  /** Whether something was taken since the last round. */
  isBusy = false;
  /** What waits for the store to be asked. */
  wanted = 0;
  /** Calls that are on their way to take something. */
  waiting = 0;
  /** The word with the store that is under way. */
  asking: Promise<void> | null = null;
  /** The store may have another grant than this. */
  isUnsure = false;
  private hasBegun = false;

  constructor(
    readonly account: { readonly id: string; readonly projectId: string; readonly subject: string },
    public budget: Budget,
    public window: BudgetWindow,
  ) {}

  /** Nobody spends from it, or is about to, and nothing is to be given back. */
  get isIdle(): boolean {
    return this.waiting === 0 && this.held === 0 && this.available <= 0 && !this.isUnsure && !this.asking;
  }

  /** May be held without asking anybody; below 0 when calls cost more than was held. */
  get available(): number {
    return this.granted - this.used - this.held;
  }

  /** The budget has changed, but not the window's start. */
  under(budget: Budget, window: BudgetWindow): this {
    if (budget.limitUsd < this.budget.limitUsd) {
      this.granted = Math.min(this.granted, this.used + this.held); // the store says what of it may still be spent
      this.isUnsure = true;
    }
    this.budget = budget;
    this.window = window;
    this.lastLeft = null;
    return this;
  }

  /** What the store says was taken before: by an earlier lease of this process, which has spent it. */
  begin(taken: number): void {
    if (!this.hasBegun) {
      this.hasBegun = true;
      this.granted += taken;
      this.used += taken;
    }
  }

  placeOf(process: string): Place {
    return { start: this.window.start, process };
  }

  take(nanoUsd: number): void {
    this.held += nanoUsd;
    this.isBusy = true;
  }

  /** A call has ended. */
  settle(heldNanoUsd: number, usedNanoUsd: number): void {
    this.held -= heldNanoUsd;
    this.used += usedNanoUsd;
    this.lastLeft = null; // there may be room again
  }
}

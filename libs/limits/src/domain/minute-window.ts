const WINDOW_MS = 60_000;
export const SLOT_MS = 250;
/** One more than a minute has: what happened counts until its whole slot is a minute old, so never for too short a time. */
export const SLOTS = WINDOW_MS / SLOT_MS + 1;

/**
 * Counts what happened within the last minute, and a quarter of a second more at most: two kilobytes and a constant
 * number of steps, however much it was. Times are monotonic ms.
 */
export class MinuteWindow {
  /** Doubles, which no number of tokens that a vendor may report makes wrong. */
  private readonly slots = new Float64Array(SLOTS);
  /** Slots since the clock began. */
  private newest = 0;
  private counted = 0;
  private lastUsed = 0;

  /** Whether nothing happened within the minute. */
  isEmptyAt(now: number): boolean {
    return this.countAt(now) === 0;
  }

  countAt(now: number): number {
    const slot = Math.floor(now / SLOT_MS);
    const steps = Math.min(slot - this.newest, SLOTS);
    for (let step = 1; step <= steps; step++) {
      const at = (this.newest + step) % SLOTS;
      this.counted -= this.slots[at] ?? 0;
      this.slots[at] = 0;
    }
    this.newest = slot;
    return this.counted;
  }

  /** @returns the slot that it is counted in, for `takeBack` */
  add(now: number, amount = 1): number {
    this.countAt(now);
    const at = this.newest % SLOTS;
    this.slots[at] = (this.slots[at] ?? 0) + amount;
    this.counted += amount;
    this.lastUsed = this.newest;
    return this.newest;
  }

  /** Counts less in a slot; what is out of the window by now counts for nothing anyway. */
  takeBack(amount: number, slot: number, now: number): void {
    this.countAt(now);
    if (slot > this.newest - SLOTS) {
      const at = slot % SLOTS;
      const taken = Math.min(amount, this.slots[at] ?? 0);
      this.slots[at] = (this.slots[at] ?? 0) - taken;
      this.counted -= taken;
    }
  }

  /** In how many ms all that is counted will be out of the window. */
  msUntilEmpty(now: number): number {
    return (this.lastUsed + SLOTS) * SLOT_MS - now;
  }

  /** In how many ms so many of what is counted will be out of the window. */
  msUntilGone(wanted: number, now: number): number {
    this.countAt(now);
    let gone = 0;
    for (let step = 1; step <= SLOTS; step++) {
      gone += this.slots[(this.newest + step) % SLOTS] ?? 0;
      if (gone >= wanted) {
        return (this.newest + step) * SLOT_MS - now;
      }
    }
    return WINDOW_MS;
  }
}

const WINDOW_MS = 60_000;
const SLOT_MS = 250;
/** One more than a minute has: a request counts until its whole slot is a minute old, so never for too short a time. */
const SLOTS = WINDOW_MS / SLOT_MS + 1;

/**
 * Counts what happened within the last minute, and a quarter of a second more at most: a kilobyte and a constant number
 * of steps, however much it was. Times are monotonic ms.
 */
export class MinuteWindow {
  private readonly slots = new Uint32Array(SLOTS);
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

  add(now: number): void {
    this.countAt(now);
    const at = this.newest % SLOTS;
    this.slots[at] = (this.slots[at] ?? 0) + 1;
    this.counted += 1;
    this.lastUsed = this.newest;
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

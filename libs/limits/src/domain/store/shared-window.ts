import { SLOT_MS, SLOTS } from '../minute-window.js';

/** Later than any gateway dates what it takes: the store's clock was set back since. */
const TOO_LATE = 8;

/** @param time Unix ms by the store's clock */
export function slotOf(time: number): number {
  return Math.floor(time / SLOT_MS);
}

/**
 * How much was taken of a quota a minute by all gateways, by the slot at whose end it is used or void: it counts until that slot is a
 * minute old. So in no minute, whenever it begins, is more used than it ever held.
 */
export class SharedWindow {
  private newest = -1;
  private counted = 0;

  private constructor(private readonly slots: Map<number, number>) {
    for (const amount of slots.values()) {
      this.counted += amount;
    }
  }

  /** @param content as `toString` made it; none is an empty one */
  static read(content = '[]', latest = Number.POSITIVE_INFINITY): SharedWindow {
    const now = slotOf(latest);
    const slots = new Map<number, number>();
    for (const [slot, amount] of JSON.parse(content) as [number, number][]) {
      const dated = slot > now + TOO_LATE ? now + 1 : slot;
      slots.set(dated, (slots.get(dated) ?? 0) + amount);
    }
    return new SharedWindow(slots);
  }

  toString(): string {
    return JSON.stringify([...this.slots]);
  }

  /** @param earliest the store's time, at least */
  countAt(earliest: number): number {
    const now = slotOf(earliest);
    if (now !== this.newest) {
      this.newest = now;
      for (const [slot, amount] of this.slots) {
        if (slot + SLOTS <= now) {
          this.slots.delete(slot);
          this.counted -= amount;
        }
      }
    }
    return this.counted;
  }

  /** @param amount below 0 for what comes back: of a slot that is out of the window by now, nothing does */
  change(slot: number, amount: number): void {
    const before = this.slots.get(slot) ?? 0;
    const after = Math.max(0, before + amount);
    if (after > 0) {
      this.slots.set(slot, after);
    } else {
      this.slots.delete(slot);
    }
    this.counted += after - before;
  }

  /** In how many ms all that is counted will be out of the window. */
  msUntilEmpty(earliest: number): number {
    const last = Math.max(...this.slots.keys());
    return Number.isFinite(last) ? Math.max(0, (last + SLOTS) * SLOT_MS - earliest) : 0;
  }

  /** In how many ms so many of what is counted will be out of the window. */
  msUntilGone(wanted: number, earliest: number): number {
    let gone = 0;
    for (const [slot, amount] of [...this.slots].toSorted(([one], [other]) => one - other)) {
      gone += amount;
      if (gone >= wanted) {
        return Math.max(0, (slot + SLOTS) * SLOT_MS - earliest);
      }
    }
    return SLOT_MS * SLOTS;
  }
}

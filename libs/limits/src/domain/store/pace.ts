/** How much was asked for in the last whole slot: as much will be in the next. */
export class Pace {
  private slot = 0;
  private current = 0;
  private last = 0;

  note(slot: number, amount: number): void {
    this.last = this.lastOf(slot);
    this.current = slot === this.slot ? this.current + amount : amount;
    this.slot = slot;
  }

  /** In the one before this. */
  lastOf(slot: number): number {
    return slot === this.slot ? this.last : slot === this.slot + 1 ? this.current : 0;
  }
}

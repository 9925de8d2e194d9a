import { Injectable } from '@nestjs/common';
import { Clock } from '@app/shared';

const WINDOW_MS = 60_000;
const ALLOWED = 20;
const ADDRESSES = 10_000;

interface Tally {
  readonly endsAt: number;
  count: number;
}

/** Counts wrong keys by address, so that guessing is answered with 429. It never stands in the way of a right key. */
@Injectable()
export class WrongKeys {
  private readonly tallies = new Map<string, Tally>();

  constructor(private readonly clock: Clock) {}

  /** Addresses remembered. */
  get size(): number {
    return this.tallies.size;
  }

  /** Counts one more; how many ms the address shall wait, or 0 while it is within bounds. */
  record(address: string): number {
    const now = this.clock.ticks();
    let tally = this.tallies.get(address);
    if (!tally || now >= tally.endsAt) {
      tally = this.begin(address, now);
    }
    tally.count += 1;
    return tally.count > ALLOWED ? tally.endsAt - now : 0;
  }

  private begin(address: string, now: number): Tally {
    this.tallies.delete(address);
    if (this.tallies.size >= ADDRESSES) {
      const [oldest = ''] = this.tallies.keys();
      this.tallies.delete(oldest);
    }
    const tally = { endsAt: now + WINDOW_MS, count: 0 };
    this.tallies.set(address, tally);
    return tally;
  }
}

import { putLast } from '@app/shared';

/** Beyond some 15 calls a minute of one prefix and key OpenAI asks further machines, which have nothing in their cache. */
const CALLS_OF_KEY = 12;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const KEPT = 10_000;

interface Rate {
  /** Monotonic ms: when the minute, and the hour, that are counted began. */
  minuteAt: number;
  hourAt: number;
  calls: number;
  keys: number;
  /** Keys that the fullest minute of this hour needed. */
  most: number;
}

/**
 * Over how many keys the conversations with one beginning have to be spread, so that none is asked for too often: a power of two,
 * so that with twice as many every second conversation keeps its key. It grows at once, and shrinks by the hour.
 */
export class StartRates {
  private readonly rates = new Map<string, Rate>();

  /** One more call. @param now monotonic ms */
  keysFor(start: string, now: number): number {
    const rate = this.rates.get(start) ?? { minuteAt: now, hourAt: now, calls: 0, keys: 1, most: 1 };
    putLast(this.rates, start, rate, KEPT);
    if (now - rate.minuteAt >= MINUTE_MS) {
      Object.assign(rate, { minuteAt: now, calls: 0 });
    }
    if (now - rate.hourAt >= HOUR_MS) {
      Object.assign(rate, { hourAt: now, keys: rate.most, most: 1 });
    }
    rate.calls += 1;
    while (rate.calls > rate.most * CALLS_OF_KEY) {
      rate.most *= 2;
    }
    rate.keys = Math.max(rate.keys, rate.most);
    return rate.keys;
  }
}

import { Injectable } from '@nestjs/common';
import { Clock } from '@app/shared';
import { KeyCooldowns } from './key-cooldowns.js';

/** A key of a vendor, one of several. */
export interface PooledKey {
  /** Id of its record: cool-downs are noted under it. */
  readonly id: string;
  /** Its share of the calls, compared with the others; 0: only when all others cool down. */
  readonly weight: number;
}

/** Which of several keys a call uses. */
@Injectable()
export class KeyPool {
  constructor(
    private readonly cooldowns: KeyCooldowns,
    private readonly clock: Clock,
  ) {}

  /**
   * One of the keys that do not cool down for this model, by their weights; null when all do.
   *
   * @param random at least 0, less than 1
   */
  choose<Key extends PooledKey>(keys: readonly Key[], model: string, random: number): Key | null {
    const [first] = keys;
    if (keys.length === 1 && first) {
      return this.isReady(first, model) ? first : null;
    }
    let sum = 0;
    let spare: Key | null = null;
    for (const key of keys) {
      if (this.isReady(key, model)) {
        sum += key.weight;
        spare ??= key;
      }
    }
    return sum > 0 ? this.drawn(keys, model, random * sum) : spare;
  }

  /** In how many ms one of the keys can be used for the model; 0: now. Infinity without keys. */
  nextReady(keys: readonly PooledKey[], model: string): number {
    let soonest = Infinity;
    for (const { id } of keys) {
      const until = this.cooldowns.until(id, model);
      if (until === 0) {
        return 0;
      }
      soonest = Math.min(soonest, until);
    }
    return Math.max(0, soonest - this.clock.ticks());
  }

  /** Whether none of the keys can be used for the model, and only since each has met a limit. */
  areLimited(keys: readonly PooledKey[], model: string): boolean {
    return keys.length > 0 && keys.every(({ id }) => this.cooldowns.isLimited(id, model));
  }

  private drawn<Key extends PooledKey>(keys: readonly Key[], model: string, draw: number): Key | null {
    let rest = draw;
    let last: Key | null = null;
    for (const key of keys) {
      if (key.weight > 0 && this.isReady(key, model)) {
        if (rest < key.weight) {
          return key;
        }
        rest -= key.weight;
        last = key; // sums of fractions are not exact
      }
    }
    return last;
  }

  private isReady({ id }: PooledKey, model: string): boolean {
    return this.cooldowns.until(id, model) === 0;
  }
}

import { Injectable } from '@nestjs/common';
import { Clock } from '@app/shared';
import type { CoolingKey } from './cooling-key.entity.js';
import { RecentMap } from './recent-map.js';
import { type RateLimits, type RequestSize, waitForAnother } from './rate-limits.js';

const REMEMBERED_KEYS = 10_000;
/** Callers invent names of models. */
const REMEMBERED_MODELS = 100;
/** A key that was refused is not mended in seconds. */
const REFUSED_MS = 300_000;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;
/** A limit of a day is told with `retry-after`; what is more is nonsense. */
const LONGEST_RETRY_AFTER_MS = 86_400_000;

/** What a vendor answered to a key. */
export interface Refusal {
  /** Id of the record of the key, never the key. */
  readonly keyId: string;
  /** The vendor's name of it; null where the call had none. */
  readonly model: string | null;
  readonly status: number;
  /** What the vendor said, if it did. */
  readonly retryAfterMs?: number | null;
}

interface Pause {
  /** Monotonic ms. */
  until: number;
  /** The same, of what this gateway was told by the vendor itself. */
  ownUntil: number;
  /** What made it last until then was a limit, and no refusal. */
  limited: boolean;
  /** Refusals without `retry-after` since the last success. */
  refusals: number;
}

/** By another gateway; older ones do not tell the reason. */
type Told = Omit<CoolingKey, 'limited'> & Partial<Pick<CoolingKey, 'limited'>>;

interface KeyPauses {
  /** For every model. */
  readonly whole: Pause;
  readonly models: RecentMap<Pause>;
}

/** Vendors' keys that may not be used for a while, because their vendor said so. */
@Injectable()
export class KeyCooldowns {
  private readonly keys = new RecentMap<KeyPauses>(REMEMBERED_KEYS);
  private told = 0;

  constructor(private readonly clock: Clock) {}

  /** Grows whenever a vendor makes this gateway leave a key alone. */
  get changes(): number {
    return this.told;
  }

  /**
   * Leaves a key alone: after 401 and 402 for five minutes; after 403 likewise, but for that model alone, since vendors
   * also say so of a model that the key may not use, and a caller who asks for it must not take the key from the others;
   * after 429 for that model, for exactly as long as the vendor said, else for a second, which doubles up to a minute
   * each time it happens again. Other statuses say nothing of the key.
   */
  cool({ keyId, model, status, retryAfterMs }: Refusal): void {
    if (status === 401 || status === 402) {
      this.pause(keyId, null, REFUSED_MS);
    } else if (status === 403) {
      this.pause(keyId, model, REFUSED_MS);
    } else if (status === 429 && typeof retryAfterMs === 'number') {
      this.rest(keyId, model, Math.min(retryAfterMs, LONGEST_RETRY_AFTER_MS));
    } else if (status === 429) {
      this.pauseLonger(this.pauseOf(keyId, model));
    }
  }

  /** Leaves a key alone for so many ms, if it is not left alone for longer. */
  pause(keyId: string, model: string | null, ms: number): void {
    this.extend(this.pauseOf(keyId, model), this.clock.ticks() + ms, false);
  }

  /** Another gateway was told so. */
  pauseAsOthers({ keyId, model, remainingMs, limited = false }: Told): void {
    const until = this.clock.ticks() + Math.min(remainingMs, LONGEST_RETRY_AFTER_MS);
    lengthen(this.pauseOf(keyId, model), until, limited);
  }

  /** Obeys what the vendor said of its limits before it has to refuse another request like this one. */
  noteLimits(keyId: string, model: string, limits: RateLimits, size: RequestSize): void {
    const waitMs = waitForAnother(size, limits);
    if (waitMs > 0) {
      this.rest(keyId, model, waitMs);
    }
  }

  /** The key works for the model: the next pause without `retry-after` is short again. */
  succeeded(keyId: string, model: string): void {
    if (this.keys.size === 0) {
      return;
    }
    const pause = this.keys.get(keyId)?.models.get(model);
    if (pause) {
      pause.refusals = 0;
    }
  }

  /** Until when the key may not be used for the model, in monotonic ms; 0: it may be used now. */
  until(keyId: string, model: string): number {
    if (this.keys.size === 0) {
      return 0;
    }
    const key = this.keys.get(keyId);
    const until = key ? Math.max(key.whole.until, key.models.get(model)?.until ?? 0) : 0;
    return until !== 0 && until > this.clock.ticks() ? until : 0;
  }

  /** Whether the key may not be used for the model now, and only since it has met a limit. */
  isLimited(keyId: string, model: string): boolean {
    const key = this.keys.get(keyId);
    const now = this.clock.ticks();
    const lasting = key ? [key.whole, key.models.get(model)].filter(pause => pause && pause.until > now) : [];
    return lasting.length > 0 && lasting.every(pause => pause?.limited);
  }

  /** Those that last. */
  all(): CoolingKey[] {
    return this.lasting(({ until }) => until);
  }

  /** Those that last of which this gateway was told by the vendor itself: what others told must not come back to them. */
  own(): CoolingKey[] {
    return this.lasting(({ ownUntil }) => ownUntil);
  }

  private lasting(untilOf: (pause: Pause) => number): CoolingKey[] {
    const now = this.clock.ticks();
    const found: CoolingKey[] = [];
    const add = (keyId: string, model: string | null, pause: Pause): void => {
      const remainingMs = untilOf(pause) - now;
      if (remainingMs > 0) {
        found.push({ keyId, model, remainingMs, limited: pause.limited });
      }
    };
    for (const [keyId, { whole, models }] of this.keys.entries()) {
      add(keyId, null, whole);
      for (const [model, pause] of models.entries()) {
        add(keyId, model, pause);
      }
    }
    return found;
  }

  /** The same, since it met a limit. */
  private rest(keyId: string, model: string | null, ms: number): void {
    this.extend(this.pauseOf(keyId, model), this.clock.ticks() + ms, true);
  }

  /** Refusals of calls that were under way together count once. */
  private pauseLonger(pause: Pause): void {
    const now = this.clock.ticks();
    if (now < pause.until) {
      return;
    }
    this.extend(pause, now + Math.min(FIRST_PAUSE_MS * 2 ** pause.refusals, LONGEST_PAUSE_MS), true);
    pause.refusals += 1;
  }

  private extend(pause: Pause, until: number, limited: boolean): void {
    if (until > pause.ownUntil) {
      pause.ownUntil = until;
      lengthen(pause, until, limited);
      this.told += 1;
    }
  }

  private pauseOf(keyId: string, model: string | null): Pause {
    let key = this.keys.get(keyId);
    if (!key) {
      key = { whole: newPause(), models: new RecentMap(REMEMBERED_MODELS) };
      this.keys.add(keyId, key);
    }
    if (model === null) {
      return key.whole;
    }
    let pause = key.models.get(model);
    if (!pause) {
      pause = newPause();
      key.models.add(model, pause);
    }
    return pause;
  }
}

function newPause(): Pause {
  return { until: 0, ownUntil: 0, limited: false, refusals: 0 };
}

function lengthen(pause: Pause, until: number, limited: boolean): void {
  if (until > pause.until) {
    pause.until = until;
    pause.limited = limited;
  }
}

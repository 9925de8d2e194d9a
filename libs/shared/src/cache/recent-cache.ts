import type { Clock } from '../time/clock.js';
import { putLast } from './put-last.js';

export interface RecentCacheOptions {
  /** For how long an answer is used without asking again, in ms. */
  readonly freshMs: number;
  /** For how long a value is used while the source fails, in ms. */
  readonly staleMs: number;
  /** Values kept, and absences kept; of each, the longest unused go first. */
  readonly limit: number;
}

interface Entry<Value> {
  readonly value: Value;
  readonly staleAfter: number;
  freshUntil: number;
  /** While fresh: who asks from then on has the source asked, too, but does not wait for it. */
  renewFrom: number;
}

/** @param known what the source answered last, fresh or not */
type Ask<Value> = (known: Value | undefined) => Promise<Value | null>;

interface Load<Value> {
  readonly startedAt: number;
  readonly result: Promise<Value | null>;
}

/**
 * Remembers what a source answered, so that the hot path seldom asks and survives an outage of the source. Simultaneous
 * questions are asked once. What is asked for often is renewed while it is fresh still, so that nobody waits for a source
 * that has just frozen. `null` means "there is none": it is remembered while fresh, never served stale, and a flood
 * of it cannot push a value out.
 */
export class RecentCache<Value extends object> {
  private readonly values = new Map<string, Entry<Value>>();
  private readonly absences = new Map<string, number>();
  private readonly loads = new Map<string, Load<Value>>();

  constructor(
    private readonly clock: Clock,
    private readonly options: RecentCacheOptions,
  ) {}

  /** Entries held, of both kinds. */
  get size(): number {
    return this.values.size + this.absences.size;
  }

  /** The value, if it is fresh and need not be renewed yet; else `get` has it. */
  peek(key: string): Value | undefined {
    const entry = this.values.get(key);
    const now = entry === undefined ? 0 : this.clock.ticks();
    return entry !== undefined && now < entry.freshUntil && (now < entry.renewFrom || this.loads.has(key))
      ? entry.value
      : undefined;
  }

  /** Whether a value is known that is not stale yet: it was there when the source was last asked. */
  remembers(key: string): boolean {
    return this.clock.ticks() < (this.values.get(key)?.staleAfter ?? 0);
  }

  /** @throws what `ask` throws, when nothing is remembered that could stand in */
  async get(key: string, ask: Ask<Value>): Promise<Value | null> {
    const now = this.clock.ticks();
    const entry = this.values.get(key);
    if (entry !== undefined && now < entry.freshUntil) {
      if (now >= entry.renewFrom && !this.loads.has(key)) {
        this.start(key, ask, now).catch(() => undefined);
      }
      return entry.value;
    }
    if (now < (this.absences.get(key) ?? 0)) {
      return null;
    }
    const running = this.loads.get(key);
    // Joining an old load would count its answer as newer than it is.
    return running && now - running.startedAt < this.options.freshMs
      ? running.result
      : this.start(key, ask, now);
  }

  /** The next question goes to the source; a load under way is not remembered. */
  forget(key: string): void {
    this.values.delete(key);
    this.absences.delete(key);
    this.loads.delete(key);
  }

  private start(key: string, ask: Ask<Value>, startedAt: number): Promise<Value | null> {
    const load: Load<Value> = {
      startedAt,
      result: ask(this.values.get(key)?.value).then(
        value => {
          if (this.finish(key, load)) {
            this.remember(key, value, startedAt);
          }
          return value;
        },
        (error: unknown) => {
          this.finish(key, load);
          return this.standIn(key, error);
        },
      ),
    };
    this.loads.set(key, load);
    return load.result;
  }

  /** False when the load was forgotten or overtaken. */
  private finish(key: string, load: Load<Value>): boolean {
    return this.loads.get(key) === load && this.loads.delete(key);
  }

  /** Age counts from the question: the source may have changed while it answered. */
  private remember(key: string, value: Value | null, askedAt: number): void {
    this.values.delete(key);
    this.absences.delete(key);
    const { freshMs, staleMs, limit } = this.options;
    const freshUntil = askedAt + freshMs;
    if (value === null) {
      putLast(this.absences, key, freshUntil, limit);
    } else {
      const renewFrom = askedAt + freshMs / 2;
      putLast(this.values, key, { value, freshUntil, renewFrom, staleAfter: askedAt + staleMs }, limit);
    }
  }

  /** What was known lately, and a pause before the failing source is asked again. */
  private standIn(key: string, error: unknown): Value {
    const entry = this.values.get(key);
    const now = this.clock.ticks();
    if (!entry || now >= entry.staleAfter) {
      throw error;
    }
    entry.freshUntil = Math.min(now + this.options.freshMs, entry.staleAfter);
    entry.renewFrom = now + this.options.freshMs / 2;
    return entry.value;
  }
}

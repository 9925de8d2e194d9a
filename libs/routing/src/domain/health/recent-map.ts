/**
 * A map that forgets what was not used for longest, in constant time and without a stamp per use: it holds two halves, and
 * what is asked for moves to the young one. When that is full, the old half is forgotten and the young one grows old.
 */
export class RecentMap<Value extends object> {
  private young = new Map<string, Value>();
  private old = new Map<string, Value>();

  /**
   * @param limit at most so many values are held, but for those that are `busy`
   * @param busy values that may not be forgotten now
   */
  constructor(
    private readonly limit: number,
    private readonly busy: (value: Value) => boolean = () => false,
  ) {}

  get size(): number {
    return this.young.size + this.old.size;
  }

  /** The value, which counts as used now. */
  get(key: string): Value | undefined {
    return this.young.get(key) ?? (this.old.size === 0 ? undefined : this.rejuvenate(key));
  }

  /** @param key one that `get` does not find */
  add(key: string, value: Value): void {
    if (this.young.size >= this.limit / 2) {
      this.age();
    }
    this.young.set(key, value);
  }

  delete(key: string): void {
    this.young.delete(key);
    this.old.delete(key);
  }

  /** Those used lately first. */
  *entries(): Generator<[key: string, value: Value]> {
    yield* this.young;
    yield* this.old;
  }

  private rejuvenate(key: string): Value | undefined {
    const value = this.old.get(key);
    if (value !== undefined) {
      this.old.delete(key);
      this.add(key, value);
    }
    return value;
  }

  private age(): void {
    const forgotten = this.old;
    this.old = this.young;
    this.young = new Map();
    for (const [key, value] of forgotten) {
      if (this.busy(value)) {
        this.young.set(key, value);
      }
    }
  }
}

/** In less time than that nobody answers. */
const LEAST_MS = 10;
/** Who has set no deadline waits for no longer than that, all pauses together. */
const LONGEST_WAIT_MS = 10_000;

/** The time of one call: what is left of it, and for how much of it nobody is asked. */
export class CallTime {
  /** In monotonic ms. */
  readonly startedAt = performance.now();
  private waitedMs = 0;

  /** @param totalMs the call's own deadline; null: it has none */
  constructor(private readonly totalMs: number | null) {}

  /** Until the deadline, in ms. */
  get leftMs(): number {
    return this.totalMs === null ? Infinity : this.totalMs - (performance.now() - this.startedAt);
  }

  /** Whoever is asked then only seems to be late. */
  get isOver(): boolean {
    return this.leftMs < LEAST_MS;
  }

  /** For how long the next pause may be, in ms. */
  get patienceMs(): number {
    return this.totalMs === null ? LONGEST_WAIT_MS - this.waitedMs : this.leftMs;
  }

  /** A pause: what is being waited for. */
  async wait<Result>(awaited: Promise<Result>): Promise<Result> {
    const from = performance.now();
    try {
      return await awaited;
    } finally {
      this.waitedMs += performance.now() - from;
    }
  }
}

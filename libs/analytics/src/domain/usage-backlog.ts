import type { BegunCall, SpooledCall, SpoolSegment, UsageSpool } from './usage-spool.js';

const NONE: readonly SpooledCall[] = [];

/** Calls that go to the store together. */
export interface Batch {
  /** Null: only the spool has them. */
  readonly calls: readonly SpooledCall[] | null;
  /** Where they are in the spool. */
  readonly segment: SpoolSegment;
  /** Nothing that earlier processes left comes behind it. */
  readonly isLastLeftover?: boolean;
}

/** What waits for the store, in order: in the spool, and in memory while there is room. */
export class UsageBacklog {
  private readonly batches: Batch[];
  private calls: SpooledCall[] = [];
  private held = 0;

  /**
   * What earlier processes left goes first.
   *
   * @param limit how many calls of sealed batches memory holds
   */
  constructor(
    private readonly spool: UsageSpool,
    private readonly limit: number,
  ) {
    const leftovers = spool.leftovers();
    this.batches = leftovers.map((segment, at) => ({
      calls: null,
      segment,
      isLastLeftover: at === leftovers.length - 1,
    }));
  }

  /** Calls of the batch that is being filled. */
  get open(): number {
    return this.calls.length;
  }

  /** Batches that wait. */
  get sealed(): number {
    return this.batches.length;
  }

  /** Of the spool. */
  get bytes(): number {
    return this.spool.bytes;
  }

  get isEmpty(): boolean {
    return this.sealed === 0 && this.open === 0;
  }

  /** Calls of sealed batches that only memory has. */
  get unsafeCalls(): number {
    return this.batches.reduce((sum, { segment }) => sum + segment.unsafe.length, 0);
  }

  /** @returns as of `UsageSpool.begin` */
  begin(call: BegunCall): Promise<void> {
    return this.spool.begin(call);
  }

  /** @returns as of `UsageSpool.unended` */
  unended(): BegunCall[] {
    return this.spool.unended();
  }

  /** As of `UsageSpool.predecessors`. */
  predecessors(): readonly string[] {
    return this.spool.predecessors();
  }

  /** As of `UsageSpool.bury`. */
  bury(process: string): void {
    this.spool.bury(process);
  }

  /** As of `UsageSpool.forget`. */
  forget(ids: readonly string[]): Promise<void> {
    return this.spool.forget(ids);
  }

  /** @returns as of `UsageSpool.append` */
  add(call: SpooledCall): Promise<void> {
    this.calls.push(call);
    return this.spool.append(call);
  }

  /** Ends the batch that is being filled. @returns the calls that are lost: neither the spool nor memory has room for them */
  seal(): readonly SpooledCall[] {
    const { calls } = this;
    if (calls.length === 0) {
      return NONE;
    }
    this.calls = [];
    const segment = this.spool.seal();
    if (this.held + calls.length <= this.limit) {
      this.held += calls.length;
      this.batches.push({ calls, segment });
      return NONE;
    }
    this.batches.push({ calls: null, segment: { ...segment, unsafe: NONE } });
    return segment.unsafe;
  }

  /** The oldest batch; null when there is none. */
  first(): Batch | null {
    return this.batches[0] ?? null;
  }

  /** The store has the oldest batch. */
  removeFirst(): void {
    this.held -= this.batches.shift()?.calls?.length ?? 0;
  }
}

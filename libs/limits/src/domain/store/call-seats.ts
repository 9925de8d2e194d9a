import { replaceRecord, type Clock } from '@app/shared';
import type { LimitRecord, LimitRecordRepository } from './limit-record.repository.js';
import { REFUSED, type Share } from './share.js';
import type { StoreTime } from './store-time.js';
import { Turns } from './turns.js';

/** So long the calls of a gateway that was killed count as open. */
const LEASE_MS = 15_000;
const RENEW_MS = 5000;
/** For so long what is full is not asked for again. */
const BELIEVED_MS = 250;
const SEAT = 0;

/** Open calls of a process, and by when they are renewed: Unix ms by the store's clock. */
type Leases = Readonly<Record<string, readonly [calls: number, until: number]>>;

interface Waiting {
  readonly limit: number;
  place: number;
}

/** Who shares the seats, by whose clocks. */
export interface SeatsContext {
  /** Id of this process. */
  readonly process: string;
  readonly records: LimitRecordRepository;
  readonly time: StoreTime;
  readonly clock: Clock;
}

/**
 * Open calls, as this process has them of all that there may be. Its seats are leased together; one that is free is taken again
 * without asking, or soon goes back.
 */
export class CallSeats implements Share {
  /** Calls that are open here, whoever let them in. */
  private open = 0;
  /** What others had open at the last word. */
  private others = 0;
  /** What the store knows of; more when others were told so during an outage. */
  private leased = 0;
  /** Monotonic ms. */
  private leasedAt = Number.NEGATIVE_INFINITY;
  private believedUntil = Number.NEGATIVE_INFINITY;
  /** The store may know of another number. */
  private isUnsure = false;
  private waiting: Waiting[] = [];
  private readonly turns = new Turns(() => this.word());

  constructor(
    private readonly id: string,
    private readonly context: SeatsContext,
  ) {}

  get isIdle(): boolean {
    return this.open === 0 && this.leased === 0 && !this.isUnsure && this.turns.areOver;
  }

  take(_one: number, limit: number): number | Promise<number> {
    const now = this.context.clock.ticks();
    if (this.others + this.open >= limit && now < this.believedUntil) {
      return REFUSED;
    }
    const isFree = this.open < this.leased && now < this.leasedAt + LEASE_MS;
    if (isFree && this.others + this.open < limit) {
      this.open += 1;
      return SEAT;
    }
    return this.ask(limit);
  }

  /** A call was let in without the store: others hear of it when it is back. */
  force(): void {
    this.open += 1;
  }

  putBack(): void {
    this.open = Math.max(0, this.open - 1);
  }

  tell(): Promise<void> | null {
    const isDue = this.open > 0 && this.context.clock.ticks() >= this.leasedAt + RENEW_MS;
    return isDue || this.isUnsure || this.open !== this.leased ? this.turns.take() : null;
  }

  private async ask(limit: number): Promise<number> {
    const waiting = { limit, place: REFUSED };
    this.waiting.push(waiting);
    await this.turns.take();
    return waiting.place;
  }

  private async word(): Promise<void> {
    const { id, context } = this;
    const { waiting } = this;
    this.waiting = [];
    this.believedUntil = Number.NEGATIVE_INFINITY;
    const { leased } = this;
    this.isUnsure ||= leased > this.open; // should this fail
    this.leased = Math.min(leased, this.open); // first: nobody takes a seat meanwhile that goes back
    const asked = context.clock.ticks();
    let [others, mine] = [0, 0];
    const changed = await replaceRecord(context.records, id, found => {
      const leases = this.othersOf(found);
      others = Object.values(leases).reduce((sum, [calls]) => sum + calls, 0);
      mine = this.open + serve(waiting, others + this.open);
      if (mine === leased && !this.isUnsure && asked < this.leasedAt + RENEW_MS) {
        return null; // nobody got a seat
      }
      this.isUnsure = true; // should the store not answer
      return this.recordOf(leases, mine);
    });
    this.isUnsure = false;
    this.others = others;
    this.leased = mine;
    this.leasedAt = changed ? asked : this.leasedAt;
    this.open += waiting.filter(({ place }) => place === SEAT).length;
    this.believedUntil = context.clock.ticks() + BELIEVED_MS;
  }

  /** The leases of other processes that have not ended. */
  private othersOf(found: LimitRecord | null): Leases {
    const { time, process } = this.context;
    const all = Object.entries(JSON.parse(found?.content ?? '{}') as Leases);
    const latest = time.latest() + LEASE_MS; // none is longer, unless the store's clock was set back
    return Object.fromEntries(
      all
        .filter(([owner, [, until]]) => owner !== process && until > time.earliest())
        .map(([owner, [calls, until]]) => [owner, [calls, Math.min(until, latest)]]),
    );
  }

  private recordOf(others: Leases, mine: number): LimitRecord {
    const { time, process } = this.context;
    const until = Math.ceil(time.latest()) + LEASE_MS;
    const leases: Leases = mine > 0 ? { ...others, [process]: [mine, until] } : others;
    return { id: this.id, version: 0, content: JSON.stringify(leases), expiresAt: until + LEASE_MS };
  }
}

/** @param open calls, in all @returns how many get a seat */
function serve(waiting: readonly Waiting[], open: number): number {
  let served = 0;
  for (const one of waiting) {
    one.place = open + served < one.limit ? SEAT : REFUSED;
    served += one.place === SEAT ? 1 : 0;
  }
  return served;
}

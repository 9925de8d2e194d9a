import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { within } from '@app/shared';
import { CallSeats, type SeatsContext } from './call-seats.js';
import { MinuteShare } from './minute-share.js';
import { type Part, type Places, putBackAll, REFUSED, type Share, takeAll } from './share.js';

/** Whoever waits for the store waits no longer. */
const DEADLINE_MS = 200;
const TELL_MS = 250;
/** So that calls get a connection to the store, too. */
const TOLD_AT_ONCE = 8;

/** How a question of limits may end. */
interface Ways<Answer> {
  readonly taken: (places: Places) => Answer;
  /** @param cause absent: the store was known to be away */
  readonly alone: (cause?: unknown) => Answer;
}

/** What this process takes of the limits that it shares with other gateways through the store. */
export class StoreShares implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly shares = new Map<string, Share>();
  private timer: NodeJS.Timeout | null = null;
  private telling: Promise<void> | null = null;

  constructor(private readonly context: SeatsContext) {}

  /** Whether there is any point in asking. */
  get isUp(): boolean {
    return this.context.time.isUp;
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.tell(), TELL_MS).unref();
  }

  /** Calls have ended by now: what they do not need goes back. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer ?? undefined);
    await this.telling;
    await this.tell();
  }

  requestsOf(id: string): MinuteShare {
    return this.minuteShare(`requests:${id}`);
  }

  tokensOf(id: string): MinuteShare {
    return this.minuteShare(`tokens:${id}`);
  }

  seatsOf(id: string): CallSeats {
    return this.share(`calls:${id}`, key => new CallSeats(key, this.context)) as CallSeats;
  }

  /**
   * Takes so much of each, or of none.
   *
   * @param ways what becomes of it: `taken` gets the places, of which one is `REFUSED` when nothing was taken; `alone` is gone when
   * the store is away, or does not answer within 200 ms: nothing was taken then
   * @returns a promise only where the store has to be asked
   */
  take<Answer>(
    parts: readonly Part[],
    amount: number,
    { taken, alone }: Ways<Answer>,
  ): Answer | Promise<Answer> {
    if (!this.isUp) {
      return alone();
    }
    const places = takeAll(parts, amount);
    return places instanceof Promise ? this.inTime(places, parts, amount).then(taken, alone) : taken(places);
  }

  /** Tells the store what it does not know yet, and forgets what is quiet. Never throws: the next time tells it. */
  tell(): Promise<void> {
    this.telling ??= this.tryTell().finally(() => (this.telling = null));
    return this.telling;
  }

  private async inTime(taken: Promise<Places>, parts: readonly Part[], amount: number): Promise<Places> {
    try {
      return await within(DEADLINE_MS, taken);
    } catch (error) {
      this.context.time.noteOutage(error);
      taken.then(
        places => places.includes(REFUSED) || putBackAll(parts, places, amount),
        () => undefined, // what failed has taken nothing
      );
      throw error;
    }
  }

  private async tryTell(): Promise<void> {
    let words: Promise<void>[] = [];
    for (const [id, share] of this.shares) {
      if (share.isIdle) {
        this.shares.delete(id);
      }
      const word = this.isUp ? share.tell() : null;
      if (word) {
        words.push(word.catch((error: unknown) => this.context.time.noteOutage(error)));
      }
      if (words.length === TOLD_AT_ONCE) {
        await Promise.all(words);
        words = [];
      }
    }
    await Promise.all(words);
  }

  private minuteShare(id: string): MinuteShare {
    const { records, time } = this.context;
    return this.share(id, key => new MinuteShare(key, records, time)) as MinuteShare;
  }

  /** @param id says of which kind it is */
  private share(id: string, made: (id: string) => Share): Share {
    let share = this.shares.get(id);
    if (!share) {
      share = made(id);
      this.shares.set(id, share);
    }
    return share;
  }
}

import { Clock } from '@app/shared';
import {
  type LimitRecord,
  LimitRecordRepository,
} from '../../libs/limits/src/domain/store/limit-record.repository.js';

/** A store on the way to which time passes, and answers get lost. */
export class DistantStore extends LimitRecordRepository {
  /** Unix ms by its clock. */
  time = Date.UTC(2026, 10, 27);
  /** What the next questions meet, in their order. */
  fates: ('done' | 'unasked' | 'unheard')[] = [];
  private readonly records = new Map<string, LimitRecord>();
  private journeys = 0;

  now(): Promise<number> {
    return this.reach(() => this.time);
  }

  find(id: string): Promise<LimitRecord | null> {
    return this.reach(() => this.records.get(id) ?? null);
  }

  put(record: LimitRecord): Promise<boolean> {
    return this.reach(() => {
      const isNext = (this.records.get(record.id)?.version ?? 0) === record.version - 1;
      if (isNext) {
        this.records.set(record.id, record);
      }
      return isNext;
    });
  }

  async deleteExpired(): Promise<number> {
    return 0;
  }

  private async reach<Answer>(work: () => Answer): Promise<Answer> {
    const fate = this.fates.shift() ?? 'done';
    this.pass();
    await Promise.resolve();
    if (fate === 'unasked') {
      throw new Error('away');
    }
    const answer = work();
    await Promise.resolve();
    this.pass();
    if (fate === 'unheard') {
      throw new Error('lost');
    }
    return answer;
  }

  /** Between 0 and 12 ms. */
  private pass(): void {
    this.journeys += 1;
    this.time += (this.journeys * 7) % 13;
  }
}

/** Runs as fast as the store's clock, and shows something else. */
export class SkewedClock extends Clock {
  constructor(
    private readonly store: DistantStore,
    private readonly skewMs: number,
  ) {
    super();
  }

  override now(): number {
    return this.store.time + this.skewMs;
  }

  override ticks(): number {
    return this.store.time - Date.UTC(2026, 10, 26) + this.skewMs;
  }
}

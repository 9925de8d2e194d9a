import { randomUUID } from 'node:crypto';
import type { Connection, mongo } from 'mongoose';
import type { DayState } from '../domain/rollups/usage-day.repository.js';

/** As `FoldedDayRow` of the SQL stores. */
interface FoldedDay {
  readonly _id: number;
  readonly mark: string | null;
  readonly at: number;
}

/** Which days were folded, and which of them lack something since. */
export class FoldedDayDocuments {
  private readonly days: mongo.Collection<FoldedDay>;

  constructor(db: Connection) {
    this.days = db.collection('usage_folded_days') as unknown as mongo.Collection<FoldedDay>;
  }

  /** From now on, until they are folded anew, their hours are read. @returns the mark */
  async mark(days: readonly number[], at: number): Promise<string> {
    const mark = randomUUID();
    for (const day of days) {
      await this.days.updateOne({ _id: day }, { $set: { mark, at } }, { upsert: true });
    }
    return mark;
  }

  /** False when it was marked meanwhile. */
  async release(day: number, mark: string): Promise<boolean> {
    const { modifiedCount } = await this.days.updateOne({ _id: day, mark }, { $set: { mark: null } });
    return modifiedCount > 0;
  }

  async states({ from, to }: { readonly from: number; readonly to: number }): Promise<DayState[]> {
    const found = await this.days.find({ _id: { $gte: from, $lt: to } }).toArray();
    return found.map(({ _id: day, mark, at }) => ({ day, staleSince: mark === null ? null : at }));
  }
}

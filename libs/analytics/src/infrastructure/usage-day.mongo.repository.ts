import type { Model, mongo } from 'mongoose';
import { firstHourOf, foldedOf } from '../domain/rollups/day-folding.js';
import type {
  Grouping,
  RollupFilter,
  TimesBucket,
  UsageBucket,
} from '../domain/rollups/rollup.repository.js';
import { packed } from '../domain/rollups/call-times.js';
import { type DayState, UsageDayRepository } from '../domain/rollups/usage-day.repository.js';
import { dayOf, sumsOnly, type UsageHour } from '../domain/rollups/usage-hour.js';
import { sumsOf, timesOf } from './rollup-sums.documents.js';
import { FoldedDayDocuments } from './folded-day.documents.js';
import { type UsageDayDocument, usageDaySchema } from './usage-day.schema.js';
import { ofDocument } from './usage-hour.documents.js';
import { type StoredHour, storedSums, toHour } from './usage-hour.schema.js';

/** Documents of one write. */
const CHUNK = 500;

export class UsageDayMongoRepository extends UsageDayRepository {
  static readonly schema = usageDaySchema;

  private readonly hours: mongo.Collection<StoredHour>;
  private readonly days: mongo.Collection<StoredHour>;
  private readonly folded: FoldedDayDocuments;

  constructor(model: Model<UsageDayDocument>) {
    super();
    this.hours = model.db.collection('usage_hours') as unknown as mongo.Collection<StoredHour>;
    this.days = model.db.collection('usage_days') as unknown as mongo.Collection<StoredHour>;
    this.folded = new FoldedDayDocuments(model.db);
  }

  sums(filter: RollupFilter, grouping: Grouping, limit: number): Promise<UsageBucket[]> {
    return sumsOf(this.days, { filter, grouping, limit });
  }

  times(filter: RollupFilter, grouping: Grouping): Promise<TimesBucket[]> {
    return timesOf(this.days, filter, grouping);
  }

  states(span: { readonly from: number; readonly to: number }): Promise<DayState[]> {
    return this.folded.states(span);
  }

  async oldest(): Promise<number | null> {
    const [first] = await this.hours
      .find({}, { projection: { hour: 1 } })
      .sort({ hour: 1 })
      .limit(1)
      .toArray();
    return first ? dayOf(first.hour) : null;
  }

  /** Nobody reads what is marked, so that it need not change at once. */
  async fold(day: number): Promise<boolean> {
    const mark = await this.folded.mark([day], Date.now());
    const folded = await foldedOf(day, async hour => (await this.hours.find({ hour }).toArray()).map(toHour));
    await this.replace(firstHourOf(day), folded);
    return this.folded.release(day, mark);
  }

  private async replace(hour: number, days: readonly UsageHour[]): Promise<void> {
    await this.days.deleteMany({ hour });
    for (let at = 0; at < days.length; at += CHUNK) {
      await this.days.insertMany(days.slice(at, at + CHUNK).map(toStored));
    }
  }
}

function toStored(day: UsageHour): StoredHour {
  const sums = storedSums(sumsOnly(day));
  return { _id: day.id, ...ofDocument(day), ...sums, packed: packed(day.times) };
}

import type { Model } from 'mongoose';
import { LabelRollupRepository } from '../domain/rollups/label-rollup.repository.js';
import type {
  Grouping,
  RollupFilter,
  TimesBucket,
  UsageBucket,
} from '../domain/rollups/rollup.repository.js';
import { sumsOf, timesOf } from './rollup-sums.documents.js';
import { UsageHourDocuments } from './usage-hour.documents.js';
import { type LabelHourDocument, labelHourSchema } from './usage-hour.schema.js';

/** Its documents are written by `UsageRepository`. */
export class LabelRollupMongoRepository extends LabelRollupRepository {
  static readonly schema = labelHourSchema;
  private readonly rollups: UsageHourDocuments['hours'];

  constructor(model: Model<LabelHourDocument>) {
    super();
    this.rollups = new UsageHourDocuments(model, 'usage_label_hours').hours;
  }

  sums(filter: RollupFilter, grouping: Grouping, limit: number): Promise<UsageBucket[]> {
    return sumsOf(this.rollups, { filter, grouping, limit });
  }

  times(filter: RollupFilter, grouping: Grouping): Promise<TimesBucket[]> {
    return timesOf(this.rollups, filter, grouping);
  }

  async oldest(): Promise<number | null> {
    const [first] = await this.first({}, 1);
    return first?.hour ?? null;
  }

  async deleteBefore(hour: number, limit: number): Promise<number> {
    const found = await this.first({ hour: { $lt: hour } }, limit);
    const { deletedCount } = await this.rollups.deleteMany({ _id: { $in: found.map(({ _id }) => _id) } });
    return deletedCount;
  }

  private first(filter: object, limit: number) {
    return this.rollups
      .find(filter, { projection: { hour: 1 } })
      .sort({ hour: 1 })
      .limit(limit)
      .toArray();
  }
}

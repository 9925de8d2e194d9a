import type { Model, mongo } from 'mongoose';
import { daysOver } from '../domain/rollups/day-folding.js';
import { dayOf, monthOf, sumsOnly, type UsageHour } from '../domain/rollups/usage-hour.js';
import type { BatchId } from '../domain/usage-spool.js';
import { FoldedDayDocuments } from './folded-day.documents.js';
import { refusedAsDouble } from './insert-documents.js';
import { addedTimes, storedSums, type StoredHour } from './usage-hour.schema.js';

export interface StoredWatermark {
  readonly _id: string;
  readonly seq: number;
  /** When it last grew, in Unix ms. */
  readonly at: number;
}

// oxlint-disable-next-line typescript/no-explicit-any -- models are invariant; only the connection is asked for
export type AnyModel = Model<any>;

export type HourCollection = 'usage_hours' | 'usage_label_hours';

interface Guard {
  /** Fits rollups that have not got it. */
  readonly filter: Record<string, unknown>;
  /** Notes in them that they have. */
  readonly mark: mongo.UpdateFilter<StoredHour>;
}

/**
 * Adds to rollups where there are no transactions. Each keeps what it has got, and takes nothing twice: after a kill between
 * any two writes the same batch comes again, finds which of the records are its own by their mark, and adds them to those
 * rollups that have not got them.
 */
export class UsageHourDocuments {
  readonly hours: mongo.Collection<StoredHour>;
  readonly watermarks: mongo.Collection<StoredWatermark>;
  private readonly foldedDays: FoldedDayDocuments;

  constructor({ db }: AnyModel, collection: HourCollection) {
    this.foldedDays = new FoldedDayDocuments(db);
    this.hours = db.collection(collection) as unknown as mongo.Collection<StoredHour>;
    this.watermarks = db.collection('usage_watermarks') as unknown as mongo.Collection<StoredWatermark>;
  }

  /** The batches of a spool come in their order. */
  async addBatch(hours: readonly UsageHour[], { spool, seq }: BatchId): Promise<void> {
    const field = `seqs.${seqField(spool)}`;
    await this.add(hours, {
      filter: { [field]: { $not: { $gte: seq } } },
      mark: { $set: { [field]: seq } } as mongo.UpdateFilter<StoredHour>,
    });
  }

  /** All rollups have all of that batch. */
  async noteApplied({ spool, seq }: BatchId): Promise<void> {
    await this.watermarks.updateOne(
      { _id: spool },
      { $max: { seq }, $set: { at: Date.now() } },
      { upsert: true },
    );
  }

  async addCorrections(hours: readonly UsageHour[], mark: string): Promise<void> {
    await this.add(hours, { filter: { corrections: { $ne: mark } }, mark: { $push: { corrections: mark } } });
  }

  /** The corrections themselves know that they are in the rollups. */
  async forgetCorrections(hours: readonly UsageHour[], mark: string): Promise<void> {
    await this.hours.updateMany(
      { _id: { $in: hours.map(({ id }) => id) } },
      { $pull: { corrections: mark } },
    );
  }

  /** Of those that are over, whatever was made of them: something is about to change. */
  async markDays(hours: readonly { readonly hour: number }[]): Promise<void> {
    const now = Date.now();
    await this.foldedDays.mark(daysOver(hours, now), now);
  }

  private async add(hours: readonly UsageHour[], guard: Guard): Promise<void> {
    await this.markDays(hours);
    const missed = await this.write(hours, guard, true);
    await this.write(missed, guard, false);
  }

  /** @returns those that the store has, and would have made anew: either they have got it, or somebody made them just now */
  private async write(hours: readonly UsageHour[], guard: Guard, upsert: boolean): Promise<UsageHour[]> {
    if (hours.length === 0) {
      return [];
    }
    try {
      await this.hours.bulkWrite(
        hours.map(hour => ({ updateOne: { ...updateOf(hour, guard), upsert } })),
        { ordered: false },
      );
      return [];
    } catch (error) {
      const { refused } = refusedAsDouble(error);
      if (refused.length === 0) {
        throw error;
      }
      const missed = new Set(refused.map(({ index }) => index));
      return hours.filter((_, at) => missed.has(at));
    }
  }
}

/** A dot or a dollar would be a path. */
export function seqField(spool: string): string {
  return spool.replaceAll(/[.$\0]/g, '_');
}

function updateOf(
  hour: UsageHour,
  { filter, mark }: Guard,
): { filter: mongo.Filter<StoredHour>; update: mongo.UpdateFilter<StoredHour> } {
  return {
    filter: { _id: hour.id, ...filter } as mongo.Filter<StoredHour>,
    update: {
      ...mark,
      $inc: { ...storedSums(sumsOnly(hour)), ...addedTimes(hour.times) },
      $setOnInsert: ofDocument(hour),
    },
  };
}

/** What is no sum. */
export function ofDocument({
  hour,
  projectId,
  keyId,
  endpoint,
  provider,
  model,
  endUser,
  tag,
}: UsageHour): Pick<
  StoredHour,
  'hour' | 'day' | 'month' | 'projectId' | 'keyId' | 'endpoint' | 'provider' | 'model' | 'endUser' | 'tag'
> {
  return {
    hour,
    day: dayOf(hour),
    month: monthOf(hour),
    projectId,
    keyId,
    endpoint,
    provider,
    model,
    ...(endUser != null && { endUser }),
    ...(tag != null && { tag }),
  };
}

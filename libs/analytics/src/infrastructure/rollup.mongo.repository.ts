import type { Model, mongo } from 'mongoose';
import {
  type Grouping,
  type Mending,
  type ReconcileState,
  type RollupFilter,
  RollupRepository,
  type TimesBucket,
  type UsageBucket,
} from '../domain/rollups/rollup.repository.js';
import { hourOf } from '../domain/rollups/usage-hour.js';
import { HourMending } from './hour-mending.documents.js';
import { LedgerDocuments } from './ledger.documents.js';
import { PendingCorrections } from './pending-correction.documents.js';
import { sumsOf, timesOf } from './rollup-sums.documents.js';
import { UsageHourDocuments } from './usage-hour.documents.js';
import { timesIn, type UsageHourDocument, usageHourSchema } from './usage-hour.schema.js';

/** The document of its collection that counts: of `hours` were those of releases that kept no distributions. */
const ID = 'hours-and-times';
/** The document of what was deleted; `next` is the hour until which. */
const DELETED = 'deleted';
/** Nobody is at corrections any more that are older. */
const LEFT_MS = 600_000;

type StateDocument = ReconcileState & { readonly _id: string; readonly leaseUntil: number };

export class RollupMongoRepository extends RollupRepository {
  static readonly schema = usageHourSchema;
  private readonly rollups: UsageHourDocuments;
  private readonly labels: UsageHourDocuments;
  private readonly mending: HourMending;
  private readonly ledger: LedgerDocuments;
  private readonly pending: PendingCorrections;
  private readonly states: mongo.Collection<StateDocument>;

  constructor(model: Model<UsageHourDocument>) {
    super();
    this.rollups = new UsageHourDocuments(model, 'usage_hours');
    this.labels = new UsageHourDocuments(model, 'usage_label_hours');
    this.mending = new HourMending(model);
    this.ledger = new LedgerDocuments(model);
    this.pending = new PendingCorrections(model);
    this.states = model.db.collection('usage_reconciliation') as unknown as mongo.Collection<StateDocument>;
  }

  sums(filter: RollupFilter, grouping: Grouping, limit: number): Promise<UsageBucket[]> {
    return sumsOf(this.rollups.hours, { filter, grouping, limit });
  }

  times(filter: RollupFilter, grouping: Grouping): Promise<TimesBucket[]> {
    return timesOf(this.rollups.hours, filter, grouping);
  }

  async mend(hour: number): Promise<Mending> {
    await this.pending.applyLeft(Date.now() - LEFT_MS);
    return this.mending.mend(hour);
  }

  /** Whatever adds times counts calls: who finds as many has added up all of them. */
  async pack(hour: number): Promise<void> {
    const loose = this.rollups.hours.find({ hour, times: { $exists: true } });
    for await (const { _id, calls, ...document } of loose) {
      const packed = timesIn(document).pack();
      await this.rollups.hours.updateOne({ _id, calls }, { $set: { packed }, $unset: { times: '' } });
    }
  }

  oldest(): Promise<number | null> {
    return this.ledger.oldest();
  }

  async deletedUntil(): Promise<number> {
    return (await this.states.findOne({ _id: DELETED }))?.next ?? 0;
  }

  async noteDeleted(until: number): Promise<void> {
    await this.states.updateOne(
      { _id: DELETED },
      { $max: { next: until }, $setOnInsert: { since: 0, leaseUntil: 0 } },
      { upsert: true },
    );
  }

  async state(): Promise<ReconcileState | null> {
    const found = await this.states.findOne({ _id: ID });
    return found && { next: found.next, since: found.since };
  }

  async claim(first: ReconcileState, { now, until }: { now: number; until: number }): Promise<boolean> {
    await this.states.updateOne({ _id: ID }, { $setOnInsert: { ...first, leaseUntil: 0 } }, { upsert: true });
    const { modifiedCount } = await this.states.updateOne(
      { _id: ID, leaseUntil: { $lte: now } },
      { $set: { leaseUntil: until } },
    );
    return modifiedCount > 0;
  }

  async advance(next: number, leaseUntil: number): Promise<void> {
    await this.states.updateOne({ _id: ID }, { $set: { next, leaseUntil } });
  }

  async forgetSpools(before: number): Promise<void> {
    await this.rollups.watermarks.deleteMany({ at: { $lt: before } });
    for (const { hours } of [this.rollups, this.labels]) {
      await hours.updateMany(
        { hour: { $lt: hourOf(before) }, seqs: { $exists: true } },
        { $unset: { seqs: '' } },
      );
    }
  }
}

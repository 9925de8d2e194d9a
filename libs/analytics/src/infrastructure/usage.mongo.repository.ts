import type { Model, QueryFilter } from 'mongoose';
import type { UsageRecord } from '../domain/usage-record.entity.js';
import { type UsageCursor, type UsageFilter, UsageRepository } from '../domain/usage.repository.js';
import { labelHours, usageHours } from '../domain/rollups/usage-hour.js';
import type { BatchId } from '../domain/usage-spool.js';
import { insertDocuments } from './insert-documents.js';
import { ReceivedDocuments } from './received.documents.js';
import { UsageHourDocuments } from './usage-hour.documents.js';
import { toDocument, toRecord, type UsageDocument, usageSchema } from './usage.schema.js';

export class UsageMongoRepository extends UsageRepository {
  static readonly schema = usageSchema;

  private readonly hours: UsageHourDocuments;
  private readonly labels: UsageHourDocuments;
  private readonly received: ReceivedDocuments;

  constructor(private readonly model: Model<UsageDocument>) {
    super();
    this.hours = new UsageHourDocuments(model, 'usage_hours');
    this.labels = new UsageHourDocuments(model, 'usage_label_hours');
    this.received = new ReceivedDocuments(model);
  }

  async insertMany(records: readonly UsageRecord[], batch: BatchId): Promise<void> {
    if (records.length === 0) {
      return;
    }
    const documents = records.map(record => toDocument(record, batch));
    const added = await insertDocuments(this.model, documents);
    const own = added === records.length ? records : await this.own(records, batch);
    await this.hours.addBatch(usageHours(own), batch);
    await this.labels.addBatch(labelHours(own), batch);
    await this.hours.noteApplied(batch);
  }

  /** Those that another batch brought are counted with it. */
  private async own(records: readonly UsageRecord[], { spool, seq }: BatchId): Promise<UsageRecord[]> {
    const ids = records.map(({ id }) => id);
    const own = { _id: { $in: ids }, 'batch.spool': spool, 'batch.seq': seq };
    return (await this.model.find(own).lean<UsageDocument[]>()).map(toRecord);
  }

  async page(filter: UsageFilter, after: UsageCursor | null, limit: number): Promise<UsageRecord[]> {
    const documents = await this.model
      .find({ $and: [...conditions(filter), ...(after ? behind(after) : [])] })
      .sort({ receivedAt: -1, _id: -1 })
      .limit(limit)
      .lean<UsageDocument[]>();
    return documents.map(toRecord);
  }

  async known(ids: readonly string[]): Promise<string[]> {
    const documents = await this.model.find({ _id: { $in: ids } }, { _id: 1 }).lean<{ _id: string }[]>();
    return documents.map(({ _id }) => _id);
  }

  async findById(id: string): Promise<UsageRecord | null> {
    const document = await this.model.findById(id).lean<UsageDocument>();
    return document && toRecord(document);
  }

  async findByUpstreamId(upstreamId: string, projectId?: string): Promise<UsageRecord | null> {
    const document = await this.model
      .findOne({ upstreamId, ...(projectId !== undefined && { projectId }) })
      .sort({ receivedAt: -1, _id: -1 })
      .lean<UsageDocument>();
    return document && toRecord(document);
  }

  oldest(projectId?: string): Promise<number | null> {
    return this.received.oldest(projectId);
  }

  nextProject(after: string): Promise<string | null> {
    return this.received.nextProject(after);
  }

  idsBefore(before: number, limit: number, projectId?: string): Promise<string[]> {
    return this.received.idsBefore(before, limit, projectId);
  }

  async delete(ids: readonly string[]): Promise<void> {
    await this.model.deleteMany({ _id: { $in: ids } });
  }
}

/** Never none, since `$and` needs one. */
function conditions({ model, tag, from, to, ...exact }: UsageFilter): QueryFilter<UsageDocument>[] {
  const received = { $gte: from ?? 0, ...(to !== undefined && { $lt: to }) };
  const wanted = Object.entries({ ...exact, tags: tag }).filter(([, value]) => value !== undefined);
  return [
    { ...Object.fromEntries(wanted), receivedAt: received },
    ...(model === undefined ? [] : [{ $or: [{ modelUsed: model }, { modelAsked: model }] }]),
  ];
}

function behind({ receivedAt, id }: UsageCursor): QueryFilter<UsageDocument>[] {
  return [
    { receivedAt: { $lte: receivedAt } }, // lets the index start here
    { $or: [{ receivedAt: { $lt: receivedAt } }, { _id: { $lt: id } }] },
  ];
}

import { type Model, mongo, type QueryFilter } from 'mongoose';
import type { UsageRecord } from '../domain/usage-record.entity.js';
import { type UsageCursor, type UsageFilter, UsageRepository } from '../domain/usage.repository.js';
import { toDocument, toRecord, type UsageDocument, usageSchema } from './usage.schema.js';

const DUPLICATE_KEY = 11_000;

export class UsageMongoRepository extends UsageRepository {
  static readonly schema = usageSchema;

  constructor(private readonly model: Model<UsageDocument>) {
    super();
  }

  /** By the driver itself: Mongoose would check each of 200 documents against the schema, and drop those that fail. */
  async insertMany(records: readonly UsageRecord[]): Promise<void> {
    if (records.length === 0) {
      return;
    }
    const collection = this.model.collection as unknown as mongo.Collection<ReturnType<typeof toDocument>>;
    try {
      await collection.insertMany(records.map(toDocument), { ordered: false });
    } catch (error) {
      if (!hasAll(records.length, error)) {
        throw error;
      }
    }
  }

  async page(filter: UsageFilter, after: UsageCursor | null, limit: number): Promise<UsageRecord[]> {
    const documents = await this.model
      .find({ $and: [...conditions(filter), ...(after ? behind(after) : [])] })
      .sort({ receivedAt: -1, _id: -1 })
      .limit(limit)
      .lean<UsageDocument[]>();
    return documents.map(toRecord);
  }

  async findById(id: string): Promise<UsageRecord | null> {
    const document = await this.model.findById(id).lean<UsageDocument>();
    return document && toRecord(document);
  }

  async findByUpstreamId(upstreamId: string): Promise<UsageRecord | null> {
    const document = await this.model
      .findOne({ upstreamId })
      .sort({ receivedAt: -1, _id: -1 })
      .lean<UsageDocument>();
    return document && toRecord(document);
  }
}

/**
 * Of a batch that comes twice the server refuses what it has and takes the rest. Every record must be accounted for: the
 * same class of error, without any refusal in it, says that the server went away.
 */
function hasAll(count: number, error: unknown): boolean {
  if (!(error instanceof mongo.MongoBulkWriteError) || error.result.getWriteConcernError()) {
    return false;
  }
  const refused = [error.writeErrors].flat();
  return (
    refused.every(({ code }) => code === DUPLICATE_KEY) && error.insertedCount + refused.length === count
  );
}

/** Never none, since `$and` needs one. */
function conditions({ model, from, to, ...exact }: UsageFilter): QueryFilter<UsageDocument>[] {
  const received = { $gte: from ?? 0, ...(to !== undefined && { $lt: to }) };
  const wanted = Object.entries(exact).filter(([, value]) => value !== undefined);
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

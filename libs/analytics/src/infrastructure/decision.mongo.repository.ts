import type { Model, QueryFilter } from 'mongoose';
import { type DecisionFilter, DecisionRepository } from '../domain/decision.repository.js';
import type { UsageDecision } from '../domain/usage-decision.entity.js';
import type { UsageCursor } from '../domain/usage.repository.js';
import { type DecisionDocument, decisionSchema } from './decision.schema.js';
import { insertDocuments } from './insert-documents.js';
import { ReceivedDocuments } from './received.documents.js';

export class DecisionMongoRepository extends DecisionRepository {
  static readonly schema = decisionSchema;

  private readonly received: ReceivedDocuments;

  constructor(private readonly model: Model<DecisionDocument>) {
    super();
    this.received = new ReceivedDocuments(model);
  }

  async insertMany(decisions: readonly UsageDecision[]): Promise<void> {
    const documents = decisions.map(({ id: _id, ...decision }) => ({ _id, ...decision }));
    await insertDocuments(this.model, documents);
  }

  async findById(id: string): Promise<UsageDecision | null> {
    const document = await this.model.findById(id).lean<DecisionDocument>();
    return document && toDecision(document);
  }

  async page(filter: DecisionFilter, after: UsageCursor | null, limit: number): Promise<UsageDecision[]> {
    const documents = await this.model
      .find({ $and: [conditions(filter), ...(after ? behind(after) : [])] })
      .sort({ receivedAt: -1, _id: -1 })
      .limit(limit)
      .lean<DecisionDocument[]>();
    return documents.map(toDecision);
  }

  oldest(projectId?: string): Promise<number | null> {
    return this.received.oldest(projectId);
  }

  nextProject(after: string): Promise<string | null> {
    return this.received.nextProject(after);
  }

  async deleteBefore(before: number, limit: number, projectId?: string): Promise<number> {
    const ids = await this.received.idsBefore(before, limit, projectId);
    await this.model.deleteMany({ _id: { $in: ids } });
    return ids.length;
  }
}

function conditions({ projectId, from, to }: DecisionFilter): QueryFilter<DecisionDocument> {
  return {
    ...(projectId !== undefined && { projectId }),
    receivedAt: { $gte: from ?? 0, ...(to !== undefined && { $lt: to }) },
  };
}

function behind({ receivedAt, id }: UsageCursor): QueryFilter<DecisionDocument>[] {
  return [
    { receivedAt: { $lte: receivedAt } }, // lets the index start here
    { $or: [{ receivedAt: { $lt: receivedAt } }, { _id: { $lt: id } }] },
  ];
}

function toDecision({ _id: id, ...document }: DecisionDocument): UsageDecision {
  return { id, ...document };
}

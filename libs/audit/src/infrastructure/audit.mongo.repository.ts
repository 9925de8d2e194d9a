import type { Model } from 'mongoose';
import type { AuditEntry } from '../domain/audit-entry.entity.js';
import { type AuditFilter, AuditRepository } from '../domain/audit.repository.js';
import { type AuditDocument, auditSchema, toDocument, toEntry } from './audit.schema.js';

/** Where a text is looked for. */
const SEARCHED = ['action', 'targetId', 'actorName'] as const;

export class AuditMongoRepository extends AuditRepository {
  static readonly schema = auditSchema;

  constructor(private readonly model: Model<AuditDocument>) {
    super();
  }

  async insert(entry: AuditEntry): Promise<void> {
    await this.model.create(toDocument(entry));
  }

  async confirm(id: string): Promise<void> {
    await this.model.updateOne({ _id: id }, { $set: { outcome: 'made' } });
  }

  async delete(id: string): Promise<void> {
    await this.model.deleteOne({ _id: id });
  }

  async oldest(): Promise<number | null> {
    const document = await this.model
      .findOne({}, { at: 1 })
      .sort({ _id: 1 })
      .lean<Pick<AuditDocument, 'at'>>();
    return document?.at ?? null;
  }

  async deleteBefore(id: string, limit: number): Promise<number> {
    const documents = await this.model
      .find({ _id: { $lt: id } }, { _id: 1 })
      .sort({ _id: 1 })
      .limit(limit)
      .lean<{ _id: string }[]>();
    await this.model.deleteMany({ _id: { $in: documents.map(({ _id }) => _id) } });
    return documents.length;
  }

  async list(filter: AuditFilter, limit: number, after?: string): Promise<AuditEntry[]> {
    const { actor, target, action, project, targetType, text, from = 0, to } = filter;
    const documents = await this.model
      .find({
        ...(actor !== undefined && { actorId: actor }),
        ...(target !== undefined && { targetId: target }),
        ...(project !== undefined && { projectId: project }),
        ...((action !== undefined || targetType !== undefined) && {
          action: {
            ...(action !== undefined && { $eq: action }),
            ...(targetType !== undefined && { $regex: `^${targetType}\\.` }),
          },
        }),
        ...(text !== undefined && { $or: SEARCHED.map(field => ({ [field]: containing(text) })) }),
        at: { $gte: from, ...(to !== undefined && { $lt: to }) },
        ...(after !== undefined && { _id: { $lt: after } }),
      })
      .sort({ _id: -1 })
      .limit(limit)
      .lean<AuditDocument[]>();
    return documents.map(toEntry);
  }
}

function containing(text: string): object {
  return { $regex: text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'), $options: 'i' };
}

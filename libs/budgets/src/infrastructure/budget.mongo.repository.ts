import type { Model } from 'mongoose';
import type { Budget } from '../domain/budget.entity.js';
import { BudgetRepository } from '../domain/budget.repository.js';
import { type BudgetDocument, budgetSchema, fromDocument, toDocument } from './budget.schema.js';

export class BudgetMongoRepository extends BudgetRepository {
  static readonly schema = budgetSchema;

  constructor(private readonly model: Model<BudgetDocument>) {
    super();
  }

  async insert(budget: Budget): Promise<void> {
    await this.model.create(toDocument(budget));
  }

  async findById(projectId: string, id: string): Promise<Budget | null> {
    const document = await this.model.findOne({ _id: id, projectId }).lean<BudgetDocument>();
    return document && fromDocument(document);
  }

  async list(projectId: string, limit: number, after = ''): Promise<Budget[]> {
    const documents = await this.model
      .find({ projectId, _id: { $gt: after } })
      .sort({ _id: 1 })
      .limit(limit)
      .lean<BudgetDocument[]>();
    return documents.map(fromDocument);
  }

  async listAll(limit: number, after = ''): Promise<Budget[]> {
    const documents = await this.model
      .find({ _id: { $gt: after } })
      .sort({ _id: 1 })
      .limit(limit)
      .lean<BudgetDocument[]>();
    return documents.map(fromDocument);
  }

  async replace(budget: Budget): Promise<boolean> {
    const { _id, ...fields } = toDocument(budget);
    const { matchedCount } = await this.model.updateOne(
      { _id, version: budget.version - 1 },
      { $set: fields },
    );
    return matchedCount === 1;
  }

  async delete({ id, version }: Pick<Budget, 'id' | 'version'>): Promise<boolean> {
    const { deletedCount } = await this.model.deleteOne({ _id: id, version });
    return deletedCount === 1;
  }

  async deleteOf(projectId: string): Promise<void> {
    await this.model.deleteMany({ projectId });
  }
}

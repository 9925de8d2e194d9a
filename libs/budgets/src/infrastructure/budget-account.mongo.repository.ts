import type { Model } from 'mongoose';
import { putDocument } from '@app/shared';
import type { BudgetAccount } from '../domain/budget-account.js';
import { BudgetAccountRepository } from '../domain/budget-account.repository.js';
import {
  type BudgetAccountDocument,
  budgetAccountSchema,
  toAccount,
  toDocument,
} from './budget-account.schema.js';

export class BudgetAccountMongoRepository extends BudgetAccountRepository {
  static readonly schema = budgetAccountSchema;

  constructor(private readonly model: Model<BudgetAccountDocument>) {
    super();
  }

  async find(id: string): Promise<BudgetAccount | null> {
    const document = await this.model.findById(id).lean<BudgetAccountDocument>();
    return document && toAccount(document);
  }

  put(account: BudgetAccount): Promise<boolean> {
    return putDocument(this.model, toDocument(account));
  }

  async list(budgetId: string, limit: number, after = ''): Promise<BudgetAccount[]> {
    const documents = await this.model
      .find({ budgetId, _id: { $gt: after } })
      .sort({ _id: 1 })
      .limit(limit)
      .lean<BudgetAccountDocument[]>();
    return documents.map(toAccount);
  }

  async sharedBy(process: string, limit: number, after = ''): Promise<string[]> {
    const documents = await this.model
      .find({ processes: process, _id: { $gt: after } }, { _id: 1 })
      .sort({ _id: 1 })
      .limit(limit)
      .lean<Pick<BudgetAccountDocument, '_id'>[]>();
    return documents.map(({ _id }) => _id);
  }

  async deleteOfBudget(budgetId: string): Promise<void> {
    await this.model.deleteMany({ budgetId });
  }

  async deleteOf(projectId: string): Promise<void> {
    await this.model.deleteMany({ projectId });
  }
}

import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { type BudgetAccount, processesOf } from '../domain/budget-account.js';

@Schema({ collection: 'budget_accounts', versionKey: false, strict: 'throw' })
export class BudgetAccountDocument {
  @Prop({ type: String })
  readonly _id!: string;

  @Prop({ type: String })
  readonly budgetId!: string;

  @Prop({ type: String })
  readonly projectId!: string;

  /** JSON, as the next. */
  @Prop({ type: String })
  readonly subject!: string;

  @Prop({ type: String })
  readonly windows!: string;

  /** Those that have a share. */
  @Prop({ type: [String] })
  readonly processes!: string[];

  @Prop({ type: Number })
  readonly version!: number;
}

export const budgetAccountSchema = SchemaFactory.createForClass(BudgetAccountDocument);
budgetAccountSchema.index({ budgetId: 1, _id: 1 }, { name: 'budget_accounts_by_budget' }); // list, deleteOfBudget
budgetAccountSchema.index({ projectId: 1 }, { name: 'budget_accounts_by_project' }); // deleteOf
budgetAccountSchema.index({ processes: 1, _id: 1 }, { name: 'budget_accounts_by_process' }); // sharedBy

export function toDocument(account: BudgetAccount): BudgetAccountDocument {
  const { id, windows, ...rest } = account;
  return { _id: id, ...rest, windows: JSON.stringify(windows), processes: processesOf(account) };
}

export function toAccount(document: BudgetAccountDocument): BudgetAccount {
  const { _id, windows, budgetId, projectId, subject, version } = document;
  return {
    id: _id,
    budgetId,
    projectId,
    subject,
    version,
    windows: JSON.parse(windows) as BudgetAccount['windows'],
  };
}

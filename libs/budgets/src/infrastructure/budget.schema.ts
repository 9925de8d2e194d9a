import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import type { Budget } from '../domain/budget.entity.js';
import { type BudgetRow, toBudget, toRow } from './budget.table.js';

@Schema({ collection: 'budgets', versionKey: false, strict: 'throw' })
export class BudgetDocument {
  @Prop({ type: String })
  readonly _id!: string;

  @Prop({ type: String })
  readonly projectId!: string;

  @Prop({ type: Number })
  readonly version!: number;

  /** JSON: all the rest. */
  @Prop({ type: String })
  readonly settings!: string;
}

export const budgetSchema = SchemaFactory.createForClass(BudgetDocument);
budgetSchema.index({ projectId: 1, _id: 1 }, { name: 'budgets_by_project' }); // list, deleteOf

export function toDocument(budget: Budget): BudgetDocument {
  const { id: _id, project_id: projectId, ...rest }: BudgetRow = toRow(budget);
  return { _id, projectId, ...rest };
}

export function fromDocument({ _id, projectId, ...rest }: BudgetDocument): Budget {
  return toBudget({ id: _id, project_id: projectId, ...rest });
}

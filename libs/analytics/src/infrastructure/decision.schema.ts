import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import type { UsageDecision } from '../domain/usage-decision.entity.js';

@Schema({ collection: 'usage_decisions', versionKey: false, strict: 'throw' })
export class DecisionDocument implements Omit<UsageDecision, 'id'> {
  @Prop({ type: String })
  readonly _id!: string;

  @Prop({ type: String })
  readonly projectId!: string;

  @Prop({ type: String })
  readonly decision!: string;

  @Prop({ type: Number })
  readonly receivedAt!: number;
}

export const decisionSchema = SchemaFactory.createForClass(DecisionDocument);
/** `page` and `deleteBefore` of all projects. */
decisionSchema.index({ receivedAt: -1, _id: -1 }, { name: 'usage_decisions_by_time' });
/** The same of one, and `nextProject`. */
decisionSchema.index({ projectId: 1, receivedAt: -1, _id: -1 }, { name: 'usage_decisions_by_project' });

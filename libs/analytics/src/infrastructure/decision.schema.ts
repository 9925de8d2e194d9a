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
/** `page`. One of a project reads all of its time: it is asked for by hand, and an index more is written by every call. */
decisionSchema.index({ receivedAt: -1, _id: -1 }, { name: 'usage_decisions_by_time' });

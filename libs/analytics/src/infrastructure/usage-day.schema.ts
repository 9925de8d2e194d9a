import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';

/** Written by the driver itself, as `StoredHour`, whose `hour` is the first one of the day: only what is asked for by index is named here. */
@Schema({ collection: 'usage_days', versionKey: false })
export class UsageDayDocument {
  @Prop({ type: String })
  readonly _id!: string;

  @Prop({ type: Number })
  readonly hour!: number;

  @Prop({ type: String })
  readonly projectId!: string;
}

export const usageDaySchema = SchemaFactory.createForClass(UsageDayDocument);
/** `sums` of one project. */
usageDaySchema.index({ projectId: 1, hour: 1 }, { name: 'usage_days_by_project' });
/** `sums` of all projects, and `fold`. */
usageDaySchema.index({ hour: 1 }, { name: 'usage_days_by_hour' });

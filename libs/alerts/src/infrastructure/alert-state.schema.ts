import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';

@Schema({ collection: 'alert_states', versionKey: false, strict: 'throw' })
export class AlertStateDocument {
  /** The alert's id. */
  @Prop({ type: String })
  readonly _id!: string;

  @Prop({ type: Number })
  readonly version!: number;

  /** JSON: all the rest. */
  @Prop({ type: String })
  readonly state!: string;
}

export const alertStateSchema = SchemaFactory.createForClass(AlertStateDocument);

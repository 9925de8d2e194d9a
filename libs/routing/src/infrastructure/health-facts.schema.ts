import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';

@Schema({ collection: 'health_facts', versionKey: false, strict: 'throw' })
export class HealthFactsDocument {
  /** The gateway. */
  @Prop({ type: String })
  readonly _id!: string;

  @Prop({ type: Number })
  readonly version!: number;

  /** Unix ms. */
  @Prop({ type: Number })
  readonly writtenAt!: number;

  /** JSON: nobody asks for a part of it. */
  @Prop({ type: String })
  readonly facts!: string;
}

export const healthFactsSchema = SchemaFactory.createForClass(HealthFactsDocument);

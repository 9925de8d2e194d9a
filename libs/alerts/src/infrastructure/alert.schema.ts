import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import type { StoredAlert } from '../domain/alert.entity.js';
import { toAlert, toRow } from './alert.table.js';

/** Some dozens at most: no index but the key's. */
@Schema({ collection: 'alerts', versionKey: false, strict: 'throw' })
export class AlertDocument {
  @Prop({ type: String })
  readonly _id!: string;

  /** Empty: of no project. */
  @Prop({ type: String })
  readonly projectId!: string;

  @Prop({ type: Number })
  readonly version!: number;

  /** JSON: all that is not sealed. */
  @Prop({ type: String })
  readonly settings!: string;

  @Prop({ type: String })
  readonly envelope!: string;
}

export const alertSchema = SchemaFactory.createForClass(AlertDocument);

export function toDocument(alert: StoredAlert): AlertDocument {
  const { id: _id, project_id: projectId, ...rest } = toRow(alert);
  return { _id, projectId, ...rest };
}

export function fromDocument({ _id, projectId, ...rest }: AlertDocument): StoredAlert {
  return toAlert({ id: _id, project_id: projectId, ...rest });
}

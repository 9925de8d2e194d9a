import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import type { PolicyRecord } from '../domain/policies/policy-definition.js';
import { PolicyFields } from './policy-fields.schema.js';

@Schema({ collection: 'routing_policies', versionKey: false, strict: 'throw' })
export class RoutingPolicyDocument extends PolicyFields {
  @Prop({ type: String })
  readonly _id!: string;
}

export const routingPolicySchema = SchemaFactory.createForClass(RoutingPolicyDocument);
routingPolicySchema.index({ projectId: 1, name: 1 }, { name: 'routing_policies_by_name', unique: true }); // insert
routingPolicySchema.index({ projectId: 1, _id: 1 }, { name: 'routing_policies_by_project' }); // list, findAll, count, deleteOf

export function toDocument({ id, ...policy }: PolicyRecord): RoutingPolicyDocument {
  return { _id: id, ...policy };
}

export function toRecord({ _id, ...policy }: RoutingPolicyDocument): PolicyRecord {
  return { id: _id, ...policy };
}

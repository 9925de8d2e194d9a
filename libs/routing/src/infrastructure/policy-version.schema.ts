import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import type { PolicyRecord } from '../domain/policies/policy-definition.js';
import { PolicyFields } from './policy-fields.schema.js';

@Schema({ collection: 'routing_policy_versions', versionKey: false, strict: 'throw' })
export class PolicyVersionDocument extends PolicyFields {
  /** Its `versionKey`. */
  @Prop({ type: String })
  readonly _id!: string;

  @Prop({ type: String })
  readonly policyId!: string;
}

export const policyVersionSchema = SchemaFactory.createForClass(PolicyVersionDocument);
policyVersionSchema.index({ policyId: 1, version: 1 }, { name: 'routing_policy_versions_by_policy' }); // listBefore
policyVersionSchema.index({ projectId: 1 }, { name: 'routing_policy_versions_by_project' }); // deleteOf
policyVersionSchema.index(
  { projectId: 1, name: 1, version: 1 },
  { name: 'routing_policy_versions_by_name' }, // findLast
);

/** One document for each version of a policy. */
export function versionKey(policyId: string, version: number): string {
  return `${policyId}/${version}`;
}

export function toDocument({ id, ...policy }: PolicyRecord): PolicyVersionDocument {
  return { _id: versionKey(id, policy.version), policyId: id, ...policy };
}

export function toRecord({ _id, policyId, ...policy }: PolicyVersionDocument): PolicyRecord {
  return { id: policyId, ...policy };
}

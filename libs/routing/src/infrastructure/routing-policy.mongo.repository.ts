import { isDuplicateKey } from '@app/shared';
import type { Model } from 'mongoose';
import type { PolicyRecord } from '../domain/policies/policy-definition.js';
import { RoutingPolicyRepository } from '../domain/policies/routing-policy.repository.js';
import {
  type RoutingPolicyDocument,
  routingPolicySchema,
  toDocument,
  toRecord,
} from './routing-policy.schema.js';

export class RoutingPolicyMongoRepository extends RoutingPolicyRepository {
  static readonly schema = routingPolicySchema;

  constructor(private readonly model: Model<RoutingPolicyDocument>) {
    super();
  }

  async insert(policy: PolicyRecord): Promise<boolean> {
    try {
      await this.model.create(toDocument(policy));
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) {
        return false;
      }
      throw error;
    }
  }

  async findById(projectId: string, id: string): Promise<PolicyRecord | null> {
    const document = await this.model.findOne({ _id: id, projectId }).lean<RoutingPolicyDocument>();
    return document && toRecord(document);
  }

  async list(projectId: string, limit: number, after = ''): Promise<PolicyRecord[]> {
    const documents = await this.model
      .find({ projectId, _id: { $gt: after } })
      .sort({ _id: 1 })
      .limit(limit)
      .lean<RoutingPolicyDocument[]>();
    return documents.map(toRecord);
  }

  async findAll(projectId: string): Promise<PolicyRecord[]> {
    return (await this.model.find({ projectId }).lean<RoutingPolicyDocument[]>()).map(toRecord);
  }

  async count(projectId: string): Promise<number> {
    return this.model.countDocuments({ projectId });
  }

  async replace(policy: PolicyRecord): Promise<boolean> {
    const { _id, ...fields } = toDocument(policy);
    const { matchedCount } = await this.model.updateOne(
      { _id, version: policy.version - 1 },
      { $set: fields },
    );
    return matchedCount === 1;
  }

  async delete({ id, version }: Pick<PolicyRecord, 'id' | 'version'>): Promise<boolean> {
    const { deletedCount } = await this.model.deleteOne({ _id: id, version });
    return deletedCount === 1;
  }

  async deleteOf(projectId: string): Promise<void> {
    await this.model.deleteMany({ projectId });
  }
}

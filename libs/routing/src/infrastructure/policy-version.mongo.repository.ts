import { isDuplicateKey } from '@app/shared';
import type { Model } from 'mongoose';
import type { PolicyRecord } from '../domain/policies/policy-definition.js';
import { PolicyVersionRepository } from '../domain/policies/policy-version.repository.js';
import {
  type PolicyVersionDocument,
  policyVersionSchema,
  toDocument,
  toRecord,
  versionKey,
} from './policy-version.schema.js';

export class PolicyVersionMongoRepository extends PolicyVersionRepository {
  static readonly schema = policyVersionSchema;

  constructor(private readonly model: Model<PolicyVersionDocument>) {
    super();
  }

  async keep(version: PolicyRecord): Promise<void> {
    try {
      await this.model.create(toDocument(version));
    } catch (error) {
      if (!isDuplicateKey(error)) {
        throw error;
      }
    }
  }

  async find(policyId: string, version: number): Promise<PolicyRecord | null> {
    const document = await this.model.findById(versionKey(policyId, version)).lean<PolicyVersionDocument>();
    return document && toRecord(document);
  }

  async listBefore(policyId: string, version: number, limit: number): Promise<PolicyRecord[]> {
    const documents = await this.model
      .find({ policyId, version: { $lt: version } })
      .sort({ version: -1 })
      .limit(limit)
      .lean<PolicyVersionDocument[]>();
    return documents.map(toRecord);
  }

  async findLast(projectId: string, name: string): Promise<PolicyRecord | null> {
    const document = await this.model
      .findOne({ projectId, name })
      .sort({ version: -1 })
      .lean<PolicyVersionDocument>();
    return document && toRecord(document);
  }

  async deleteOf(projectId: string): Promise<void> {
    await this.model.deleteMany({ projectId });
  }
}

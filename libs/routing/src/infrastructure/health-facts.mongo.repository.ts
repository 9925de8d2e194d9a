import type { Model } from 'mongoose';
import { HealthFactsRepository } from '../domain/health/health-facts.repository.js';
import type { HealthReport, SharedFacts } from '../domain/health/health-report.entity.js';
import { type HealthFactsDocument, healthFactsSchema } from './health-facts.schema.js';

export class HealthFactsMongoRepository extends HealthFactsRepository {
  static readonly schema = healthFactsSchema;

  constructor(private readonly model: Model<HealthFactsDocument>) {
    super();
  }

  async put({ replica, version, writtenAt, facts }: HealthReport): Promise<void> {
    const told = { version, writtenAt, facts: JSON.stringify(facts) };
    await this.model.updateOne({ _id: replica }, { $set: told }, { upsert: true });
  }

  async findOthers(replica: string, limit: number): Promise<HealthReport[]> {
    const documents = await this.model
      .find({ _id: { $ne: replica } })
      .sort({ writtenAt: -1 })
      .limit(limit)
      .lean<HealthFactsDocument[]>();
    return documents.map(({ _id, version, writtenAt, facts }) => ({
      replica: _id,
      version,
      writtenAt,
      facts: JSON.parse(facts) as SharedFacts,
    }));
  }

  async deleteBefore(writtenAt: number): Promise<void> {
    await this.model.deleteMany({ writtenAt: { $lt: writtenAt } });
  }
}

import { Module } from '@nestjs/common';
import { repository } from '@app/shared';
import { DecisionRepository } from './domain/decision.repository.js';
import { DecisionSqlRepository } from './infrastructure/decision.sql.repository.js';

export const decisionRepository = repository(DecisionRepository, {
  sql: DecisionSqlRepository,
  mongo: async () => (await import('./infrastructure/decision.mongo.repository.js')).DecisionMongoRepository,
  deadlinesMs: { insertMany: 5000, page: 30_000 }, // nobody's call waits for them
});

/** The decisions alone, for what reads them without a gateway. */
@Module({ providers: [decisionRepository], exports: [decisionRepository] })
export class DecisionsModule {}

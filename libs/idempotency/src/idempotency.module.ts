import { Module } from '@nestjs/common';
import { AnalyticsModule } from '@app/analytics';
import { repository, SEALED_DEADLINES_MS } from '@app/shared';
import { IdempotencySweep } from './domain/expiry-sweep.js';
import { IdempotentCalls } from './domain/idempotent-calls.service.js';
import { KeptAnswerRepository } from './domain/kept-answer.repository.js';
import { KeptAnswers } from './domain/kept-answers.service.js';
import { RunningCalls } from './domain/running-calls.js';
import { KeptAnswerSqlRepository } from './infrastructure/kept-answer.sql.repository.js';

export const keptAnswerRepository = repository(KeptAnswerRepository, {
  sql: KeptAnswerSqlRepository,
  deadlinesMs: { ...SEALED_DEADLINES_MS, finish: 30_000 }, // the caller has its answer already
  mongo: async () =>
    (await import('./infrastructure/kept-answer.mongo.repository.js')).KeptAnswerMongoRepository,
});

/** Keys and answers alone, for whoever deletes or seals anew what a project has. */
@Module({ providers: [keptAnswerRepository], exports: [KeptAnswerRepository] })
export class KeptAnswersModule {}

@Module({
  imports: [AnalyticsModule, KeptAnswersModule],
  providers: [IdempotentCalls, RunningCalls, KeptAnswers, IdempotencySweep],
  exports: [IdempotentCalls, IdempotencySweep],
})
export class IdempotencyModule {}

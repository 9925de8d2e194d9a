import { type FactoryProvider, Module } from '@nestjs/common';
import { Config, DATABASE, type Database, LOGGER, type Logger, Redis, repository } from '@app/shared';
import { CachedAnswerRepository } from './domain/cached-answer.repository.js';
import { CachedAnswerRedisRepository } from './infrastructure/cached-answer.redis.repository.js';
import { QuestionIndex } from './domain/semantic/question-index.js';
import { CachedAnswerSqlRepository } from './infrastructure/cached-answer.sql.repository.js';
import { questionIndex } from './question-index.provider.js';

/** In ms: no caller waits for these. */
const DEADLINES_MS = { save: 30_000, purge: 30_000, deleteOf: 30_000 } as const;

export const cachedAnswerRepository = repository(CachedAnswerRepository, {
  sql: CachedAnswerSqlRepository,
  deadlinesMs: DEADLINES_MS,
  mongo: async () =>
    (await import('./infrastructure/cached-answer.mongo.repository.js')).CachedAnswerMongoRepository,
});

const CONSEQUENCE = 'answers that are kept in it are not found until it is back';

const whereConfigured: FactoryProvider<CachedAnswerRepository> = {
  provide: CachedAnswerRepository,
  inject: [Config, DATABASE, LOGGER],
  useFactory: async ({ cacheStore, redis }: Config, database: Database, logger: Logger) =>
    cacheStore === 'redis' && redis
      ? new CachedAnswerRedisRepository(await Redis.open(redis, logger, CONSEQUENCE))
      : cachedAnswerRepository.useFactory(database),
};

/** Kept answers and their questions alone, for whoever deletes what a project has. */
@Module({
  providers: [whereConfigured, ...questionIndex],
  exports: [CachedAnswerRepository, QuestionIndex],
})
export class AnswerStorageModule {}

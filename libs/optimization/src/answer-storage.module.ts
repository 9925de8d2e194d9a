import { Module } from '@nestjs/common';
import { repository } from '@app/shared';
import { CachedAnswerRepository } from './domain/cached-answer.repository.js';
import { CachedAnswerSqlRepository } from './infrastructure/cached-answer.sql.repository.js';

/** In ms: no caller waits for these. */
const DEADLINES_MS = { save: 30_000, purge: 30_000, deleteOf: 30_000 } as const;

export const cachedAnswerRepository = repository(CachedAnswerRepository, {
  sql: CachedAnswerSqlRepository,
  deadlinesMs: DEADLINES_MS,
  mongo: async () =>
    (await import('./infrastructure/cached-answer.mongo.repository.js')).CachedAnswerMongoRepository,
});

/** Kept answers alone, for whoever deletes what a project has. */
@Module({ providers: [cachedAnswerRepository], exports: [CachedAnswerRepository] })
export class AnswerStorageModule {}

import {
  Clock,
  Config,
  DATABASE,
  type Database,
  LOGGER,
  type Logger,
  repository,
  Secrets,
} from '@app/shared';
import { MemoryQuestionIndex } from './domain/semantic/memory-question-index.js';
import { QuestionIndex } from './domain/semantic/question-index.js';
import { QuestionRepository } from './domain/semantic/question.repository.js';
import { StoredQuestionIndex } from './domain/semantic/stored-question-index.js';
import { pgvectorIn } from './infrastructure/pgvector.js';
import { QuestionPostgresRepository } from './infrastructure/question.postgres.repository.js';

/** In ms: no caller waits for these. */
const DEADLINES_MS = { save: 30_000, trim: 30_000, deleteOf: 30_000 } as const;

/** For a PostgreSQL that has pgvector, and nothing else. */
export const questionRepository = repository(QuestionRepository, {
  sql: QuestionPostgresRepository,
  deadlinesMs: DEADLINES_MS,
  mongo: () => Promise.reject(new Error('Questions are not kept in MongoDB.')),
});

/** Where answers are kept in the store, and that can compare vectors; else null. The log tells which. */
export async function questionsWhereComparable(
  { cacheStore, store }: Config,
  database: Database,
  logger: Logger,
): Promise<QuestionRepository | null> {
  if (cacheStore !== 'database') {
    return null;
  }
  try {
    if (store.kind !== 'postgres' || database.kind !== 'sql') {
      throw new Error('The store is no PostgreSQL.');
    }
    const pgvector = await pgvectorIn(database.sql);
    logger.info({ pgvector }, 'Questions in other words are found by all gateways, in PostgreSQL.');
  } catch (error) {
    logger.info({ err: error }, 'Questions in other words are found by each gateway alone, in memory.');
    return null;
  }
  return questionRepository.useFactory(database);
}

/** Behind the one port are the store, or the memory of this process. */
export const questionIndex = [
  {
    provide: QuestionRepository,
    inject: [Config, DATABASE, LOGGER],
    useFactory: questionsWhereComparable,
  },
  {
    provide: QuestionIndex,
    inject: [QuestionRepository, Secrets, Clock, LOGGER],
    useFactory: (
      questions: QuestionRepository | null,
      secrets: Secrets,
      clock: Clock,
      logger: Logger,
    ): QuestionIndex =>
      questions
        ? new StoredQuestionIndex({ questions, secrets, clock, logger })
        : new MemoryQuestionIndex(clock),
  },
];

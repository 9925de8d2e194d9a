import { Inject, Injectable } from '@nestjs/common';
import { Clock, inBatches, LOGGER, type Logger, Sweep } from '@app/shared';
import { CachedAnswerRepository } from './cached-answer.repository.js';
import { QuestionIndex } from './semantic/question-index.js';

/** The embedded store is synchronous, and answers may be large. */
const BATCH = 50;

/** Deletes cached answers whose time is over, and their questions. Until then they are found no more, but still there. */
@Injectable()
export class CachedAnswerSweep extends Sweep {
  constructor(
    private readonly answers: CachedAnswerRepository,
    private readonly questions: QuestionIndex,
    private readonly clock: Clock,
    @Inject(LOGGER) logger: Logger,
  ) {
    super(logger, 'Expired answers of the cache could not be deleted');
  }

  protected async sweep(): Promise<void> {
    await inBatches(BATCH, limit => this.answers.deleteExpired(this.clock.now(), limit));
    await inBatches(BATCH, limit => this.questions.deleteExpired(limit));
  }
}

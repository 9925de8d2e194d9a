import { Inject, Injectable } from '@nestjs/common';
import { Clock, inBatches, LOGGER, type Logger, Sweep } from '@app/shared';
import { KeptAnswerRepository } from './kept-answer.repository.js';

/** The embedded store is synchronous, and answers may be large. */
const BATCH = 50;

/** Deletes keys whose time is over. Until then they are found no more, but still there. */
@Injectable()
export class IdempotencySweep extends Sweep {
  constructor(
    private readonly answers: KeptAnswerRepository,
    private readonly clock: Clock,
    @Inject(LOGGER) logger: Logger,
  ) {
    super(logger, 'Expired idempotency keys could not be deleted');
  }

  protected sweep(): Promise<void> {
    return inBatches(BATCH, limit => this.answers.deleteExpired(this.clock.now(), limit));
  }
}

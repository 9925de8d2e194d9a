import { Inject, Injectable } from '@nestjs/common';
import { Clock, inBatches, LOGGER, type Logger, Sweep } from '@app/shared';
import { TranscriptionRecordRepository } from './transcription-record.repository.js';

/** The embedded store is synchronous, and texts may be long. */
const BATCH = 50;

/** Deletes transcriptions whose time is over. Until then they are found no more, but still there. */
@Injectable()
export class TranscriptionSweep extends Sweep {
  constructor(
    private readonly records: TranscriptionRecordRepository,
    private readonly clock: Clock,
    @Inject(LOGGER) logger: Logger,
  ) {
    super(logger, 'Expired transcriptions could not be deleted');
  }

  protected sweep(): Promise<void> {
    return inBatches(BATCH, limit => this.records.deleteExpired(this.clock.now(), limit));
  }
}

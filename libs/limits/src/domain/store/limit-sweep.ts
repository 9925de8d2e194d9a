import { inBatches, type Logger, Sweep } from '@app/shared';
import type { LimitRecordRepository } from './limit-record.repository.js';
import type { StoreTime } from './store-time.js';

/** So many at once, so that no step is long. */
const BATCH = 500;

/** Deletes what counts no more, of projects and keys that are quiet. */
export class LimitSweep extends Sweep {
  constructor(
    private readonly records: LimitRecordRepository,
    private readonly time: StoreTime,
    logger: Logger,
  ) {
    super(logger, 'Counts of limits that are over were not deleted');
  }

  protected override sweep(): Promise<void> {
    return inBatches(BATCH, limit => this.records.deleteExpired(this.time.earliest(), limit));
  }
}

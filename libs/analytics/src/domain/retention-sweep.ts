import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { Clock, LOGGER, type Logger, Sweep } from '@app/shared';
import { keptSince, type KeptKind, Retention } from './retention.js';

/** The embedded store is synchronous: a larger batch would hold up answers. */
const BATCH = 200;
/** Between two batches, for the calls. */
const PAUSE_MS = 20;
/** Of one kind in one sweep. */
const MOST_BATCHES = 500;

/** Deletes what has been kept for long enough, step by step. Several gateways may do so at the same time. */
@Injectable()
export class RetentionSweep extends Sweep {
  private isStopped = false;

  constructor(
    private readonly retention: Retention,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    super(log, 'What is not to be kept any longer could not be deleted');
  }

  override onModuleDestroy(): void {
    this.isStopped = true;
    super.onModuleDestroy();
  }

  protected async sweep(): Promise<void> {
    for (const kind of this.retention.kinds.filter(({ days }) => days > 0)) {
      await this.sweepOne(kind);
    }
  }

  private async sweepOne({ kind, days, records }: KeptKind): Promise<void> {
    const before = keptSince(days, this.clock.now());
    let deleted = 0;
    for (let batch = 0; batch < MOST_BATCHES && !this.isStopped; batch += 1) {
      const count = await records.deleteBefore(before, BATCH);
      deleted += count;
      if (count < BATCH) {
        break;
      }
      await pause(PAUSE_MS);
    }
    if (deleted > 0) {
      this.log.info({ kind, deleted, days }, 'Records were deleted that are not to be kept any longer.');
    }
  }
}

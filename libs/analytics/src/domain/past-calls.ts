import { Inject, Injectable } from '@nestjs/common';
import { LOGGER, type Logger } from '@app/shared';
import type { UsageRecord } from './usage-record.entity.js';
import { UsageRecorder } from './usage.recorder.js';
import { UsageRepository } from './usage.repository.js';

/** Who asked for what a vendor keeps under an id of its own. */
@Injectable()
export class PastCalls {
  constructor(
    private readonly records: UsageRepository,
    private readonly recorder: UsageRecorder,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** The latest record with that vendor's id, also of a call that has just ended; null also when the store does not tell. */
  async byUpstreamId(upstreamId: string): Promise<UsageRecord | null> {
    try {
      await this.recorder.flush();
      return await this.records.findByUpstreamId(upstreamId);
    } catch (error) {
      this.logger.warn({ err: error, upstreamId }, 'Nobody can tell who asked a vendor for what it keeps.');
      return null;
    }
  }
}

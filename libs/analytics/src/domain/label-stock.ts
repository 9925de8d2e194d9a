import { Injectable } from '@nestjs/common';
import type { KeptRecords } from '@app/shared';
import { LabelRollupRepository } from './rollups/label-rollup.repository.js';
import { RollupRepository } from './rollups/rollup.repository.js';
import { HOUR_MS, hourOf } from './rollups/usage-hour.js';

/** Sums by end user and by tag, of which the oldest are to go: they name people, and there may be as many as calls. */
@Injectable()
export class LabelStock implements KeptRecords {
  constructor(
    private readonly labels: LabelRollupRepository,
    private readonly rollups: RollupRepository,
  ) {}

  /** Unix ms; null when there is none. */
  async oldest(): Promise<number | null> {
    const hour = await this.labels.oldest();
    return hour === null ? null : hour * HOUR_MS;
  }

  /** Only of hours that were compared with the records: what is gone would be missed there. As `UsageStock` has it. */
  async deleteBefore(before: number, limit: number): Promise<number> {
    const compared = (await this.rollups.state())?.next ?? 0;
    return this.labels.deleteBefore(Math.min(hourOf(before), compared), limit);
  }
}

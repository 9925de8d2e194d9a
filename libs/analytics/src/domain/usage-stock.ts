import { Injectable } from '@nestjs/common';
import type { KeptByProject } from '@app/shared';
import { CorrectionRepository } from './corrections/correction.repository.js';
import { LabelStock } from './label-stock.js';
import { RollupRepository } from './rollups/rollup.repository.js';
import { HOUR_MS, hourOf } from './rollups/usage-hour.js';
import { UsageRepository } from './usage.repository.js';

/** Usage records with their corrections, of which the oldest are to go while their hourly sums stay. */
@Injectable()
export class UsageStock implements KeptByProject {
  constructor(
    private readonly records: UsageRepository,
    private readonly corrections: CorrectionRepository,
    private readonly rollups: RollupRepository,
    /** What is apart from them, and goes by itself. */
    readonly labels: LabelStock,
  ) {}

  /** Unix ms; null when there is none. */
  oldest(projectId?: string): Promise<number | null> {
    return this.records.oldest(projectId);
  }

  nextProject(after: string): Promise<string | null> {
    return this.records.nextProject(after);
  }

  /**
   * Deletes whole hours alone, and only those whose sums were compared with the records: nobody looks at them again, and so nobody
   * takes for wrong what cannot be added up any more.
   *
   * @param before Unix ms
   * @returns how many records were deleted, at most `limit`
   */
  async deleteBefore(before: number, limit: number, projectId?: string): Promise<number> {
    const compared = (await this.rollups.state())?.next ?? 0;
    const until = Math.min(hourOf(before), compared);
    const ids = await this.records.idsBefore(until * HOUR_MS, limit, projectId);
    if (ids.length > 0) {
      await this.rollups.noteDeleted(until);
      await this.corrections.deleteOf(ids);
      await this.records.delete(ids);
    }
    return ids.length;
  }
}

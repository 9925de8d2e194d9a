import { Inject, Injectable } from '@nestjs/common';
import { LOGGER, type Logger } from '@app/shared';
import { DecisionRepository } from './decision.repository.js';
import { attemptId } from './record-id.js';
import { shownDecision } from './usage-decision.entity.js';
import type { UsageRecord } from './usage-record.entity.js';
import { UsageRecorder } from './usage.recorder.js';
import { UsageRepository } from './usage.repository.js';

/** A call and how its vendor was chosen; null when there was nothing to choose. */
export interface PastCall {
  readonly record: UsageRecord;
  readonly decision: Record<string, unknown> | null;
  /** The records of its attempts that were given up, in that order. */
  readonly abandoned: readonly UsageRecord[];
}

/** What is known of calls that are over, also of those that have just ended. */
@Injectable()
export class PastCalls {
  constructor(
    private readonly records: UsageRepository,
    private readonly decisions: DecisionRepository,
    private readonly recorder: UsageRecorder,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * @param id ours, or the vendor's
   * @returns null when the project made no such call
   * @throws StoreUnavailableError (503)
   */
  async ofProject(projectId: string, id: string): Promise<PastCall | null> {
    await this.recorder.flush();
    const own = await this.records.findById(id);
    const record = own?.projectId === projectId ? own : await this.records.findByUpstreamId(id, projectId);
    if (!record) {
      return null;
    }
    const decision = await this.decisions.findById(record.id);
    const abandoned = await this.abandonedOf(record);
    return { record, decision: decision && shownDecision(decision), abandoned };
  }

  /** Who asked for what a vendor keeps: the latest record with that id; null also when the store does not tell. */
  async byUpstreamId(upstreamId: string): Promise<UsageRecord | null> {
    try {
      await this.recorder.flush();
      return await this.records.findByUpstreamId(upstreamId);
    } catch (error) {
      this.logger.warn({ err: error, upstreamId }, 'Nobody can tell who asked a vendor for what it keeps.');
      return null;
    }
  }

  private async abandonedOf({ id, attempts }: UsageRecord): Promise<UsageRecord[]> {
    const found: UsageRecord[] = [];
    for (let number = 1; number <= attempts; number++) {
      const record = attempts === 1 ? null : await this.records.findById(attemptId(id, number));
      if (!record) {
        break;
      }
      found.push(record);
    }
    return found;
  }
}

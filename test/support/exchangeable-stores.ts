import {
  type DecisionFilter,
  DecisionRepository,
} from '../../libs/analytics/src/domain/decision.repository.js';
import type { UsageDecision } from '../../libs/analytics/src/domain/usage-decision.entity.js';
import type { BatchId } from '../../libs/analytics/src/domain/usage-spool.js';
import type { UsageRecord } from '../../libs/analytics/src/domain/usage-record.entity.js';
import {
  type UsageCursor,
  type UsageFilter,
  UsageRepository,
} from '../../libs/analytics/src/domain/usage.repository.js';

/** Real stores, one behind the other, that can be exchanged; it notes the batches that came. */
export class ExchangeableStore extends UsageRepository {
  readonly batches: number[] = [];
  arrived: (() => void) | null = null;
  /** The store does its work, but its answer gets lost on the way. */
  loseAnswer = false;
  /** Id of a call that the store does not take. */
  refused: string | null = null;
  /** Which batches each call came in, by its id. */
  readonly batchesOf = new Map<string, BatchId[]>();

  constructor(public store: UsageRepository) {
    super();
  }

  async insertMany(records: readonly UsageRecord[], batch: BatchId): Promise<void> {
    this.batches.push(records.length);
    for (const { id } of records) {
      this.batchesOf.set(id, [...(this.batchesOf.get(id) ?? []), batch]);
      if (id === this.refused) {
        throw new Error('not this one');
      }
    }
    await this.store.insertMany(records, batch);
    this.arrived?.();
    if (this.loseAnswer) {
      this.loseAnswer = false;
      throw new Error('connection lost');
    }
  }

  page(filter: UsageFilter, after: UsageCursor | null, limit: number): Promise<UsageRecord[]> {
    return this.store.page(filter, after, limit);
  }

  known(ids: readonly string[]): Promise<string[]> {
    return this.store.known(ids);
  }

  findById(id: string): Promise<UsageRecord | null> {
    return this.store.findById(id);
  }

  findByUpstreamId(id: string, projectId?: string): Promise<UsageRecord | null> {
    return this.store.findByUpstreamId(id, projectId);
  }

  oldest(projectId?: string): Promise<number | null> {
    return this.store.oldest(projectId);
  }

  nextProject(after: string): Promise<string | null> {
    return this.store.nextProject(after);
  }

  idsBefore(before: number, limit: number, projectId?: string): Promise<string[]> {
    return this.store.idsBefore(before, limit, projectId);
  }

  delete(ids: readonly string[]): Promise<void> {
    return this.store.delete(ids);
  }
}

/** Real stores of decisions, one behind the other. */
export class ExchangeableDecisions extends DecisionRepository {
  batches = 0;

  constructor(public store: DecisionRepository) {
    super();
  }

  async insertMany(decisions: readonly UsageDecision[]): Promise<void> {
    this.batches += 1;
    await this.store.insertMany(decisions);
  }

  findById(id: string): Promise<UsageDecision | null> {
    return this.store.findById(id);
  }

  oldest(projectId?: string): Promise<number | null> {
    return this.store.oldest(projectId);
  }

  nextProject(after: string): Promise<string | null> {
    return this.store.nextProject(after);
  }

  deleteBefore(before: number, limit: number, projectId?: string): Promise<number> {
    return this.store.deleteBefore(before, limit, projectId);
  }

  page(filter: DecisionFilter, after: UsageCursor | null, limit: number): Promise<UsageDecision[]> {
    return this.store.page(filter, after, limit);
  }
}

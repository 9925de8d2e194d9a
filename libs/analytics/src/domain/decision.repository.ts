import type { UsageDecision } from './usage-decision.entity.js';
import type { UsageCursor, UsageFilter } from './usage.repository.js';

/** Absent fields do not matter. Times in Unix ms, `to` is exclusive. */
export type DecisionFilter = Pick<UsageFilter, 'projectId' | 'from' | 'to'>;

/** Storage port of the decisions of calls. They are only ever added. */
export abstract class DecisionRepository {
  /** Adds them, at most 200 at a time; those that are there already (by id) stay as they are. */
  abstract insertMany(decisions: readonly UsageDecision[]): Promise<void>;
  /** @param id of the call */
  abstract findById(id: string): Promise<UsageDecision | null>;
  /** Latest first; decisions of one millisecond by id, descending. */
  abstract page(filter: DecisionFilter, after: UsageCursor | null, limit: number): Promise<UsageDecision[]>;
}

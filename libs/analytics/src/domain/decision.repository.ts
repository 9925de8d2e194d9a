import type { KeptByProject } from '@app/shared';
import type { UsageDecision } from './usage-decision.entity.js';
import type { UsageCursor, UsageFilter } from './usage.repository.js';

/** Absent fields do not matter. Times in Unix ms, `to` is exclusive. */
export type DecisionFilter = Pick<UsageFilter, 'projectId' | 'from' | 'to'>;

/** Storage port of the decisions of calls. They are added, and deleted when their time is over. */
export abstract class DecisionRepository implements KeptByProject {
  /** Adds them, at most 200 at a time; those that are there already (by id) stay as they are. */
  abstract insertMany(decisions: readonly UsageDecision[]): Promise<void>;
  /** @param id of the call */
  abstract findById(id: string): Promise<UsageDecision | null>;
  /** Latest first; decisions of one millisecond by id, descending. */
  abstract page(filter: DecisionFilter, after: UsageCursor | null, limit: number): Promise<UsageDecision[]>;
  /** When the call of the oldest was received, Unix ms; null when there is none. */
  abstract oldest(projectId?: string): Promise<number | null>;
  /** The first project behind that one that has any; null when there is none. */
  abstract nextProject(after: string): Promise<string | null>;
  /** Deletes at most `limit` of calls that were received before, the oldest first, and tells how many. */
  abstract deleteBefore(before: number, limit: number, projectId?: string): Promise<number>;
}

import type { BatchId } from './usage-spool.js';
import type { Outcome, UsageRecord } from './usage-record.entity.js';

/** Which records are asked for; absent fields do not matter. Times in Unix ms, `to` is exclusive. */
export interface UsageFilter {
  readonly projectId?: string;
  readonly keyId?: string;
  readonly endUser?: string;
  /** It is one of them. */
  readonly tag?: string;
  readonly endpoint?: string;
  readonly provider?: string;
  /** As asked or as used. */
  readonly model?: string;
  readonly outcome?: Outcome;
  readonly from?: number;
  readonly to?: number;
}

/** The last record of a page; the next page starts behind it. */
export type UsageCursor = Pick<UsageRecord, 'receivedAt' | 'id'>;

/** Storage port of the usage records. They are added, and deleted when their time is over. */
export abstract class UsageRepository {
  /**
   * Adds them, at most 200 at a time, and brings them into the rollups; records that are there already (by id) stay as they are,
   * and count no second time. When it fails some may have been added: the same batch again adds the rest.
   *
   * @param batch its identity
   */
  abstract insertMany(records: readonly UsageRecord[], batch: BatchId): Promise<void>;
  /** Latest first; records of one millisecond by id, descending. */
  abstract page(filter: UsageFilter, after: UsageCursor | null, limit: number): Promise<UsageRecord[]>;
  /** Which of these ids have a record; at most 200 are asked for. */
  abstract known(ids: readonly string[]): Promise<string[]>;
  abstract findById(id: string): Promise<UsageRecord | null>;
  /** The latest record with that vendor's id; of one project, if it is named. */
  abstract findByUpstreamId(upstreamId: string, projectId?: string): Promise<UsageRecord | null>;
  /** When the oldest was received, Unix ms; null when there is none. */
  abstract oldest(projectId?: string): Promise<number | null>;
  /** The first project behind that one that has any, also when it is deleted by now; null when there is none. */
  abstract nextProject(after: string): Promise<string | null>;
  /** Ids of at most `limit` that were received before, the oldest first. */
  abstract idsBefore(before: number, limit: number, projectId?: string): Promise<string[]>;
  /** The rollups stay as they are. */
  abstract delete(ids: readonly string[]): Promise<void>;
}

import { SealedRecords } from '@app/shared';
import type { ResponseStatus, StoredResponse } from './kept-response.entity.js';

/** How a response ended, or what it is now. */
export type ResponseEnding = Pick<StoredResponse, 'envelope' | 'contextBytes'> & {
  readonly status: Exclude<ResponseStatus, 'in_progress'>;
};

/** Storage port of kept responses. It sees envelopes, and gives nothing that has expired. Times in Unix ms. */
export abstract class ResponseRepository extends SealedRecords {
  readonly kind = 'responses';

  abstract insert(response: StoredResponse): Promise<void>;
  abstract findById(projectId: string, id: string, now: number): Promise<StoredResponse | null>;
  /** Those of them that are there, in any order. */
  abstract findByIds(projectId: string, ids: readonly string[], now: number): Promise<StoredResponse[]>;
  /** Ends one that is in progress. False when it is not (any more). */
  abstract finish(id: string, ending: ResponseEnding): Promise<boolean>;
  /** Shows that one in progress is being worked on. False when it is not in progress (any more). */
  abstract renewLease(id: string, until: number): Promise<boolean>;
  /** False when there was nothing to delete. */
  abstract delete(projectId: string, id: string): Promise<boolean>;
  /** Deletes at most `limit` that have expired, and tells how many. */
  abstract deleteExpired(now: number, limit: number): Promise<number>;
  /** When the oldest was made, of all or of one project, Unix ms; null when there is none. */
  abstract oldest(projectId?: string): Promise<number | null>;
  /** Deletes at most `limit` of a project whose ids are before that one, and tells how many. */
  abstract deleteOlder(projectId: string, id: string, limit: number): Promise<number>;
  /** Deletes all of a project. */
  abstract deleteOf(projectId: string): Promise<void>;
}

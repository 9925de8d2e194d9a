import { SealedRecords } from '@app/shared';
import type { StoredAnswer } from './kept-answer.entity.js';

/** What became of a call that had the key. */
export type Ending = Pick<StoredAnswer, 'envelope' | 'expiresAt'> & {
  readonly state: Exclude<StoredAnswer['state'], 'running'>;
};

/** Storage port of idempotency keys and their answers. It sees envelopes, and gives nothing that has expired. Times in Unix ms. */
export abstract class KeptAnswerRepository extends SealedRecords {
  readonly kind = 'idempotent answers';

  /**
   * Takes a key for a call, in one step, whoever else tries: when nobody has it, its time is over, or the gateway of the call
   * that had it is gone. False when somebody has it.
   */
  abstract claim(answer: StoredAnswer, now: number): Promise<boolean>;
  abstract findById(id: string, now: number): Promise<StoredAnswer | null>;
  /** Shows that the call still runs. False when it does not have the key (any more). */
  abstract renewLease(id: string, callId: string, until: number): Promise<boolean>;
  /** False when the call does not have the key (any more). */
  abstract finish(id: string, callId: string, ending: Ending): Promise<boolean>;
  /** The call came to nothing: its key is free. */
  abstract release(id: string, callId: string): Promise<void>;
  /** Deletes at most `limit` that have expired, and tells how many. */
  abstract deleteExpired(now: number, limit: number): Promise<number>;
  /** Deletes all of a project. */
  abstract deleteOf(projectId: string): Promise<void>;
}

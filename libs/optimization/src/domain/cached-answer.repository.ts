/** An answer as it is stored: nobody reads it without the encryption key. */
export interface StoredAnswer {
  /** As of `requestKey`: nobody tells from it what was asked. */
  readonly id: string;
  readonly projectId: string;
  /** Empty when the caller chose none. */
  readonly namespace: string;
  /** `vendor/model` that answered. */
  readonly model: string;
  /** Unix ms, as the next. */
  readonly keptAt: number;
  readonly expiresAt: number;
  /** See `sealed-answer.ts`. */
  readonly envelope: string;
}

/** Which answers of a project are meant; those that say less mean more. */
export interface StoredAnswersMeant {
  readonly model?: string;
  readonly namespace?: string;
  /** Unix ms. */
  readonly keptBefore?: number;
}

/** Storage port of cached answers. It sees envelopes, and gives nothing that has expired. Times in Unix ms. */
export abstract class CachedAnswerRepository {
  abstract find(projectId: string, id: string, now: number): Promise<StoredAnswer | null>;
  /** In the place of what was kept by that key. */
  abstract save(answer: StoredAnswer): Promise<void>;
  abstract delete(projectId: string, id: string): Promise<void>;
  /** Deletes answers of a project, and tells how many. */
  abstract purge(projectId: string, meant: StoredAnswersMeant): Promise<number>;
  /** Deletes at most `limit` that have expired, and tells how many. */
  abstract deleteExpired(now: number, limit: number): Promise<number>;
  /** Deletes all of a project. */
  abstract deleteOf(projectId: string): Promise<void>;
}

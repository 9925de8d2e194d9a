import type { Vector } from './question-index.js';

export interface QuestionPlace {
  /** As of `requestKey`: nobody tells from it what was asked, as from the room. */
  readonly id: string;
  readonly projectId: string;
  readonly room: string;
  /** Of the call that was answered. */
  readonly callId: string;
}

/** A question as it is stored, beside its vector: nobody reads it without the encryption key. */
export interface StoredQuestion extends QuestionPlace {
  /** Its gist; see `StoredQuestionIndex`. */
  readonly envelope: string;
}

/** Unix ms. */
export interface QuestionTimes {
  readonly usedAt: number;
  readonly expiresAt: number;
}

export interface StoredNear {
  readonly question: StoredQuestion;
  /** Cosine, -1 to 1. */
  readonly similarity: number;
}

/** Storage port of questions and their vectors, whose store compares them. Times in Unix ms. */
export abstract class QuestionRepository {
  /** In the place of what was there by that id. */
  abstract save(question: StoredQuestion, vector: Vector, times: QuestionTimes): Promise<void>;
  /** At most `limit` of a room, by that model and of that length, the nearest first, and none that has expired. */
  abstract nearest(
    asked: Pick<QuestionPlace, 'projectId' | 'room'>,
    vector: Vector,
    now: number,
    limit: number,
  ): Promise<StoredNear[]>;
  /** It is used just now, unless it was but a minute ago, or is another one. */
  abstract touch(question: QuestionPlace, now: number): Promise<void>;
  /** Unless it is another one by now. */
  abstract delete(question: QuestionPlace): Promise<void>;
  /** Deletes those of the room, and of the project, that were not used for the longest time, from so many on. */
  abstract trim(
    added: Pick<QuestionPlace, 'projectId' | 'room'>,
    most: { readonly inRoom: number; readonly ofProject: number },
  ): Promise<void>;
  /** Deletes at most `limit` that have expired, and tells how many. */
  abstract deleteExpired(now: number, limit: number): Promise<number>;
  /** All of a project. */
  abstract deleteOf(projectId: string): Promise<void>;
}

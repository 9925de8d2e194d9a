import type { Question } from './question.js';

/** A question whose answer is kept. Its words are here as `Gist` has them, its text is not. */
export interface KnownQuestion extends Omit<Question, 'text'> {
  /** Of the call that was answered: what another one puts in the place of its answer is none to this. */
  readonly callId: string;
}

export interface AnsweredQuestion extends KnownQuestion {
  readonly vector: Vector;
}

/** Where a question lies among others. */
export interface Vector {
  /** Of length 1. */
  readonly numbers: Float32Array;
  /** The model that made it, as `vendor/model`: vectors of two models have nothing to do with each other. */
  readonly model: string;
}

export interface Near {
  readonly question: KnownQuestion;
  /** Cosine, -1 to 1. */
  readonly similarity: number;
}

/** How many questions `nearest` tells. */
export const MOST_NEAR = 5;
/** All of a room are compared with a question: 500 vectors of 1,536 numbers take half a millisecond. */
export const MOST_IN_ROOM = 500;

/**
 * Port: the questions whose answers are kept, by room; bounded as the answers are. It holds keys and no answers: what is not kept any
 * more is found in vain. Nobody waits for it but in `nearest`, `deleteExpired` and `deleteOf`.
 */
export abstract class QuestionIndex {
  /** In the place of what was there by its key. */
  abstract add(answered: AnsweredQuestion, ttlMs: number): void;
  /** At most five of the room, the nearest first, and none that has expired. Never throws. */
  abstract nearest(asked: Pick<Question, 'projectId' | 'room'>, vector: Vector): Promise<readonly Near[]>;
  /** It was of use: others go first. */
  abstract touch(question: KnownQuestion): void;
  /** Its answer was looked for in vain. */
  abstract miss(question: KnownQuestion): void;
  /** What is remembered here of a project. */
  abstract forget(projectId: string): void;
  /** Deletes at most `limit` that have expired, and tells how many. @throws StoreUnavailableError (503) */
  abstract deleteExpired(limit: number): Promise<number>;
  /** All of a project. @throws StoreUnavailableError (503) */
  abstract deleteOf(projectId: string): Promise<void>;
}

/** Null when it points nowhere: of no numbers, zeros, or such that are none. */
export function unitVector(numbers: readonly number[]): Float32Array | null {
  const length = Math.sqrt(numbers.reduce((sum, number) => sum + number * number, 0));
  return Number.isFinite(length) && length > 0 ? Float32Array.from(numbers, number => number / length) : null;
}

/** Of two vectors of length 1. */
export function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at += 1) {
    sum += (a[at] as number) * (b[at] as number);
  }
  return sum;
}

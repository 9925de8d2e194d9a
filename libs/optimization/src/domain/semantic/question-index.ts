import type { Clock } from '@app/shared';
import { FairMemory } from '../fair-memory.js';
import type { Question } from './question.js';

/** A question whose answer is kept. Its words are here as `Gist` has them, its text is not. */
export interface AnsweredQuestion extends Omit<Question, 'text'> {
  readonly vector: Vector;
  /** Of the call that was answered: what another one puts in the place of its answer is none to this. */
  readonly callId: string;
  /** Unix ms. */
  readonly expiresAt: number;
}

/** Where a question lies among others. */
export interface Vector {
  /** Of length 1. */
  readonly numbers: Float32Array;
  /** The model that made it, as `vendor/model`: vectors of two models have nothing to do with each other. */
  readonly model: string;
}

export interface Near {
  readonly question: AnsweredQuestion;
  /** Cosine, -1 to 1. */
  readonly similarity: number;
}

const LIMIT_BYTES = 32 * 1024 * 1024;
/** All of a room are compared with a question, while nobody else is served: 500 vectors of 1,536 numbers take half a millisecond. */
const MOST_IN_ROOM = 500;
const MOST_NEAR = 5;
const BYTES_OF_WORD = 100;
const OVERHEAD_BYTES = 1024;

/**
 * The questions whose answers are kept, by room; bounded as the answers are. It holds keys and no answers: what is not kept any more is
 * found in vain, and taken out then.
 */
export class QuestionIndex {
  private readonly rooms = new Map<string, Map<string, AnsweredQuestion>>();
  private readonly questions;

  constructor(
    private readonly clock: Clock,
    limitBytes = LIMIT_BYTES,
    private readonly mostInRoom = MOST_IN_ROOM,
  ) {
    this.questions = new FairMemory<AnsweredQuestion>(limitBytes, sizeOf, gone => this.leaveRoom(gone));
  }

  get bytes(): number {
    return this.questions.bytes;
  }

  /** In the place of what was there by its key. */
  add(answered: Omit<AnsweredQuestion, 'expiresAt'>, ttlMs: number): void {
    const question = { ...answered, expiresAt: this.clock.now() + ttlMs };
    const { room, key } = question;
    this.questions.set(question);
    if (!this.questions.has(question)) {
      return; // larger than everything
    }
    const others = this.rooms.get(room) ?? new Map<string, AnsweredQuestion>();
    this.rooms.set(room, others);
    others.set(key, question);
    if (others.size > this.mostInRoom) {
      const [longestUnused] = others.values();
      this.delete(longestUnused as AnsweredQuestion);
    }
  }

  /** At most five of the room, the nearest first. What has expired is taken out. */
  nearest(room: string, { numbers, model }: Vector): Near[] {
    const now = this.clock.now();
    const near: Near[] = [];
    for (const question of this.rooms.get(room)?.values() ?? []) {
      const { vector } = question;
      if (question.expiresAt <= now) {
        this.delete(question);
      } else if (vector.model === model && vector.numbers.length === numbers.length) {
        near.push({ question, similarity: cosine(vector.numbers, numbers) });
      }
    }
    return near.toSorted((a, b) => b.similarity - a.similarity).slice(0, MOST_NEAR);
  }

  /** It was of use: others go first. */
  touch(question: AnsweredQuestion): void {
    this.questions.get(question.projectId, question.key);
    const others = this.rooms.get(question.room);
    if (others?.delete(question.key)) {
      others.set(question.key, question);
    }
  }

  delete({ projectId, key }: AnsweredQuestion): void {
    this.questions.delete(projectId, key);
  }

  /** All of a project. */
  forget(projectId: string): void {
    this.questions.purge(projectId, () => true);
  }

  private leaveRoom({ room, key }: AnsweredQuestion): void {
    const others = this.rooms.get(room);
    others?.delete(key);
    if (others?.size === 0) {
      this.rooms.delete(room);
    }
  }
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

function sizeOf({ vector, gist }: AnsweredQuestion): number {
  return vector.numbers.byteLength + gist.words.length * BYTES_OF_WORD + OVERHEAD_BYTES;
}

import type { Clock } from '@app/shared';
import { FairMemory } from '../fair-memory.js';
import type { Question } from './question.js';
import {
  type AnsweredQuestion,
  cosine,
  type KnownQuestion,
  MOST_IN_ROOM,
  MOST_NEAR,
  type Near,
  QuestionIndex,
  type Vector,
} from './question-index.js';

interface TimedQuestion extends AnsweredQuestion {
  /** Unix ms. */
  readonly expiresAt: number;
}

const LIMIT_BYTES = 32 * 1024 * 1024;
const BYTES_OF_WORD = 100;
const OVERHEAD_BYTES = 1024;

/** In the memory of this process, where all of a room are compared while nobody else is served. */
export class MemoryQuestionIndex extends QuestionIndex {
  private readonly rooms = new Map<string, Map<string, TimedQuestion>>();
  private readonly questions;

  constructor(
    private readonly clock: Clock,
    limitBytes = LIMIT_BYTES,
    private readonly mostInRoom = MOST_IN_ROOM,
  ) {
    super();
    this.questions = new FairMemory<TimedQuestion>(limitBytes, sizeOf, gone => this.leaveRoom(gone));
  }

  get bytes(): number {
    return this.questions.bytes;
  }

  add(answered: AnsweredQuestion, ttlMs: number): void {
    const question = { ...answered, expiresAt: this.clock.now() + ttlMs };
    const { room, key } = question;
    this.questions.set(question);
    if (!this.questions.has(question)) {
      return; // larger than everything
    }
    const others = this.rooms.get(room) ?? new Map<string, TimedQuestion>();
    this.rooms.set(room, others);
    others.set(key, question);
    if (others.size > this.mostInRoom) {
      const [longestUnused] = others.values();
      this.delete(longestUnused as TimedQuestion);
    }
  }

  /** What has expired is taken out. */
  async nearest({ room }: Pick<Question, 'room'>, { numbers, model }: Vector): Promise<Near[]> {
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

  touch(question: KnownQuestion): void {
    this.questions.get(question.projectId, question.key);
    const others = this.rooms.get(question.room);
    const known = others?.get(question.key);
    if (others && known) {
      others.delete(question.key);
      others.set(question.key, known);
    }
  }

  /** Taken out, unless there is another one by its key meanwhile. */
  miss(question: KnownQuestion): void {
    if (this.rooms.get(question.room)?.get(question.key)?.callId === question.callId) {
      this.delete(question);
    }
  }

  /** They are taken out when they are compared, or give way. */
  async deleteExpired(): Promise<number> {
    return 0;
  }

  forget(projectId: string): void {
    this.questions.purge(projectId, () => true);
  }

  async deleteOf(projectId: string): Promise<void> {
    this.forget(projectId);
  }

  private delete({ projectId, key }: KnownQuestion): void {
    this.questions.delete(projectId, key);
  }

  private leaveRoom({ room, key }: TimedQuestion): void {
    const others = this.rooms.get(room);
    others?.delete(key);
    if (others?.size === 0) {
      this.rooms.delete(room);
    }
  }
}

function sizeOf({ vector, gist }: TimedQuestion): number {
  return vector.numbers.byteLength + gist.words.length * BYTES_OF_WORD + OVERHEAD_BYTES;
}

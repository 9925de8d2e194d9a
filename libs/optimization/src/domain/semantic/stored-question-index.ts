import type { OnModuleDestroy } from '@nestjs/common';
import type { Clock, Logger, Secrets } from '@app/shared';
import { FIND_MS, StorePatience } from '../store-patience.js';
import type { Gist } from './gist.js';
import type { Question } from './question.js';
import {
  type AnsweredQuestion,
  type KnownQuestion,
  MOST_IN_ROOM,
  MOST_NEAR,
  type Near,
  QuestionIndex,
  type Vector,
} from './question-index.js';
import { turnedVector } from './turned-vector.js';
import type { QuestionPlace, QuestionRepository, StoredNear, StoredQuestion } from './question.repository.js';

const LIMITS = {
  inRoom: MOST_IN_ROOM,
  /** Of each, more than the memory has room for in all: some 60 MB of vectors of 1,536 numbers. */
  ofProject: 10_000,
  /** Of a vector, that pgvector takes. */
  numbers: 16_000,
  findMs: FIND_MS,
};

/** What the index is made of. */
export interface QuestionStorage {
  readonly questions: QuestionRepository;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * In the store, for all gateways on it, and after a restart. Words are sealed, and the vector, which the store compares, is turned. Nobody needs it:
 * while the store is away, or slow, nothing is found in it.
 */
export class StoredQuestionIndex extends QuestionIndex implements OnModuleDestroy {
  private readonly patience: StorePatience;
  private hasTold = false;

  constructor(
    private readonly storage: QuestionStorage,
    private readonly limits = LIMITS,
  ) {
    super();
    const outage = 'The store of questions does not answer; none is found that was asked in other words.';
    this.patience = new StorePatience(storage.clock, storage.logger, outage, limits.findMs);
  }

  add(answered: AnsweredQuestion, ttlMs: number): void {
    const { questions, secrets, clock } = this.storage;
    if (answered.vector.numbers.length > this.limits.numbers) {
      return;
    }
    const usedAt = clock.now();
    void this.patience.write(async () => {
      const stored = this.seal(answered);
      const vector = turnedVector(secrets.cacheKey, answered.projectId, answered.vector);
      await questions.save(stored, vector, { usedAt, expiresAt: usedAt + ttlMs });
      await questions.trim(stored, this.limits);
    });
  }

  async nearest(asked: Pick<Question, 'projectId' | 'room'>, vector: Vector): Promise<Near[]> {
    const { questions, secrets, clock } = this.storage;
    if (vector.numbers.length > this.limits.numbers) {
      return [];
    }
    const turned = turnedVector(secrets.cacheKey, asked.projectId, vector);
    const found = await this.patience.ask(() => questions.nearest(asked, turned, clock.now(), MOST_NEAR));
    return (found ?? []).flatMap(near => this.open(near) ?? []);
  }

  touch(question: KnownQuestion): void {
    const { questions, clock } = this.storage;
    void this.patience.write(() => questions.touch(placeOf(question), clock.now()));
  }

  /** It stays until its time is over, or others are of more use: this gateway may have but an older answer in its memory. */
  miss(): void {}

  /** All is in the store. */
  forget(): void {}

  deleteExpired(limit: number): Promise<number> {
    return this.storage.questions.deleteExpired(this.storage.clock.now(), limit);
  }

  async deleteOf(projectId: string): Promise<void> {
    await this.settled(); // what is on its way would come after it
    await this.storage.questions.deleteOf(projectId);
  }

  /** Resolves when all that was to be written is written. */
  settled(): Promise<void> {
    return this.patience.settled();
  }

  onModuleDestroy(): Promise<void> {
    return this.settled();
  }

  private seal(question: KnownQuestion): StoredQuestion {
    const place = placeOf(question);
    return { ...place, envelope: this.storage.secrets.encrypt(JSON.stringify(question.gist), bound(place)) };
  }

  /** What does not open was altered, or is of a key that is lost: it would not open the next time either. */
  private open({ question, similarity }: StoredNear): Near | null {
    const { secrets, questions, logger } = this.storage;
    try {
      const gist = JSON.parse(secrets.decrypt(question.envelope, bound(question))) as Gist;
      const { id: key, projectId, room, callId } = question;
      return { question: { projectId, room, key, callId, gist }, similarity };
    } catch (error) {
      void this.patience.write(() => questions.delete(question));
      if (!this.hasTold) {
        this.hasTold = true;
        logger.warn(
          { err: error, project: question.projectId },
          'A stored question does not open; such are deleted.',
        );
      }
      return null;
    }
  }
}

function placeOf({ projectId, room, key: id, callId }: KnownQuestion): QuestionPlace {
  return { id, projectId, room, callId };
}

/** Words that were moved to another question, room or answer do not open there. */
function bound({ projectId, room, id, callId }: QuestionPlace): string {
  return ['question', projectId, room, id, callId].join(' ');
}

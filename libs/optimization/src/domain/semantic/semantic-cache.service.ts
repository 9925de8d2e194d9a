import { Injectable } from '@nestjs/common';
import type { Call, SemanticUse } from '@app/shared';
import { AnswerCache } from '../answer-cache.service.js';
import type { CachedAnswer } from '../cached-answer.entity.js';
import type { KeyParts } from '../request-key.js';
import type { Asking } from './asking.js';
import { difference, type Guard } from './guards.js';
import { cosine, type Near, QuestionIndex, type Vector } from './question-index.js';
import { QuestionVectors } from './question-vectors.js';
import { SemanticCounts } from './semantic-counts.js';

/** Where answers are given, the vendor is asked in spite of one in so many, to see what it would have said. */
const VERIFIED_ONE_IN = 20;
/** Cosine of two answers that are taken to say the same. */
const AGREEING = 0.85;
/** Of an answer, that vectors are made of: models take some 8,000 tokens. */
const COMPARED_CHARACTERS = 8000;

export interface LikeAnswer {
  readonly answer: CachedAnswer;
  /** Of the two questions. */
  readonly similarity: number;
}

/**
 * Answers to questions that were asked in other words: a vector finds the one that is like it, and the words have to agree that it is the
 * same. What it finds are keys of the exact cache, so that its times, bounds and purges hold here, too.
 */
@Injectable()
export class SemanticCache {
  constructor(
    private readonly cache: AnswerCache,
    private readonly index: QuestionIndex,
    private readonly counts: SemanticCounts,
    private readonly vectors: QuestionVectors,
  ) {}

  /** Null when it is none that others may share an answer with. @param key as of `requestKey` */
  asking(call: Call, use: SemanticUse, parts: KeyParts, key: string): Asking | null {
    const question = this.cache.questionOf(parts, key, use.never);
    return question && { call, use, question, vector: null, unproven: null };
  }

  /**
   * The answer to a question that is like it. Null when there is none, or it is not to be given: then the vendor is to be asked. Never
   * throws.
   *
   * @param maxAgeMs older answers are none
   */
  async find(asking: Asking, maxAgeMs: number): Promise<LikeAnswer | null> {
    const { projectId } = asking.question;
    this.counts.add(projectId, 'asked');
    asking.vector = await this.vectors.inTime(asking);
    if (!asking.vector) {
      this.counts.add(projectId, 'unavailable');
      return null;
    }
    const like = await this.nearest(asking, asking.vector, maxAgeMs);
    if (!like) {
      return null;
    }
    const found = this.counts.add(projectId, 'found');
    this.counts.add(projectId, 'savedNanoUsd', like.answer.costNanoUsd ?? 0);
    if (asking.use.mode === 'shadow' || found % VERIFIED_ONE_IN === 0) {
      asking.unproven = like.answer;
      return null;
    }
    this.counts.add(projectId, 'answered');
    return like;
  }

  /** The answer to it, by that call, is kept from now on, for so long. */
  kept({ question, vector }: Asking, callId: string, ttlMs: number): void {
    if (vector) {
      const { text: _text, ...known } = question;
      this.index.add({ ...known, vector, callId }, ttlMs);
    }
  }

  /** Whether a vendor says what was found. @param texts of the two answers. Never throws. */
  async verify({ call, use, question }: Asking, texts: readonly [string, string]): Promise<void> {
    const agreed = await this.saysTheSame(call, use.model, texts);
    if (agreed !== null) {
      this.counts.add(question.projectId, 'verified');
      this.counts.add(question.projectId, 'agreed', agreed ? 1 : 0);
    }
  }

  private async nearest(
    { question, use }: Asking,
    vector: Vector,
    maxAgeMs: number,
  ): Promise<LikeAnswer | null> {
    const near = await this.index.nearest(question, vector);
    if (near[0]) {
      this.counts.near(question.projectId, near[0].similarity);
    }
    let against: Guard | null = null;
    for (const candidate of near.filter(({ similarity }) => similarity >= use.threshold)) {
      const guard = difference(question.gist, candidate.question.gist);
      const answer = guard ? null : await this.answerTo(candidate, maxAgeMs);
      if (answer) {
        this.index.touch(candidate.question);
        return { answer, similarity: candidate.similarity };
      }
      against ??= guard;
    }
    if (against) {
      this.counts.guarded(question.projectId, against);
    }
    return null;
  }

  private async answerTo({ question }: Near, maxAgeMs: number): Promise<CachedAnswer | null> {
    const answer = await this.cache.find(question.projectId, question.key, Infinity);
    if (answer?.callId !== question.callId) {
      this.index.miss(question); // it is gone, or another has its place
      return null;
    }
    return this.cache.ageOf(answer) <= maxAgeMs ? answer : null;
  }

  /** Null when nobody can tell. */
  private async saysTheSame(
    call: Call,
    model: string,
    [a, b]: readonly [string, string],
  ): Promise<boolean | null> {
    if (a.trim() === b.trim()) {
      return true;
    }
    const vectors = await this.vectors.of(
      call,
      model,
      [a, b].map(text => text.slice(0, COMPARED_CHARACTERS)),
    );
    const [ofA, ofB] = vectors ?? [];
    return ofA && ofB ? cosine(ofA.numbers, ofB.numbers) >= AGREEING : null;
  }
}

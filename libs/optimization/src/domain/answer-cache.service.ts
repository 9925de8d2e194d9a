import { Injectable } from '@nestjs/common';
import { Clock, Config, Secrets } from '@app/shared';
import { AnswerMemory } from './answer-memory.js';
import type { CachedAnswer } from './cached-answer.entity.js';
import { type KeyParts, requestKey } from './request-key.js';

/** Which answers are meant; those that say less mean more. */
export interface AnswersMeant {
  /** `vendor/model`. */
  readonly model?: string;
  readonly namespace?: string;
  readonly olderThanSeconds?: number;
}

/** Answers of vendors that are kept for those who ask the same again: in the memory of this process, and nowhere else. */
@Injectable()
export class AnswerCache {
  /** Bytes that the body of an answer may have to be kept. */
  readonly entryLimitBytes: number;
  private readonly memory: AnswerMemory;

  constructor(
    private readonly clock: Clock,
    private readonly secrets: Secrets,
    { cacheMemoryBytes, cacheEntryBytes }: Config,
  ) {
    this.memory = new AnswerMemory(cacheMemoryBytes);
    this.entryLimitBytes = Math.min(cacheEntryBytes, cacheMemoryBytes);
  }

  keyOf(parts: KeyParts): string {
    return requestKey(this.secrets.cacheKey, parts);
  }

  /** @param maxAgeMs older answers are none; null for as long as they are kept */
  find(projectId: string, key: string, maxAgeMs: number | null): CachedAnswer | null {
    const answer = this.memory.get(projectId, key);
    if (!answer || answer.projectId !== projectId) {
      return null;
    }
    if (answer.expiresAt <= this.clock.now()) {
      this.memory.delete(projectId, key);
      return null;
    }
    return maxAgeMs !== null && this.ageOf(answer) > maxAgeMs ? null : answer;
  }

  /** For so long, in the place of what was kept by that key. @param ttlMs 0: not at all */
  keep(answer: Omit<CachedAnswer, 'keptAt' | 'expiresAt'>, ttlMs: number): void {
    const keptAt = this.clock.now();
    this.memory.set({ ...answer, keptAt, expiresAt: keptAt + ttlMs });
  }

  /** In ms. */
  ageOf({ keptAt }: CachedAnswer): number {
    return Math.max(0, this.clock.now() - keptAt);
  }

  /** Forgets answers of a project. @returns how many */
  purge(projectId: string, { model, namespace, olderThanSeconds }: AnswersMeant = {}): number {
    return this.memory.purge(
      projectId,
      answer =>
        (model === undefined || `${answer.vendor}/${answer.model}` === model) &&
        (namespace === undefined || answer.namespace === namespace) &&
        (olderThanSeconds === undefined || this.ageOf(answer) > olderThanSeconds * 1000),
    );
  }
}

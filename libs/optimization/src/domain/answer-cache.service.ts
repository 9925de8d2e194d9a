import { Injectable } from '@nestjs/common';
import { Clock, Config, Secrets } from '@app/shared';
import { AnswerMemory } from './answer-memory.js';
import { AnswerStore } from './answer-store.js';
import type { CachedAnswer } from './cached-answer.entity.js';
import { type KeyParts, requestKey, type TaskKeyParts, taskKey } from './request-key.js';
import { type Question, questionOf } from './semantic/question.js';

/** Which answers are meant; those that say less mean more. */
export interface AnswersMeant {
  /** `vendor/model`. */
  readonly model?: string;
  readonly namespace?: string;
  readonly olderThanSeconds?: number;
}

/** For so long an answer of the store is given from memory: then another gateway may have purged it. */
const RECHECK_MS = 60_000;

/**
 * Answers of vendors that are kept for those who ask the same again: in the memory of this process, and behind that in the store,
 * where the operator wants it.
 */
@Injectable()
export class AnswerCache {
  /** Bytes that the body of an answer may have to be kept. */
  readonly entryLimitBytes: number;
  private readonly memory: AnswerMemory;
  /** By `Clock.ticks`: when an answer in memory was last known to be in the store. */
  private readonly checkedAt = new WeakMap<CachedAnswer, number>();
  /** When an answer in memory was asked for, as of `begin`; absent: by another process. */
  private readonly askedAt = new WeakMap<CachedAnswer, number>();
  /** When a project was last purged, as of `begin`. */
  private readonly purgedAt = new Map<string, number>();
  private begun = 0;
  private readonly purgeListeners: ((projectId: string) => void)[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly secrets: Secrets,
    private readonly config: Config,
    private readonly store: AnswerStore,
  ) {
    const { cacheMemoryBytes, cacheEntryBytes } = config;
    this.memory = new AnswerMemory(cacheMemoryBytes);
    this.entryLimitBytes = this.isStored ? cacheEntryBytes : Math.min(cacheEntryBytes, cacheMemoryBytes);
  }

  keyOf(parts: KeyParts): string {
    return requestKey(this.secrets.cacheKey, parts);
  }

  keyOfTask(parts: TaskKeyParts): string {
    return taskKey(this.secrets.cacheKey, parts);
  }

  /** What it asks, where others may ask the same in other words; else null. @param never words that keep it out */
  questionOf(parts: KeyParts, key: string, never: readonly string[]): Question | null {
    return questionOf(this.secrets.cacheKey, parts, key, never);
  }

  /** Of a call that begins now: each has a higher number than those before. It is exact where a clock is not. */
  begin(): number {
    this.begun += 1;
    return this.begun;
  }

  /**
   * Whether the answer to such a call is not to be given any more: since it began the project was purged, or what is kept by its key
   * was asked for. Of this process alone.
   *
   * @param asked as of `begin`
   */
  isOutdated(projectId: string, key: string, asked: number): boolean {
    return (
      asked < (this.purgedAt.get(projectId) ?? 0) || asked < this.askedFor(this.memory.get(projectId, key))
    );
  }

  /** Never throws. @param maxAgeMs older answers are none */
  async find(projectId: string, key: string, maxAgeMs: number): Promise<CachedAnswer | null> {
    const fits = (answer: CachedAnswer | null): answer is CachedAnswer =>
      answer !== null && this.ageOf(answer) <= maxAgeMs;
    const remembered = this.remembered(projectId, key);
    const isEnough = !this.isStored || (fits(remembered) && this.isChecked(remembered));
    const answer = isEnough ? remembered : await this.stored(projectId, key, remembered);
    return fits(answer) ? answer : null;
  }

  /**
   * For so long, in the place of what was kept by that key, unless it is outdated.
   *
   * @param ttlMs 0: not at all
   * @param asked when, as of `begin`
   * @returns whether it is not
   */
  keep(answer: Omit<CachedAnswer, 'keptAt' | 'expiresAt'>, ttlMs: number, asked: number): boolean {
    if (this.isOutdated(answer.projectId, answer.key, asked)) {
      return false;
    }
    const keptAt = this.clock.now();
    const kept = { ...answer, keptAt, expiresAt: keptAt + ttlMs };
    this.remember(kept, asked);
    if (this.isStored) {
      this.store.keep(kept);
    }
    return true;
  }

  /** @param forget what else is remembered of a project's requests and answers, when any of these are purged */
  onPurge(forget: (projectId: string) => void): void {
    this.purgeListeners.push(forget);
  }

  /** In ms. */
  ageOf({ keptAt }: CachedAnswer): number {
    return Math.max(0, this.clock.now() - keptAt);
  }

  /**
   * Forgets answers of a project, and keeps none to a call that is under way; other gateways on the same store forget them within
   * a minute.
   *
   * @returns how many
   * @throws StoreUnavailableError (503)
   */
  async purge(projectId: string, { model, namespace, olderThanSeconds }: AnswersMeant = {}): Promise<number> {
    const keptBefore =
      olderThanSeconds === undefined ? undefined : this.clock.now() - olderThanSeconds * 1000;
    this.purgedAt.set(projectId, this.begin());
    this.purgeListeners.forEach(forget => forget(projectId));
    const remembered = this.memory.purge(
      projectId,
      answer =>
        (model === undefined || `${answer.vendor}/${answer.model}` === model) &&
        (namespace === undefined || answer.namespace === namespace) &&
        (keptBefore === undefined || answer.keptAt < keptBefore),
    );
    const meant = { model, namespace, keptBefore };
    return this.isStored ? Math.max(remembered, await this.store.purge(projectId, meant)) : remembered;
  }

  private get isStored(): boolean {
    return this.config.cacheStore !== 'memory';
  }

  private isChecked(answer: CachedAnswer): boolean {
    return this.clock.ticks() - (this.checkedAt.get(answer) ?? -Infinity) < RECHECK_MS;
  }

  private askedFor(answer: CachedAnswer | null): number {
    return (answer && this.askedAt.get(answer)) ?? 0;
  }

  private remember(answer: CachedAnswer, asked: number): void {
    this.checkedAt.set(answer, this.clock.ticks());
    this.askedAt.set(answer, asked);
    this.memory.set(answer);
  }

  private remembered(projectId: string, key: string): CachedAnswer | null {
    const answer = this.memory.get(projectId, key);
    return answer && this.unlessOver(answer);
  }

  /** @param remembered stands in for a store that does not tell */
  private async stored(
    projectId: string,
    key: string,
    remembered: CachedAnswer | null,
  ): Promise<CachedAnswer | null> {
    const found = await this.store.find(projectId, key);
    if (found === undefined) {
      return remembered;
    }
    const answer = found && this.unlessOver(found);
    if (answer) {
      this.remember(answer, this.askedFor(remembered));
    } else {
      this.memory.delete(projectId, key);
    }
    return answer;
  }

  private unlessOver(answer: CachedAnswer): CachedAnswer | null {
    if (answer.expiresAt > this.clock.now()) {
      return answer;
    }
    this.memory.delete(answer.projectId, answer.key);
    return null;
  }
}

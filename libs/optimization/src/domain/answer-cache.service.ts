import { Injectable } from '@nestjs/common';
import { Clock, Config, given, Secrets } from '@app/shared';
import { AnswerMemory } from './answer-memory.js';
import { AnswerStore } from './answer-store.js';
import type { CachedAnswer } from './cached-answer.entity.js';
import type { StoredAnswersMeant } from './cached-answer.repository.js';
import { FairMemory } from './fair-memory.js';
import { type ForgottenAnswers, isMeant } from './forgotten-answers.js';
import { type KeyParts, requestKey, type TaskKeyParts, taskKey } from './request-key.js';
import { type Question, questionOf } from './semantic/question.js';

/** Which answers are meant; those that say less mean more. */
export interface AnswersMeant {
  /** `vendor/model`. */
  readonly model?: string;
  readonly namespace?: string;
  readonly olderThanSeconds?: number;
}

/** An answer that another gateway has put into the store, in the place of one that this gateway may remember, or be asking for. */
interface Replaced {
  readonly projectId: string;
  readonly key: string;
  /** As of `begin`. */
  readonly heardAt: number;
}

/** For so long an answer of the store is given from memory: another gateway may have purged it, and not have been heard. */
const RECHECK_MS = 60_000;
/** The last 16,000: a call takes minutes at most. */
const REPLACED_BYTES = 4 * 1024 * 1024;
const BYTES_OF_REPLACED = 256;

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
  private readonly replaced = new FairMemory<Replaced>(REPLACED_BYTES, () => BYTES_OF_REPLACED);
  private begun = 0;
  private readonly purgeListeners: ((projectId: string) => void)[] = [];
  private readonly storePurges: ((projectId: string) => Promise<void>)[] = [];
  private tell: (forgotten: ForgottenAnswers) => Promise<void> = () => Promise.resolve();

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
   * was asked for; by another gateway: since it was heard of.
   *
   * @param asked as of `begin`
   */
  isOutdated(projectId: string, key: string, asked: number): boolean {
    return (
      asked < (this.purgedAt.get(projectId) ?? 0) ||
      asked < this.askedFor(this.memory.get(projectId, key)) ||
      asked < (this.replaced.get(projectId, key)?.heardAt ?? 0)
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
   * @param isUnseen whether it was asked for without a look at what is kept: other gateways may remember that
   * @returns whether it is not
   */
  keep(
    answer: Omit<CachedAnswer, 'keptAt' | 'expiresAt'>,
    ttlMs: number,
    asked: number,
    isUnseen = false,
  ): boolean {
    const { projectId, key } = answer;
    if (this.isOutdated(projectId, key, asked)) {
      return false;
    }
    const isReplacing = isUnseen || this.memory.get(projectId, key) !== null;
    const keptAt = this.clock.now();
    const kept = { ...answer, keptAt, expiresAt: keptAt + ttlMs };
    this.remember(kept, asked);
    if (this.isStored) {
      void this.putIntoStore(kept, isReplacing);
    }
    return true;
  }

  /** Resolves when other gateways with the same store find what was kept by that key. Never throws. */
  written(projectId: string, key: string): Promise<void> {
    return this.store.written(projectId, key);
  }

  /** @param forget what else is remembered of a project's requests and answers, when any of these are purged */
  onPurge(forget: (projectId: string) => void): void {
    this.purgeListeners.push(forget);
  }

  /** @param purge what the store has of a project's requests besides, when any of its answers are purged there */
  onStorePurge(purge: (projectId: string) => Promise<void>): void {
    this.storePurges.push(purge);
  }

  /** @param tell resolves when the other gateways that can be reached are told; never throws */
  onForget(tell: (forgotten: ForgottenAnswers) => Promise<void>): void {
    this.tell = tell;
  }

  /** Another gateway tells it. */
  hear(forgotten: ForgottenAnswers): void {
    const { projectId } = forgotten;
    if ('purged' in forgotten) {
      this.forget(projectId, forgotten.purged);
      this.store.withdraw(answer => answer.projectId === projectId && isMeant(answer, forgotten.purged));
    } else {
      const key = forgotten.replaced;
      this.replaced.set({ projectId, key, heardAt: this.begin() });
      this.memory.delete(projectId, key);
    }
  }

  /** In ms. */
  ageOf({ keptAt }: CachedAnswer): number {
    return Math.max(0, this.clock.now() - keptAt);
  }

  /**
   * Forgets answers of a project, and keeps none to a call that is under way; so do the other gateways that can be reached. Others on
   * the same store forget them within a minute.
   *
   * @returns how many
   * @throws StoreUnavailableError (503)
   */
  async purge(projectId: string, { model, namespace, olderThanSeconds }: AnswersMeant = {}): Promise<number> {
    const keptBefore =
      olderThanSeconds === undefined ? undefined : this.clock.now() - olderThanSeconds * 1000;
    const purged = given({ model, namespace, keptBefore });
    const remembered = await this.forgetEverywhere(projectId, purged);
    if (!this.isStored) {
      return remembered;
    }
    const stored = await this.store.purge(projectId, purged);
    await Promise.all(this.storePurges.map(purge => purge(projectId)));
    await this.forgetEverywhere(projectId, purged); // what was found in the store meanwhile
    return Math.max(remembered, stored);
  }

  private async forgetEverywhere(projectId: string, purged: StoredAnswersMeant): Promise<number> {
    const count = this.forget(projectId, purged);
    await this.tell({ projectId, purged });
    return count;
  }

  private forget(projectId: string, meant: StoredAnswersMeant): number {
    this.purgedAt.set(projectId, this.begin());
    this.purgeListeners.forEach(forget => forget(projectId));
    return this.memory.purge(projectId, answer => isMeant(answer, meant));
  }

  /** Whoever forgets what it replaces looks for it there, and so is told only now. */
  private async putIntoStore(answer: CachedAnswer, isReplacing: boolean): Promise<void> {
    const { projectId, key } = answer;
    if ((await this.store.keep(answer)) && isReplacing) {
      await this.tell({ projectId, replaced: key });
    }
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
    const begun = this.begin();
    const found = await this.store.find(projectId, key);
    if (this.isOutdated(projectId, key, begun)) {
      return this.remembered(projectId, key); // the store may have told what it had before
    }
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

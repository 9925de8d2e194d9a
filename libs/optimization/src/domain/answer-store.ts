import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Clock, LOGGER, type Logger, Secrets, within } from '@app/shared';
import type { CachedAnswer } from './cached-answer.entity.js';
import {
  CachedAnswerRepository,
  type StoredAnswer,
  type StoredAnswersMeant,
} from './cached-answer.repository.js';
import { openAnswer, sealAnswer } from './sealed-answer.js';

/** A caller waits for what is found, and would rather have its vendor asked than wait longer. */
const FIND_MS = 200;
/** Sealed, in base64, this fits a document of MongoDB. */
const LIMIT_BYTES = 8 * 1024 * 1024;
/** A store that cannot take as many at once gets no more. */
const MOST_WRITES = 32;
/** For so long a store that failed is not asked: not every caller is to wait for it in vain. */
const PAUSE_MS = 2000;

/**
 * Kept answers in the store, where the other gateways find them, and this one after a restart. Nobody needs it: while the store
 * is away there is nothing in it, and the log tells once.
 */
@Injectable()
export class AnswerStore implements OnModuleDestroy {
  /** What is on its way there. */
  private readonly writes = new Map<Promise<boolean>, CachedAnswer>();
  private readonly withdrawals = new Set<Promise<void>>();
  private pausedUntil = 0;
  private isAway = false;

  constructor(
    private readonly answers: CachedAnswerRepository,
    private readonly secrets: Secrets,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Undefined when the store does not tell. Never throws. */
  async find(projectId: string, key: string): Promise<CachedAnswer | null | undefined> {
    if (this.isPaused) {
      return undefined;
    }
    try {
      const stored = await within(FIND_MS, this.answers.find(projectId, key, this.clock.now()));
      this.isAway = false;
      return stored && (await this.open(stored));
    } catch (error) {
      this.noteOutage(error);
      return undefined;
    }
  }

  /** Off the road: whoever has an answer does not wait for this. Never throws. @returns whether it is there */
  keep(answer: CachedAnswer): Promise<boolean> {
    if (answer.body.length > LIMIT_BYTES || this.writes.size >= MOST_WRITES || this.isPaused) {
      return Promise.resolve(false);
    }
    const write = this.write(answer).finally(() => this.writes.delete(write));
    this.writes.set(write, answer);
    return write;
  }

  /** What fits and is on its way there was purged by another gateway: it is deleted once it is there. */
  withdraw(fits: (answer: CachedAnswer) => boolean): void {
    for (const [write, answer] of this.writes) {
      if (fits(answer)) {
        const withdrawal = this.deleteAfter(write, answer).finally(() => this.withdrawals.delete(withdrawal));
        this.withdrawals.add(withdrawal);
      }
    }
  }

  /** @throws StoreUnavailableError (503) */
  async purge(projectId: string, meant: StoredAnswersMeant): Promise<number> {
    await this.settled(); // what is on its way would come after it
    return this.answers.purge(projectId, meant);
  }

  /** Resolves when all that was to be kept is kept. */
  async settled(): Promise<void> {
    await Promise.all([...this.writes.keys(), ...this.withdrawals]);
  }

  onModuleDestroy(): Promise<void> {
    return this.settled();
  }

  private get isPaused(): boolean {
    return this.clock.ticks() < this.pausedUntil;
  }

  private async write(answer: CachedAnswer): Promise<boolean> {
    try {
      await this.answers.save(await sealAnswer(answer, this.secrets));
      this.isAway = false;
      return true;
    } catch (error) {
      this.noteOutage(error);
      return false;
    }
  }

  private async deleteAfter(write: Promise<boolean>, { projectId, key }: CachedAnswer): Promise<void> {
    try {
      await write;
      await this.answers.delete(projectId, key);
    } catch (error) {
      this.noteOutage(error);
    }
  }

  /** What does not open was altered, or is of a key that is lost: it would not open the next time either. */
  private async open(stored: StoredAnswer): Promise<CachedAnswer | null> {
    try {
      return await openAnswer(stored, this.secrets);
    } catch (error) {
      this.logger.warn(
        { err: error, project: stored.projectId },
        'A cached answer does not open; it is deleted.',
      );
      await this.answers.delete(stored.projectId, stored.id);
      return null;
    }
  }

  /** Once per outage. */
  private noteOutage(error: unknown): void {
    this.pausedUntil = this.clock.ticks() + PAUSE_MS;
    if (!this.isAway) {
      this.isAway = true;
      this.logger.warn(
        { err: error },
        'The store of cached answers does not answer; vendors are asked instead.',
      );
    }
  }
}

import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Clock, LOGGER, type Logger, Secrets, within } from '@app/shared';
import type { CachedAnswer } from './cached-answer.entity.js';
import {
  CachedAnswerRepository,
  type StoredAnswer,
  type StoredAnswersMeant,
} from './cached-answer.repository.js';
import { openAnswer, sealAnswer } from './sealed-answer.js';
import { FIND_MS, StorePatience } from './store-patience.js';

/** Sealed, in base64, this fits a document of MongoDB. */
const LIMIT_BYTES = 8 * 1024 * 1024;

/**
 * Kept answers in the store, where the other gateways find them, and this one after a restart. Nobody needs it: while the store
 * is away there is nothing in it, and the log tells once.
 */
@Injectable()
export class AnswerStore implements OnModuleDestroy {
  /** What is on its way there. */
  private readonly writes = new Map<Promise<boolean>, CachedAnswer>();
  private readonly patience: StorePatience;

  constructor(
    private readonly answers: CachedAnswerRepository,
    private readonly secrets: Secrets,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    const outage = 'The store of cached answers does not answer; vendors are asked instead.';
    this.patience = new StorePatience(clock, logger, outage);
  }

  /** Undefined when the store does not tell. Never throws. */
  async find(projectId: string, key: string): Promise<CachedAnswer | null | undefined> {
    const stored = await this.patience.ask(() => this.answers.find(projectId, key, this.clock.now()));
    return stored && this.open(stored);
  }

  /** Off the road: whoever has an answer does not wait for this. Never throws. @returns whether it is there */
  keep(answer: CachedAnswer): Promise<boolean> {
    if (answer.body.length > LIMIT_BYTES) {
      return Promise.resolve(false);
    }
    const write = this.patience
      .write(async () => this.answers.save(await sealAnswer(answer, this.secrets)))
      .finally(() => this.writes.delete(write));
    this.writes.set(write, answer);
    return write;
  }

  /** Resolves when what is on its way there by that key is there, or nobody would wait longer for it. Never throws. */
  async written(projectId: string, key: string): Promise<void> {
    for (const [write, answer] of this.writes) {
      if (answer.key === key && answer.projectId === projectId) {
        await within(FIND_MS, write).catch(() => undefined);
      }
    }
  }

  /** What fits and is on its way there was purged by another gateway: it is deleted once it is there. */
  withdraw(fits: (answer: CachedAnswer) => boolean): void {
    for (const [write, answer] of this.writes) {
      if (fits(answer)) {
        void this.patience.insist(async () => {
          await write;
          await this.answers.delete(answer.projectId, answer.key);
        });
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
    await Promise.all(this.writes.keys());
    await this.patience.settled(); // what is withdrawn
  }

  onModuleDestroy(): Promise<void> {
    return this.settled();
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
      await this.patience.ask(() => this.answers.delete(stored.projectId, stored.id));
      return null;
    }
  }
}

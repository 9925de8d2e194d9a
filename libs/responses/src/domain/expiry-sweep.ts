import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { LOGGER, type Logger } from '@app/shared';
import { ConversationItems } from './conversation-items.js';
import { ConversationRepository } from './conversation.repository.js';
import { KeepingTerms } from './keeping-terms.js';
import { ResponseRepository } from './response.repository.js';

const SWEEP_MS = 60_000;
/** The embedded store is synchronous, and records may be large. */
const BATCH = 50;

/** What has expired. */
@Injectable()
export class ExpiredRecords {
  constructor(
    private readonly responses: ResponseRepository,
    private readonly conversations: ConversationRepository,
    private readonly items: ConversationItems,
    private readonly terms: KeepingTerms,
  ) {}

  /** Deletes a batch. False when nothing is left. @throws StoreUnavailableError */
  async deleteSome(): Promise<boolean> {
    const { now } = this.terms;
    const responses = await this.responses.deleteExpired(now, BATCH);
    const conversations = await this.conversations.findExpired(now, BATCH);
    for (const { projectId, id } of conversations) {
      // It goes last: it is found again while any of its items is left.
      await this.items.deleteAll(id);
      await this.conversations.delete(projectId, id);
    }
    return responses === BATCH || conversations.length === BATCH;
  }
}

/** Deletes responses and conversations whose time is over. Until then they are found no more, but still there. */
@Injectable()
export class ExpirySweep implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly expired: ExpiredRecords,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.run(), SWEEP_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer ?? undefined);
  }

  /** Never throws: what fails now is due again the next time. */
  async run(): Promise<void> {
    try {
      while (await this.expired.deleteSome()) {
        // the next batch
      }
    } catch (error) {
      this.logger.warn({ err: error }, 'Expired responses could not be deleted; the next sweep tries again.');
    }
  }
}

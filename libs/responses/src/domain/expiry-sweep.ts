import { Inject, Injectable } from '@nestjs/common';
import { LOGGER, type Logger, Sweep } from '@app/shared';
import { ConversationRepository } from './conversation.repository.js';
import { Conversations } from './conversations.service.js';
import { KeepingTerms } from './keeping-terms.js';
import { ResponseRepository } from './response.repository.js';

/** The embedded store is synchronous, and records may be large. */
const BATCH = 50;

/** What has expired. */
@Injectable()
export class ExpiredRecords {
  constructor(
    private readonly responses: ResponseRepository,
    private readonly stored: ConversationRepository,
    private readonly conversations: Conversations,
    private readonly terms: KeepingTerms,
  ) {}

  /** Deletes a batch. False when nothing is left. @throws StoreUnavailableError */
  async deleteSome(): Promise<boolean> {
    const { now } = this.terms;
    const responses = await this.responses.deleteExpired(now, BATCH);
    const expired = await this.stored.findExpired(now, BATCH);
    for (const { projectId, id } of expired) {
      await this.conversations.erase(projectId, id);
    }
    return responses === BATCH || expired.length === BATCH;
  }
}

/** Deletes responses and conversations whose time is over. Until then they are found no more, but still there. */
@Injectable()
export class ExpirySweep extends Sweep {
  constructor(
    private readonly expired: ExpiredRecords,
    @Inject(LOGGER) logger: Logger,
  ) {
    super(logger, 'Expired responses could not be deleted');
  }

  protected async sweep(): Promise<void> {
    while (await this.expired.deleteSome()) {
      // the next batch
    }
  }
}

import { Injectable } from '@nestjs/common';
import type { SealedRecords } from '@app/shared';
import { ConversationItemRepository } from './conversation-item.repository.js';
import { ConversationRepository } from './conversation.repository.js';
import { ResponseRepository } from './response.repository.js';

/** All that is kept for projects. */
@Injectable()
export class ProjectResponses {
  constructor(
    private readonly responses: ResponseRepository,
    private readonly conversations: ConversationRepository,
    private readonly items: ConversationItemRepository,
  ) {}

  get sealed(): readonly SealedRecords[] {
    return [this.responses, this.conversations, this.items];
  }

  /** @throws StoreUnavailableError (503); what was deleted until then stays deleted */
  async deleteOf(projectId: string): Promise<void> {
    await this.responses.deleteOf(projectId);
    await this.items.deleteOf(projectId);
    await this.conversations.deleteOf(projectId);
  }
}

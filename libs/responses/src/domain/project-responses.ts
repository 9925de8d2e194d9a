import { Injectable } from '@nestjs/common';
import { ConversationItemRepository } from './conversation-item.repository.js';
import { ConversationRepository } from './conversation.repository.js';
import { ResponseRepository } from './response.repository.js';

/** All that is kept for one project. */
@Injectable()
export class ProjectResponses {
  constructor(
    private readonly responses: ResponseRepository,
    private readonly conversations: ConversationRepository,
    private readonly items: ConversationItemRepository,
  ) {}

  /** @throws StoreUnavailableError (503); what was deleted until then stays deleted */
  async deleteOf(projectId: string): Promise<void> {
    await this.responses.deleteOf(projectId);
    await this.items.deleteOf(projectId);
    await this.conversations.deleteOf(projectId);
  }
}

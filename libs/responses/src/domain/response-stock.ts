import { Injectable } from '@nestjs/common';
import { type ExpiringRecords, firstCompactIdAt, inBatches } from '@app/shared';
import { ConversationRepository } from './conversation.repository.js';
import { KeepingTerms } from './keeping-terms.js';
import { ResponseRepository } from './response.repository.js';

/** Responses and conversations, which have an end of their own, of projects that want them kept for less than they did. */
@Injectable()
export class ResponseStock implements ExpiringRecords {
  constructor(
    private readonly responses: ResponseRepository,
    private readonly conversations: ConversationRepository,
    private readonly terms: KeepingTerms,
  ) {}

  /** When the oldest response was asked for, Unix ms; null when there is none. */
  oldest(projectId?: string): Promise<number | null> {
    return this.responses.oldest(projectId);
  }

  /**
   * Deletes responses. When the last was said in a conversation is not known: those that would live longer than what is said now live
   * as long as that.
   *
   * @param before Unix ms
   * @returns how many responses were deleted, at most `limit`
   */
  async deleteBefore(before: number, limit: number, projectId: string): Promise<number> {
    const { now } = this.terms;
    const end = now + (now - before);
    await inBatches(limit, size => this.conversations.shorten(projectId, end, size));
    return this.responses.deleteOlder(projectId, `resp_${firstCompactIdAt(before)}`, limit);
  }
}

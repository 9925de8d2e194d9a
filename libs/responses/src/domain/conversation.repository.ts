import { SealedRecords } from '@app/shared';
import type { StoredConversation } from './conversation.entity.js';

/** What is added to a conversation. */
export interface Growth {
  readonly items: number;
  /** Less than nothing when items were deleted. */
  readonly bytes: number;
  /** Unix ms. */
  readonly expiresAt: number;
}

/** Storage port of conversations, without their items. It gives nothing that has expired. Times in Unix ms. */
export abstract class ConversationRepository extends SealedRecords {
  readonly kind = 'conversations';

  abstract insert(conversation: StoredConversation): Promise<void>;
  abstract findById(projectId: string, id: string, now: number): Promise<StoredConversation | null>;
  /** Replaces the metadata. False when it is not there. */
  abstract setEnvelope(projectId: string, id: string, envelope: string): Promise<boolean>;
  /** Makes room at the end, so that no two callers get the same place: the first position; null when it is not there. */
  abstract grow(projectId: string, id: string, growth: Growth): Promise<number | null>;
  /** False when there was nothing to delete. */
  abstract delete(projectId: string, id: string): Promise<boolean>;
  /** At most `limit` that have expired. */
  abstract findExpired(now: number, limit: number): Promise<StoredConversation[]>;
  /** Lets at most `limit` of a project that would end later end then, and tells how many. */
  abstract shorten(projectId: string, expiresAt: number, limit: number): Promise<number>;
  /** Deletes all of a project. */
  abstract deleteOf(projectId: string): Promise<void>;
}

import { SealedRecords } from '@app/shared';
import type { StoredItem } from './conversation.entity.js';
import type { AnsweredBy } from './kept-response.entity.js';

/** Which items of a conversation. */
export interface ItemPage {
  readonly order: 'asc' | 'desc';
  readonly limit: number;
  /** Behind this position, in that order. */
  readonly after?: number | undefined;
}

/** Storage port of the items of conversations. It sees envelopes; as sealed records they go by their `itemKey`. */
export abstract class ConversationItemRepository extends SealedRecords {
  readonly kind = 'conversation items';

  abstract insertMany(items: readonly StoredItem[]): Promise<void>;
  abstract find(conversationId: string, id: string): Promise<StoredItem | null>;
  abstract list(conversationId: string, page: ItemPage): Promise<StoredItem[]>;
  /** The vendors and models whose answers are in it, each once. */
  abstract findRoutes(conversationId: string): Promise<AnsweredBy[]>;
  /** False when there was nothing to delete. */
  abstract delete(conversationId: string, id: string): Promise<boolean>;
  abstract deleteAll(conversationId: string): Promise<void>;
  /** Deletes all of a project. */
  abstract deleteOf(projectId: string): Promise<void>;
}

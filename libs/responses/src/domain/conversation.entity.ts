import type { Wire } from './kept-response.entity.js';

/** What is known of a conversation without opening it. */
export interface ConversationHead {
  /** `conv_` and a UUIDv7 without dashes. */
  readonly id: string;
  readonly projectId: string;
  /** Unix ms. */
  readonly createdAt: number;
  /** Unix ms; later with everything that is added. */
  readonly expiresAt: number;
  /** Position of the next item. */
  readonly length: number;
  /** Of all its items. */
  readonly bytes: number;
}

export interface StoredConversation extends ConversationHead {
  /** Of its metadata. */
  readonly envelope: string;
}

export interface Conversation extends ConversationHead {
  readonly metadata: Wire;
}

/** An item as it is stored: nobody reads it without the encryption key. */
export interface StoredItem {
  readonly id: string;
  readonly projectId: string;
  readonly conversationId: string;
  /** Items stand in the order of their positions; some may be missing. */
  readonly position: number;
  readonly bytes: number;
  /** Vendor and model whose answer brought it; null when a caller put it there. */
  readonly provider: string | null;
  readonly model: string | null;
  readonly envelope: string;
}

/** What an item is sealed and found by: two conversations may have items of one id. */
export function itemKey(conversationId: string, id: string): string {
  return `${conversationId}/${id}`;
}

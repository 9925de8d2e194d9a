import { randomUUIDv7 } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { COMPACT_UUID } from '@app/shared';
import type { Conversation } from './conversation.entity.js';
import { ConversationItems } from './conversation-items.js';
import { ConversationRepository } from './conversation.repository.js';
import { type KeptFor, KeepingTerms } from './keeping-terms.js';
import type { AnsweredBy, Wire } from './kept-response.entity.js';
import { ConversationNotFoundError } from './responses.errors.js';
import { SealedJson } from './sealed-json.js';

const OWN_ID = new RegExp(`^conv_${COMPACT_UUID}$`);

/** Conversations that the gateway keeps for their project, for a time after the last thing said. */
@Injectable()
export class Conversations {
  constructor(
    private readonly conversations: ConversationRepository,
    private readonly items: ConversationItems,
    private readonly sealed: SealedJson,
    private readonly terms: KeepingTerms,
  ) {}

  /** Whether a conversation of the gateway has such an id, and not one that a vendor gave. */
  static isOwn(id: string): boolean {
    return OWN_ID.test(id);
  }

  /** @throws StoreUnavailableError (503) */
  async create(whose: KeptFor, metadata: Wire): Promise<Conversation> {
    const id = `conv_${randomUUIDv7().replaceAll('-', '')}`;
    const { projectId } = whose;
    const times = { createdAt: this.terms.now, expiresAt: this.terms.expiresAt(whose) };
    const head = { id, projectId, ...times, length: 0, bytes: 0 };
    await this.conversations.insert({ ...head, envelope: this.sealed.seal(JSON.stringify(metadata), id) });
    return { ...head, metadata };
  }

  /** @throws ConversationNotFoundError (404), UnreadableRecordError (500), StoreUnavailableError (503) */
  async get(projectId: string, id: string): Promise<Conversation> {
    const stored = await this.conversations.findById(projectId, id, this.terms.now);
    if (!stored) {
      throw new ConversationNotFoundError(id);
    }
    const { envelope, ...head } = stored;
    return { ...head, metadata: this.sealed.open(envelope, id) as Wire };
  }

  /** @throws as `get` */
  async setMetadata(projectId: string, id: string, metadata: Wire): Promise<Conversation> {
    const conversation = await this.get(projectId, id);
    const envelope = this.sealed.seal(JSON.stringify(metadata), id);
    if (!(await this.conversations.setEnvelope(projectId, id, envelope))) {
      throw new ConversationNotFoundError(id);
    }
    return { ...conversation, metadata };
  }

  /** With its items. @throws ConversationNotFoundError (404), StoreUnavailableError (503) */
  async delete(projectId: string, id: string): Promise<void> {
    await this.get(projectId, id);
    if (!(await this.erase(projectId, id))) {
      throw new ConversationNotFoundError(id);
    }
  }

  /** The same also when its time is over. False when somebody else was first. @throws StoreUnavailableError (503) */
  async erase(projectId: string, id: string): Promise<boolean> {
    // It goes after its items, to be found again should this stop halfway; some may have come in between.
    await this.items.deleteAll(id);
    const isFirst = await this.conversations.delete(projectId, id);
    await this.items.deleteAll(id);
    return isFirst;
  }

  /**
   * Adds items at the end.
   *
   * @param items each with an id that the conversation does not have
   * @param answeredBy null when a caller adds them
   * @throws ConversationNotFoundError (404), ContextTooLargeError, TooLargeToKeepError (400), StoreUnavailableError (503)
   */
  async append(
    whose: KeptFor,
    id: string,
    items: readonly Wire[],
    answeredBy: AnsweredBy | null = null,
  ): Promise<void> {
    const { projectId } = whose;
    const sealed = this.items.seal(id, items);
    const bytes = sealed.reduce((sum, item) => sum + item.bytes, 0);
    const { bytes: before } = await this.get(projectId, id);
    this.terms.assertFits('conversation', before + bytes);
    const expiresAt = this.terms.expiresAt(whose);
    const first = await this.conversations.grow(projectId, id, { items: items.length, bytes, expiresAt });
    if (first === null) {
      throw new ConversationNotFoundError(id);
    }
    await this.items.insert({ projectId, conversationId: id, first, answeredBy }, sealed);
    if (!(await this.conversations.findById(projectId, id, this.terms.now))) {
      await this.items.deleteAll(id); // it was deleted meanwhile, and nobody would find them any more
      throw new ConversationNotFoundError(id);
    }
  }

  /** @throws as `get`; ItemNotFoundError (404) */
  async deleteItem(projectId: string, id: string, itemId: string): Promise<Conversation> {
    const conversation = await this.get(projectId, id);
    const { bytes } = await this.items.delete(id, itemId);
    const { expiresAt } = conversation;
    await this.conversations.grow(projectId, id, { items: 0, bytes: -bytes, expiresAt });
    return conversation;
  }
}

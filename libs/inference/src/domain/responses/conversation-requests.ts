import { Injectable } from '@nestjs/common';
import { assertReadable, keepableItems, ResponseIds } from '@app/dialects';
import { type Conversation, ConversationItems, Conversations, KeptResponses } from '@app/responses';
import { type Call, InvalidRequestError, isObject } from '@app/shared';
import { assertConversationOpen, type Item } from './earlier-items.js';
import { itemList, type ItemQuery } from './item-page.js';
import { KeepingIsOffError } from './response-state.errors.js';

type Wire = Readonly<Record<string, unknown>>;

const MOST_ITEMS = 20;
const MOST_PAIRS = 16;
const LONGEST_KEY = 64;
const LONGEST_VALUE = 512;

/** What callers ask of conversations. A key sees those in which only models answered that are open to it. */
@Injectable()
export class ConversationRequests {
  constructor(
    private readonly kept: KeptResponses,
    private readonly conversations: Conversations,
    private readonly items: ConversationItems,
  ) {}

  /** @throws InvalidRequestError (400), StoreUnavailableError (503) */
  async create(call: Call, body: Wire): Promise<object> {
    if (!this.kept.keeps(call)) {
      throw new KeepingIsOffError();
    }
    const metadata = readMetadata(body);
    const items = readItems(body, call, []);
    const conversation = await this.conversations.create(call, metadata);
    if (items.length > 0) {
      await this.conversations.append(call, conversation.id, items);
    }
    return viewOf(conversation);
  }

  /** @throws ConversationNotFoundError (404), GatewayError (403) */
  async get(call: Call, id: string): Promise<object> {
    return viewOf(await this.find(call, id));
  }

  /** @throws ConversationNotFoundError (404), InvalidRequestError (400), GatewayError (403) */
  async update(call: Call, id: string, body: Wire): Promise<object> {
    await this.find(call, id);
    return viewOf(await this.conversations.setMetadata(call.projectId, id, readMetadata(body)));
  }

  /** @throws ConversationNotFoundError (404), GatewayError (403) */
  async delete(call: Call, id: string): Promise<object> {
    await this.find(call, id);
    await this.conversations.delete(call.projectId, id);
    return { id, object: 'conversation.deleted', deleted: true };
  }

  /** @throws ConversationNotFoundError, ItemNotFoundError (404), GatewayError (403) */
  async listItems(call: Call, id: string, { limit, ...query }: ItemQuery): Promise<object> {
    await this.find(call, id);
    return itemList(await this.items.page(id, { ...query, limit: limit + 1 }), limit);
  }

  /** @throws ConversationNotFoundError (404), InvalidRequestError (400), GatewayError (403) */
  async addItems(call: Call, id: string, body: Wire): Promise<object> {
    await this.find(call, id);
    const items = readItems(body, call, await this.items.all(id));
    if (items.length === 0) {
      throw new InvalidRequestError("Send 'items', a list of at least one item.", 'items');
    }
    await this.conversations.append(call, id, items);
    return itemList(items, items.length);
  }

  /** @throws ConversationNotFoundError, ItemNotFoundError (404), GatewayError (403) */
  async getItem(call: Call, id: string, itemId: string): Promise<object> {
    await this.find(call, id);
    return this.items.get(id, itemId);
  }

  /** @throws ConversationNotFoundError, ItemNotFoundError (404), GatewayError (403) */
  async deleteItem(call: Call, id: string, itemId: string): Promise<object> {
    await this.find(call, id);
    return viewOf(await this.conversations.deleteItem(call.projectId, id, itemId));
  }

  private async find(call: Call, id: string): Promise<Conversation> {
    const conversation = await this.conversations.get(call.projectId, id);
    await assertConversationOpen(call, this.items, id);
    return conversation;
  }
}

function viewOf({ id, createdAt, metadata }: Conversation): object {
  return { id, object: 'conversation', created_at: Math.floor(createdAt / 1000), metadata };
}

function readItems({ items }: Wire, call: Call, before: readonly Item[]): readonly Item[] {
  const list = items ?? [];
  if (!Array.isArray(list) || list.length > MOST_ITEMS || !list.every(isObject)) {
    throw new InvalidRequestError(`'items' must be a list of at most ${MOST_ITEMS} items.`, 'items');
  }
  assertReadable(list, 'items');
  return keepableItems(list, new ResponseIds(call.id), new Set(before.map(({ id }) => id)));
}

function readMetadata({ metadata }: Wire): Wire {
  const pairs: unknown = metadata ?? {};
  const fits =
    isObject(pairs) &&
    Object.keys(pairs).length <= MOST_PAIRS &&
    Object.entries(pairs).every(
      ([key, value]) =>
        key.length <= LONGEST_KEY && typeof value === 'string' && value.length <= LONGEST_VALUE,
    );
  if (!fits) {
    throw new InvalidRequestError(
      `'metadata' must be an object of at most ${MOST_PAIRS} texts: names of ${LONGEST_KEY} characters, values of ` +
        `${LONGEST_VALUE}.`,
      'metadata',
    );
  }
  return pairs;
}

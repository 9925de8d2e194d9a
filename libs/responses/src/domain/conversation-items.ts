import { Injectable } from '@nestjs/common';
import { itemKey, type StoredItem } from './conversation.entity.js';
import { ConversationItemRepository, type ItemPage } from './conversation-item.repository.js';
import { KeepingTerms } from './keeping-terms.js';
import type { AnsweredBy, Wire } from './kept-response.entity.js';
import { ItemNotFoundError } from './responses.errors.js';
import { SealedJson } from './sealed-json.js';

/** Items of one answer from the store. */
const PAGE_ITEMS = 1000;
/** Other texts may be none that the store takes. */
const ITEM_ID = /^[\w-]{1,128}$/;

type SealedItem = Pick<StoredItem, 'id' | 'bytes' | 'envelope'>;

/** Where items go. */
interface ItemsPlace {
  readonly projectId: string;
  readonly conversationId: string;
  /** Position of the first of them. */
  readonly first: number;
  /** Null when a caller puts them there. */
  readonly answeredBy: AnsweredBy | null;
}

/** Items of conversations, sealed one by one. Whoever asks has found the conversation in its project. */
@Injectable()
export class ConversationItems {
  constructor(
    private readonly items: ConversationItemRepository,
    private readonly sealed: SealedJson,
    private readonly terms: KeepingTerms,
  ) {}

  /** @throws TooLargeToKeepError (400) */
  seal(conversationId: string, items: readonly Wire[]): SealedItem[] {
    return items.map(item => {
      const json = JSON.stringify(item);
      const bytes = Buffer.byteLength(json);
      this.terms.assertKeepable(bytes);
      const id = String(item['id']);
      return { id, bytes, envelope: this.sealed.seal(json, itemKey(conversationId, id)) };
    });
  }

  async insert({ first, answeredBy, ...place }: ItemsPlace, items: readonly SealedItem[]): Promise<void> {
    if (items.length > 0) {
      const { provider = null, model = null } = answeredBy ?? {};
      await this.items.insertMany(
        items.map((item, index) => ({ ...item, ...place, provider, model, position: first + index })),
      );
    }
  }

  /** The vendors and models whose answers are in a conversation. @throws StoreUnavailableError (503) */
  routes(conversationId: string): Promise<AnsweredBy[]> {
    return this.items.findRoutes(conversationId);
  }

  /** All of them, in order. @throws UnreadableRecordError (500), StoreUnavailableError (503) */
  async all(conversationId: string): Promise<Wire[]> {
    const all: Wire[] = [];
    let last: StoredItem | undefined;
    do {
      const page: ItemPage = { order: 'asc', limit: PAGE_ITEMS, after: last?.position };
      const stored = await this.items.list(conversationId, page);
      all.push(...stored.map(item => this.open(item)));
      last = stored.length === PAGE_ITEMS ? stored.at(-1) : undefined;
    } while (last);
    return all;
  }

  /** @param after id of an item @throws ItemNotFoundError (404), and as `all` */
  async page(
    conversationId: string,
    { order, limit, after }: Omit<ItemPage, 'after'> & { readonly after?: string | undefined },
  ): Promise<Wire[]> {
    const behind = after === undefined ? undefined : (await this.find(conversationId, after)).position;
    const stored = await this.items.list(conversationId, { order, limit, after: behind });
    return stored.map(item => this.open(item));
  }

  /** @throws ItemNotFoundError (404), and as `all` */
  async get(conversationId: string, id: string): Promise<Wire> {
    return this.open(await this.find(conversationId, id));
  }

  /** Tells what was deleted. @throws ItemNotFoundError (404), StoreUnavailableError (503) */
  async delete(conversationId: string, id: string): Promise<StoredItem> {
    const item = await this.find(conversationId, id);
    if (!(await this.items.delete(conversationId, id))) {
      throw new ItemNotFoundError(id); // somebody else was first
    }
    return item;
  }

  deleteAll(conversationId: string): Promise<void> {
    return this.items.deleteAll(conversationId);
  }

  private async find(conversationId: string, id: string): Promise<StoredItem> {
    const item = ITEM_ID.test(id) ? await this.items.find(conversationId, id) : null;
    if (!item) {
      throw new ItemNotFoundError(id);
    }
    return item;
  }

  private open({ conversationId, id, envelope }: StoredItem): Wire {
    return this.sealed.open(envelope, itemKey(conversationId, id)) as Wire;
  }
}

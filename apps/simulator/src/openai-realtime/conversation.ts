import type { JsonObject } from '../json.js';
import { Refusal } from '../refusal.js';

/** One item of a conversation. */
export interface Item {
  readonly id: string;
  /** As clients see it. */
  wire: JsonObject;
  /** Milliseconds of speech in it. */
  audioMs: number;
  /** What was heard of a client's speech: its wire form may not tell. */
  heard?: string;
}

export class Conversation {
  private readonly list: Item[] = [];

  constructor(readonly id: string) {}

  get items(): readonly Item[] {
    return this.list;
  }

  /**
   * @param after the id of the item before it; `root`: at the beginning; undefined: at the end
   * @throws Refusal when there is no such item, or there is one with this id
   */
  insert(item: Item, after?: string): void {
    if (this.list.some(({ id }) => id === item.id)) {
      throw new Refusal(400, `Item with id '${item.id}' already exists.`, { param: 'item.id' });
    }
    this.list.splice(this.placeAfter(after), 0, item);
  }

  /** @throws Refusal when there is no such item */
  find(id: string): Item {
    const item = this.list.find(each => each.id === id);
    if (!item) {
      throw notFound(id, 'item_id');
    }
    return item;
  }

  remove(id: string): void {
    this.list.splice(this.list.indexOf(this.find(id)), 1);
  }

  /** The id of the item before, or null. */
  before(id: string): string | null {
    return this.list[this.list.findIndex(item => item.id === id) - 1]?.id ?? null;
  }

  get lastId(): string | null {
    return this.list.at(-1)?.id ?? null;
  }

  private placeAfter(id: string | undefined): number {
    if (id === undefined) {
      return this.list.length;
    }
    const index = this.list.findIndex(item => item.id === id);
    if (index < 0 && id !== 'root') {
      throw notFound(id, 'previous_item_id');
    }
    return index + 1;
  }
}

function notFound(id: string, param: string): Refusal {
  return new Refusal(400, `Item with id '${id}' not found in the conversation.`, { param });
}

import { MOST_KEPT_BYTES } from '../domain/live-memory.js';
import type { Wire } from '../domain/wire.js';
import { KeptItem } from './kept-item.js';

const MOST_ITEMS = 1024;

/** The items of a conversation in their order: of very many, or very long ones, the oldest are forgotten. */
export class KeptItems {
  /** So many were. */
  forgotten = 0;
  private readonly list: KeptItem[] = [];

  get all(): readonly KeptItem[] {
    return this.list;
  }

  find(id: string): KeptItem | undefined {
    return this.list.findLast(item => item.id === id);
  }

  /** @param after the id of the item before it; `root`: at the beginning; anything else: at the end */
  add(item: KeptItem, after: unknown): KeptItem {
    const before = after === 'root' ? -1 : this.list.findLastIndex(({ id }) => id === after);
    const isLast = after !== 'root' && before < 0;
    this.list.splice(isLast ? this.list.length : before + 1, 0, item);
    let bytes = this.list.reduce((sum, each) => sum + each.bytes, 0);
    while (this.list.length > 1 && (bytes > MOST_KEPT_BYTES || this.list.length > MOST_ITEMS)) {
      bytes -= this.list.shift()?.bytes ?? bytes;
      this.forgotten += 1;
    }
    return item;
  }

  remove(id: string): void {
    const index = this.list.findLastIndex(item => item.id === id);
    if (index >= 0) {
      this.list.splice(index, 1);
    }
  }

  /** All speeches so far are answered: their sound is not needed any more. */
  forgetSound(): void {
    for (const item of this.list) {
      item.sound?.clear();
      item.sound = null;
    }
  }

  /** For another session. @returns each with its id; those of the caller's that cannot be said are counted */
  get replayed(): { readonly items: readonly Wire[]; readonly unsaid: number } {
    const said = this.list.map(item => ({ item, wire: item.wire }));
    const calls = new Set(
      said.filter(({ item, wire }) => wire && !item.isResult).map(({ item }) => item.callId),
    );
    const sayable = said.map(({ item, wire }) => ({
      item,
      wire: item.isResult && !calls.has(item.callId) ? null : wire,
    }));
    return {
      items: sayable.flatMap(({ wire }) => (wire ? [wire] : [])),
      unsaid: sayable.filter(({ item, wire }) => item.isCallers && !wire).length,
    };
  }
}

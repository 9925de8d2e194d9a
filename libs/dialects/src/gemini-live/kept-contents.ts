import { MOST_KEPT_BYTES } from '../domain/live-memory.js';
import type { Wire } from '../domain/wire.js';

interface Kept {
  readonly content: Wire;
  readonly bytes: number;
}

/** The contents of a conversation in their order: of a very long one, the oldest are forgotten. */
export class KeptContents {
  /** So many were. */
  forgotten = 0;
  private list: Kept[] = [];
  private bytes = 0;
  /** So many of them the newest handle stands for. */
  private handled = 0;

  add(content: Wire): void {
    const bytes = JSON.stringify(content).length;
    this.list.push({ content, bytes });
    this.bytes += bytes;
    while (this.list.length > 1 && this.bytes > MOST_KEPT_BYTES) {
      this.bytes -= this.list.shift()?.bytes ?? 0;
      this.forgotten += 1;
      this.handled = Math.max(this.handled - 1, 0);
    }
  }

  say(role: 'user' | 'model', text: string): void {
    if (text !== '') {
      this.add({ role, parts: [{ text }] });
    }
  }

  /** A handle was given: it stands for all up to the last that the model said. */
  noteHandle(): void {
    this.handled = this.list.findLastIndex(({ content }) => content['role'] === 'model') + 1;
  }

  /** @param isHandled only what the handle does not stand for */
  replayed(isHandled: boolean): readonly Wire[] {
    return this.list.slice(isHandled ? this.handled : 0).map(({ content }) => content);
  }
}

import type { Wire } from '../domain/wire.js';
import type { Emit } from './emit.js';
import { messageItem, textPart } from './output.writer.js';

interface OpenPart {
  readonly kind: 'text' | 'refusal';
  readonly part: Record<string, unknown>;
  readonly annotations: Wire[];
  readonly logprobs: unknown[];
  said: string;
}

/** One streamed message item; its parts are open one after the other. */
export class WrittenMessage {
  readonly item: Record<string, unknown>;
  refused = false;
  private readonly content: Wire[] = [];
  private open: OpenPart | null = null;
  private last: OpenPart | null = null;

  constructor(
    private readonly emit: Emit,
    private readonly index: number,
    private readonly id: string,
  ) {
    this.item = messageItem(id, 'in_progress', []);
  }

  say(kind: OpenPart['kind'], text: string, logprobs: readonly unknown[]): void {
    const part = this.partOf(kind);
    part.said += text;
    part.logprobs.push(...logprobs);
    if (kind === 'text') {
      this.emit('response.output_text.delta', { ...this.at(), delta: text, logprobs });
    } else {
      this.refused = true;
      this.emit('response.refusal.delta', { ...this.at(), delta: text });
    }
  }

  annotate(annotation: Wire): void {
    const { open, last } = this;
    if (open) {
      const annotation_index = open.annotations.length;
      open.annotations.push(annotation);
      this.emit('response.output_text.annotation.added', { ...this.at(), annotation_index, annotation });
    } else {
      last?.annotations.push(annotation);
    }
  }

  close(status: 'completed' | 'incomplete'): void {
    this.closePart();
    Object.assign(this.item, { status, content: this.content });
    this.emit('response.output_item.done', { output_index: this.index, item: this.item });
  }

  private partOf(kind: OpenPart['kind']): OpenPart {
    if (this.open?.kind !== kind) {
      this.closePart();
      const annotations: Wire[] = [];
      const logprobs: unknown[] = [];
      const part = kind === 'text' ? textPart('', annotations) : { type: 'refusal', refusal: '' };
      this.open = { kind, part, annotations, logprobs, said: '' };
      this.last = kind === 'text' ? this.open : this.last;
      this.emit('response.content_part.added', { ...this.at(), part });
    }
    return this.open;
  }

  private closePart(): void {
    const { open } = this;
    if (!open) {
      return;
    }
    const { kind, part, said, logprobs } = open;
    if (kind === 'text') {
      Object.assign(part, { text: said, logprobs });
      this.emit('response.output_text.done', { ...this.at(), text: said, logprobs });
    } else {
      Object.assign(part, { refusal: said });
      this.emit('response.refusal.done', { ...this.at(), refusal: said });
    }
    this.emit('response.content_part.done', { ...this.at(), part });
    this.content.push(part);
    this.open = null;
  }

  private at(): Wire {
    return { item_id: this.id, output_index: this.index, content_index: this.content.length };
  }
}

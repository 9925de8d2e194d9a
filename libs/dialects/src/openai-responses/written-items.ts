import type { StreamEvent } from '../domain/answer.js';
import type { Signature } from '../domain/part.js';
import type { Wire } from '../domain/wire.js';
import type { Emit } from './emit.js';
import { callItem, type OutputMeta, reasoningItem, signatureItem } from './output.writer.js';
import { mark } from './reasoning-marks.js';
import { WrittenMessage } from './written-message.js';

type Item = Record<string, unknown>;

interface OpenTool {
  readonly index: number;
  readonly item: Item;
  readonly custom: boolean;
  input: string;
}

interface OpenReasoning {
  readonly index: number;
  readonly item: Item;
  readonly block: number;
  text: string;
}

/** `output` of a streamed response as it grows: one text or reasoning item is open at a time, calls besides. */
export class WrittenItems {
  readonly output: Item[] = [];
  refused = false;
  private open: WrittenMessage | null = null;
  private reasoning: OpenReasoning | null = null;
  private lastMessage: WrittenMessage | null = null;
  private readonly tools = new Map<number, OpenTool>();

  constructor(
    private readonly emit: Emit,
    private readonly meta: OutputMeta,
  ) {}

  /** The message that is being said; opens one. */
  message(): WrittenMessage {
    this.closeReasoning();
    if (!this.open) {
      this.open = new WrittenMessage(this.emit, this.output.length, this.meta.ids.next('msg'));
      this.lastMessage = this.open;
      this.add(this.open.item);
    }
    return this.open;
  }

  think(block: number, text: string): void {
    const reasoning = this.reasoningOf(block);
    const at = { item_id: reasoning.item['id'], output_index: reasoning.index, summary_index: 0 };
    if (reasoning.text === '') {
      this.emit('response.reasoning_summary_part.added', { ...at, part: { type: 'summary_text', text: '' } });
    }
    reasoning.text += text;
    this.emit('response.reasoning_summary_text.delta', { ...at, delta: text });
  }

  sign(block: number, signature: Signature, redacted: boolean | undefined): void {
    const { item } = this.reasoningOf(block);
    item['encrypted_content'] = this.meta.seal.seal(mark(signature, redacted));
  }

  startTool({
    tool,
    id,
    name,
    custom,
    namespace,
    signature,
  }: Extract<StreamEvent, { kind: 'tool-start' }>): void {
    this.closeOpen('completed');
    if (signature) {
      this.whole(signatureItem(signature, this.meta));
    }
    const call = { id, name, arguments: '', ...(custom && { custom }), ...(namespace && { namespace }) };
    const item = callItem(call, 'in_progress', this.meta);
    this.tools.set(tool, { index: this.output.length, item, custom: custom ?? false, input: '' });
    this.add(item);
  }

  addInput(tool: number, delta: string): void {
    const open = this.tools.get(tool);
    if (open) {
      open.input += delta;
      this.emit(`${inputEvents(open)}.delta`, { ...at(open), delta });
    }
  }

  endTool(tool: number, status = 'completed'): void {
    const open = this.tools.get(tool);
    if (!open) {
      return;
    }
    this.tools.delete(tool);
    const { custom, input, item } = open;
    const said = custom ? { input } : { arguments: input };
    this.emit(`${inputEvents(open)}.done`, { ...at(open), ...said });
    Object.assign(item, said, { status });
    this.emit('response.output_item.done', { output_index: open.index, item });
  }

  /** Behind the text it supports; once that is closed, only the last event can tell it. */
  annotate(annotation: Wire): void {
    (this.open ?? this.lastMessage)?.annotate(annotation);
  }

  /** An item that has no deltas. */
  whole(item: Wire): void {
    this.closeOpen('completed');
    const index = this.output.length;
    this.add({ ...item });
    this.emit('response.output_item.done', { output_index: index, item });
  }

  closeAll(status: 'completed' | 'incomplete'): void {
    this.closeOpen(status);
    for (const tool of this.tools.keys()) {
      this.endTool(tool, status);
    }
  }

  private add(item: Item): void {
    this.output.push(item);
    this.emit('response.output_item.added', { output_index: this.output.length - 1, item });
  }

  private reasoningOf(block: number): OpenReasoning {
    if (this.reasoning?.block !== block) {
      this.closeOpen('completed');
      const item = reasoningItem({ text: '' }, this.meta);
      this.reasoning = { index: this.output.length, item, block, text: '' };
      this.add(item);
    }
    return this.reasoning;
  }

  private closeOpen(status: 'completed' | 'incomplete'): void {
    this.closeReasoning();
    if (this.open) {
      this.refused ||= this.open.refused;
      this.open.close(status);
      this.open = null;
    }
  }

  private closeReasoning(): void {
    const { reasoning } = this;
    this.reasoning = null;
    if (!reasoning) {
      return;
    }
    const { index, item, text } = reasoning;
    if (text !== '') {
      const where = { item_id: item['id'], output_index: index, summary_index: 0 };
      const part = { type: 'summary_text', text };
      this.emit('response.reasoning_summary_text.done', { ...where, text });
      this.emit('response.reasoning_summary_part.done', { ...where, part });
      item['summary'] = [part];
    }
    this.emit('response.output_item.done', { output_index: index, item });
  }
}

function inputEvents({ custom }: OpenTool): string {
  return custom ? 'response.custom_tool_call_input' : 'response.function_call_arguments';
}

function at({ item, index }: OpenTool): Wire {
  return { item_id: item['id'], output_index: index };
}

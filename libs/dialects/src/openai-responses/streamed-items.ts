import type { StreamEvent } from '../domain/answer.js';
import type { Target } from '../domain/dialect.js';
import { listAt, objectsAt, textAt, type Wire } from '../domain/wire.js';
import { isCall, readCall } from './answer.reader.js';
import { readAnnotation } from './content.reader.js';
import { nativePart } from './items.reader.js';
import { reasoningText, signatureOf, SUMMARY_SEPARATOR } from './reasoning.reader.js';

interface StreamedItem {
  readonly type: string;
  /** Number of the tool or of the reasoning block; -1 before it said anything. */
  number: number;
  /** Some of its text has come as deltas. */
  told: boolean;
  /** Part of the summary that is being told. */
  summary: number;
  done: boolean;
}

/** The items of one streamed response, which may interleave; each is told once, by deltas or whole. */
export class StreamedItems {
  private readonly items = new Map<unknown, StreamedItem>();
  private tools = 0;
  private blocks = 0;
  /** Characters of text before the open message, by which citations count. */
  private said = 0;

  constructor(private readonly target: Target) {}

  get calledTools(): boolean {
    return this.tools > 0;
  }

  read(type: string, event: Wire, out: StreamEvent[]): void {
    const index = event['output_index'];
    switch (type) {
      case 'response.output_item.added':
        this.open(index, (event['item'] ?? {}) as Wire, out);
        break;
      case 'response.output_text.delta':
        this.text(index, event, out);
        break;
      case 'response.refusal.delta':
        this.item(index, 'message').told = true;
        out.push({ kind: 'refusal', choice: 0, text: textAt(event, 'delta') });
        break;
      case 'response.reasoning_summary_text.delta':
      case 'response.reasoning_text.delta':
        this.reasoning(index, event, out);
        break;
      case 'response.function_call_arguments.delta':
      case 'response.custom_tool_call_input.delta':
        this.input(index, textAt(event, 'delta'), out);
        break;
      case 'response.output_item.done':
        this.finish(index, (event['item'] ?? {}) as Wire, out);
        break;
      default:
        break;
    }
  }

  /** An item is whole. What its deltas left out is told now. */
  finish(index: unknown, wire: Wire, out: StreamEvent[]): void {
    const item = this.open(index, wire, out);
    if (item.done) {
      return;
    }
    switch (item.type) {
      case 'message':
        this.finishMessage(item, wire, out);
        break;
      case 'reasoning':
        this.finishReasoning(item, wire, out);
        break;
      case 'function_call':
      case 'custom_tool_call':
        if (!item.told) {
          this.input(index, textAt(wire, item.type === 'function_call' ? 'arguments' : 'input'), out);
        }
        out.push({ kind: 'tool-end', choice: 0, tool: item.number });
        break;
      default:
        out.push({ kind: 'native', choice: 0, part: nativePart(wire) });
    }
    item.done = true;
  }

  /** The response has ended: calls that were never called done are. */
  close(out: StreamEvent[]): void {
    for (const item of this.items.values()) {
      if (!item.done && isCall(item.type)) {
        item.done = true;
        out.push({ kind: 'tool-end', choice: 0, tool: item.number });
      }
    }
  }

  private open(index: unknown, wire: Wire, out: StreamEvent[]): StreamedItem {
    const known = this.items.get(index);
    if (known) {
      return known;
    }
    const item = this.item(index, textAt(wire, 'type'));
    if (isCall(item.type)) {
      item.number = this.tools++;
      const { id, name, custom, namespace } = readCall(wire);
      out.push({
        kind: 'tool-start',
        choice: 0,
        tool: item.number,
        id,
        name,
        ...(custom && { custom }),
        ...(namespace && { namespace }),
      });
    }
    return item;
  }

  private item(index: unknown, type: string): StreamedItem {
    const known = this.items.get(index);
    const item = known ?? { type, number: -1, told: false, summary: 0, done: false };
    this.items.set(index, item);
    return item;
  }

  private text(index: unknown, event: Wire, out: StreamEvent[]): void {
    this.item(index, 'message').told = true;
    const content = listAt(event, 'logprobs');
    const text = textAt(event, 'delta');
    out.push({ kind: 'text', choice: 0, text, ...(content.length > 0 && { logprobs: { content } }) });
  }

  private reasoning(index: unknown, event: Wire, out: StreamEvent[]): void {
    const item = this.item(index, 'reasoning');
    const { summary_index: summary } = event;
    const next = typeof summary === 'number' && item.told && summary !== item.summary;
    item.summary = typeof summary === 'number' ? summary : item.summary;
    item.told = true;
    this.think(item, (next ? SUMMARY_SEPARATOR : '') + textAt(event, 'delta'), out);
  }

  private think(item: StreamedItem, text: string, out: StreamEvent[]): void {
    if (text !== '') {
      out.push({ kind: 'reasoning', choice: 0, block: this.block(item), text });
    }
  }

  private block(item: StreamedItem): number {
    if (item.number < 0) {
      item.number = this.blocks++;
    }
    return item.number;
  }

  private input(index: unknown, delta: string, out: StreamEvent[]): void {
    const item = this.items.get(index);
    if (item && !item.done && delta !== '' && isCall(item.type)) {
      item.told = true;
      out.push({ kind: 'tool-arguments', choice: 0, tool: item.number, delta });
    }
  }

  private finishMessage(item: StreamedItem, wire: Wire, out: StreamEvent[]): void {
    for (const part of objectsAt(wire, 'content')) {
      const [text, refusal] = [textAt(part, 'text'), textAt(part, 'refusal')];
      if (!item.told && refusal !== '') {
        out.push({ kind: 'refusal', choice: 0, text: refusal });
      } else if (!item.told && text !== '') {
        out.push({ kind: 'text', choice: 0, text });
      }
      for (const annotation of objectsAt(part, 'annotations')) {
        const { start, end, ...citation } = readAnnotation(annotation);
        const span = {
          ...(start !== undefined && { start: start + this.said }),
          ...(end !== undefined && { end: end + this.said }),
        };
        out.push({ kind: 'citation', choice: 0, citation: { ...citation, ...span } });
      }
      this.said += text.length;
    }
  }

  private finishReasoning(item: StreamedItem, wire: Wire, out: StreamEvent[]): void {
    if (!item.told) {
      this.think(item, reasoningText(wire), out);
    }
    const signature = signatureOf(wire, this.target);
    if (signature) {
      out.push({ kind: 'signature', choice: 0, block: this.block(item), signature });
    }
  }
}

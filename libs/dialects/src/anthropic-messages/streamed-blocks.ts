import type { StreamEvent } from '../domain/answer.js';
import type { SignatureSeal } from '../domain/dialect.js';
import { toJson, type Wire } from '../domain/wire.js';
import { callSignatureBlock, mediaBlock, thinkingBlock, writeCitation } from './answer-blocks.writer.js';
import { callerCallId, UNSIGNED } from './call-ids.js';
import { writeEvent } from './stream-event.js';
import { StreamedInput } from './streamed-input.js';

type Content = Exclude<Extract<StreamEvent, { choice: number }>, { kind: 'finish' }>;
type Event<Kind extends StreamEvent['kind']> = Extract<StreamEvent, { kind: Kind }>;

type Open =
  | { readonly kind: 'text'; cited: boolean }
  | { readonly kind: 'reasoning'; readonly block: number; signed: boolean }
  | { readonly kind: 'tool'; readonly tool: number; readonly input: StreamedInput };

/** The content blocks of one streamed message: numbered from 0, one open at a time, each opened and closed once. */
export class StreamedBlocks {
  /** The model declined in words of its own. */
  refused = false;
  private open: Open | null = null;
  /** A thought that says nothing waits for what comes behind it. */
  private held: Wire | null = null;
  private index = -1;

  constructor(private readonly seal: SignatureSeal) {}

  /** Blocks so far. */
  get count(): number {
    return this.index + 1;
  }

  /** False while a call is open that this is no part of. */
  takes(event: Extract<StreamEvent, { choice: number }>): boolean {
    return this.open?.kind !== 'tool' || ('tool' in event && event.tool === this.open.tool);
  }

  write(event: Content): string {
    switch (event.kind) {
      case 'text':
        return this.text(event.text);
      case 'refusal':
        this.refused = true;
        return this.text(event.text);
      case 'reasoning':
        return this.reasoning(event);
      case 'signature':
        return this.signature(event);
      case 'tool-start':
        return this.toolStart(event);
      case 'tool-arguments':
        return this.open?.kind === 'tool' ? this.input(this.open.input.push(event.delta)) : '';
      case 'tool-end':
        return this.close();
      case 'citation':
        return this.citation(event);
      case 'media':
        return this.whole(mediaBlock(event.part));
      default:
        return event.part.dialect === 'anthropic-messages' ? this.whole(event.part.value as Wire) : '';
    }
  }

  /**
   * A thought that says nothing is no last word: Claude Code takes the last block for the answer, and Anthropic refuses
   * such a message when it comes back. What it proves is a text, for which Google wants no proof.
   */
  end(): string {
    return this.close() + (this.count === 0 ? this.release() : '');
  }

  private close(): string {
    const { open } = this;
    if (!open) {
      return '';
    }
    let last = '';
    if (open.kind === 'tool') {
      last = this.input(open.input.end());
    } else if (open.kind === 'reasoning' && !open.signed) {
      last = this.delta({ type: 'signature_delta', signature: this.seal.seal(UNSIGNED) });
    }
    this.open = null;
    return last + writeEvent('content_block_stop', { index: this.index });
  }

  /** A block that has no deltas. */
  whole(block: Wire): string {
    return this.start(block, null) + writeEvent('content_block_stop', { index: this.index });
  }

  /** A citation stands for the whole text of its block, so what is said after it goes into a new one. */
  private text(text: string): string {
    if (text === '') {
      return '';
    }
    const goesOn = this.open?.kind === 'text' && !this.open.cited && !this.held;
    const first = goesOn ? '' : this.startText();
    return `${first}event: content_block_delta\ndata: {"type":"content_block_delta","index":${this.index},"delta":{"type":"text_delta","text":${toJson(text)}}}\n\n`;
  }

  private startText(): string {
    return this.start({ type: 'text', text: '', citations: null }, { kind: 'text', cited: false });
  }

  private citation({ citation }: Event<'citation'>): string {
    const first = this.open?.kind === 'text' ? '' : this.startText();
    if (this.open?.kind === 'text') {
      this.open.cited = true;
    }
    return first + this.delta({ type: 'citations_delta', citation: writeCitation(citation, this.seal) });
  }

  private reasoning({ block, text }: Event<'reasoning'>): string {
    const first = this.isOpen(block) ? '' : this.startReasoning(block);
    return first + this.delta({ type: 'thinking_delta', thinking: text });
  }

  private signature({ block, signature, redacted }: Event<'signature'>): string {
    if (redacted) {
      return this.whole(thinkingBlock({ text: '', signature, redacted }, this.seal));
    }
    if (this.open?.kind !== 'reasoning' || !this.isOpen(block)) {
      const before = this.release();
      this.held = thinkingBlock({ text: '', signature }, this.seal);
      return before;
    }
    this.open.signed = true;
    return this.delta({ type: 'signature_delta', signature: this.seal.seal(signature) });
  }

  private release(): string {
    const { held } = this;
    this.held = null;
    return held ? this.whole(held) : '';
  }

  private isOpen(block: number): boolean {
    return this.open?.kind === 'reasoning' && this.open.block === block && !this.open.signed;
  }

  private startReasoning(block: number): string {
    return this.start(
      { type: 'thinking', thinking: '', signature: '' },
      { kind: 'reasoning', block, signed: false },
    );
  }

  private toolStart({ tool, id, name, custom, signature }: Event<'tool-start'>): string {
    const proof = signature ? this.whole(callSignatureBlock(id, signature, this.seal)) : '';
    const block = { type: 'tool_use', id: callerCallId(id), name, input: {} };
    return proof + this.start(block, { kind: 'tool', tool, input: new StreamedInput(custom === true) });
  }

  private input(json: string): string {
    return json === '' ? '' : this.delta({ type: 'input_json_delta', partial_json: json });
  }

  private start(content_block: Wire, open: Open | null): string {
    const before = this.release() + this.close();
    this.open = open;
    this.index++;
    return before + writeEvent('content_block_start', { index: this.index, content_block });
  }

  private delta(delta: Wire): string {
    return writeEvent('content_block_delta', { index: this.index, delta });
  }
}

import type { StreamEvent } from '../domain/answer.js';
import type { Target } from '../domain/dialect.js';
import type { Finish } from '../domain/finish-reason.js';
import type { Part, ReasoningPart, ToolCallPart } from '../domain/part.js';
import { isOutput } from './answer.reader.js';
import { callId, readPart, readSignature } from './content.reader.js';
import { mapFinish } from './finish-reason.js';
import { readCitations } from './grounding.js';
import { readLogprobs } from './logprobs.js';
import { PartialCall } from './partial-call.js';
import { isObject, recordOr, recordsOf, type Wire } from '../domain/wire.js';

/** Reads the chunks of one candidate. */
export class ChoiceReader {
  /** Something came that `candidatesTokenCount` counts. */
  hasOutput = false;
  private text = '';
  private tools = 0;
  private blocks = 0;
  /** The last block may still take text or its signature. */
  private thinking = false;
  private open: PartialCall | null = null;
  private last: Wire | null = null;
  private sources: Wire = {};

  constructor(
    private readonly choice: number,
    private readonly target: Target,
  ) {}

  read(candidate: Wire, out: StreamEvent[]): void {
    const from = out.length;
    for (const part of recordsOf(recordOr(candidate['content'])['parts'])) {
      if (!this.readPiece(part, out)) {
        for (const piece of readPart(part, this.target)) {
          this.hasOutput ||= isOutput(piece);
          this.emit(piece, part['thought'] === true, out);
        }
      }
    }
    this.attachLogprobs(candidate, from, out);
    if (candidate['finishReason']) {
      this.last = candidate;
    }
    if (candidate['groundingMetadata'] ?? candidate['citationMetadata']) {
      this.sources = { ...this.sources, ...compactSources(candidate) };
    }
  }

  /**
   * The body ended. Citations and finish are told now, because only now no chunk can follow.
   *
   * @returns false when the candidate was cut off
   */
  end(blocked: Finish | null, out: StreamEvent[]): boolean {
    const finish = this.last ? mapFinish(this.last, this.tools > 0 || this.open !== null) : blocked;
    if (!finish) {
      return false;
    }
    if (finish.reason === 'tool-calls') {
      this.closeCall(out);
    }
    for (const { citation } of readCitations(this.sources, () => this.text)) {
      out.push({ kind: 'citation', choice: this.choice, citation });
    }
    out.push({ kind: 'finish', choice: this.choice, finish });
    return true;
  }

  /** A call in pieces: name, then arguments, then an empty call that closes it. False for every other part. */
  private readPiece(part: Wire, out: StreamEvent[]): boolean {
    const call = part['functionCall'];
    if (!isObject(call) || (!this.open && call['willContinue'] !== true)) {
      return false;
    }
    if (typeof call['name'] === 'string' && call['name'] !== '') {
      this.closeCall(out);
      if (call['willContinue'] !== true) {
        return false;
      }
      this.open = new PartialCall(callId(call['id']), call['name'], readSignature(part, this.target));
    }
    for (const piece of recordsOf(call['partialArgs'])) {
      this.open?.add(piece);
    }
    if (call['willContinue'] !== true) {
      this.closeCall(out);
    }
    return true;
  }

  private closeCall(out: StreamEvent[]): void {
    if (this.open) {
      const { id, name, signature, arguments: text } = this.open;
      this.open = null;
      this.hasOutput = true;
      this.emitCall({ kind: 'tool-call', id, name, arguments: text, ...(signature && { signature }) }, out);
    }
  }

  private emit(part: Part, thought: boolean, out: StreamEvent[]): void {
    const { choice } = this;
    if (part.kind === 'reasoning') {
      this.emitReasoning(part, thought, out);
      return;
    }
    this.thinking = false;
    switch (part.kind) {
      case 'text':
        this.text += part.text;
        out.push({ kind: 'text', choice, text: part.text });
        break;
      case 'tool-call':
        this.emitCall(part, out);
        break;
      case 'media':
        out.push({ kind: 'media', choice, part });
        break;
      case 'native':
        out.push({ kind: 'native', choice, part });
        break;
    }
  }

  /** A signature that came on a thought belongs to the block of that thought; every other one is a block by itself. */
  private emitReasoning({ text, signature }: ReasoningPart, thought: boolean, out: StreamEvent[]): void {
    if (!this.thinking || !thought) {
      this.blocks++;
    }
    this.thinking = thought && !signature;
    const block = this.blocks - 1;
    if (text !== '') {
      out.push({ kind: 'reasoning', choice: this.choice, block, text });
    }
    if (signature) {
      out.push({ kind: 'signature', choice: this.choice, block, signature });
    }
  }

  private emitCall({ id, name, signature, arguments: delta }: ToolCallPart, out: StreamEvent[]): void {
    const { choice } = this;
    const tool = this.tools++;
    out.push(
      { kind: 'tool-start', choice, tool, id, name, ...(signature && { signature }) },
      { kind: 'tool-arguments', choice, tool, delta },
      { kind: 'tool-end', choice, tool },
    );
  }

  /** On the chunk's first text; without one they travel on an empty text. */
  private attachLogprobs(candidate: Wire, from: number, out: StreamEvent[]): void {
    const logprobs = readLogprobs(candidate);
    if (!logprobs) {
      return;
    }
    const at = out.findIndex((event, index) => index >= from && event.kind === 'text');
    const text = out[at];
    if (text?.kind === 'text') {
      out[at] = { ...text, logprobs };
    } else {
      out.push({ kind: 'text', choice: this.choice, text: '', logprobs });
    }
  }
}

/** Chunks before the last may hold an empty `groundingMetadata`, which says nothing. */
function compactSources({ groundingMetadata, citationMetadata }: Wire): Wire {
  const grounded = Object.keys(recordOr(groundingMetadata)).length > 0;
  return { ...(grounded && { groundingMetadata }), ...(citationMetadata ? { citationMetadata } : {}) };
}

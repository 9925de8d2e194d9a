import { parseExact } from '../domain/exact-json.js';
import { type StreamEvent, tellUsage } from '../domain/answer.js';
import type { StreamReader, Target } from '../domain/dialect.js';
import { nativePart, readCitation, signatureOf } from './content.reader.js';
import { readErrorBody, statusOfType } from './error.reader.js';
import { mapFinish } from './finish-reason.js';
import { readUsage } from './usage.js';
import { holdsZeros } from '../domain/usage.js';
import { isObject, listOr, stringOr, type Wire } from '../domain/wire.js';

type OpenBlock =
  /** Its citations support all its text, whose end is known when it closes. `from` counts characters of the answer. */
  | { readonly kind: 'text'; readonly from: number; readonly citations: Wire[] }
  | { readonly kind: 'reasoning'; readonly block: number }
  | { readonly kind: 'tool'; readonly tool: number; readonly input: unknown; sent: boolean }
  /** Blocks of this dialect alone are given whole when they close. */
  | { readonly kind: 'native'; readonly value: Wire; input: string };

/** Anthropic streams one answer, so every event belongs to choice 0. */
export class AnthropicStreamReader implements StreamReader {
  private readonly blocks = new Map<unknown, OpenBlock>();
  private usage: Wire = {};
  private finish: Wire = {};
  private tools = 0;
  private reasonings = 0;
  /** Characters of text so far. */
  private said = 0;
  private started = false;
  private done = false;

  constructor(private readonly target: Target) {}

  read(data: string, type: string | undefined, out: StreamEvent[]): void {
    if (this.done || data === '[DONE]') {
      return;
    }
    let event: unknown;
    try {
      event = JSON.parse(data);
    } catch {
      this.fail(out, 'sent an event that is no JSON');
      return;
    }
    if (isObject(event)) {
      this.dispatch(stringOr(event['type'], type), event, out);
    }
  }

  end(out: StreamEvent[]): void {
    if (!this.done) {
      this.fail(out, 'ended its answer before the last event');
    }
  }

  /** `ping` and event types newer than this reader say nothing. */
  private dispatch(type: string | undefined, event: Wire, out: StreamEvent[]): void {
    switch (type) {
      case 'message_start':
        this.start(event['message'], out);
        break;
      case 'content_block_start':
        this.open(event, out);
        break;
      case 'content_block_delta':
        this.delta(event, out);
        break;
      case 'content_block_stop':
        this.close(event['index'], out);
        break;
      case 'message_delta':
        this.messageDelta(event, out);
        break;
      case 'message_stop':
        this.stop(out);
        break;
      case 'error':
        this.error(event, out);
        break;
    }
  }

  private start(message: unknown, out: StreamEvent[]): void {
    const { id, model, usage } = isObject(message) ? message : {};
    this.ensureStart(out, stringOr(id, ''), stringOr(model, ''));
    this.mergeUsage(usage, out);
  }

  private ensureStart(out: StreamEvent[], id = '', model = ''): void {
    if (!this.started) {
      this.started = true;
      out.push({ kind: 'start', id, model });
    }
  }

  private open({ index, content_block: content }: Wire, out: StreamEvent[]): void {
    if (!isObject(content)) {
      return;
    }
    this.ensureStart(out);
    switch (content['type']) {
      case 'text':
        this.blocks.set(index, {
          kind: 'text',
          from: this.said,
          citations: listOr(content['citations']).filter(isObject),
        });
        this.text(content['text'], out);
        break;
      case 'thinking':
        this.openReasoning(index, content, out);
        break;
      case 'redacted_thinking': {
        const payload = stringOr(content['data'], '');
        const block = this.reasonings++;
        this.blocks.set(index, { kind: 'reasoning', block });
        const signature = signatureOf(payload, this.target);
        out.push({ kind: 'signature', choice: 0, block, signature, redacted: true });
        break;
      }
      case 'tool_use':
        this.openTool(index, content, out);
        break;
      default:
        this.blocks.set(index, { kind: 'native', value: content, input: '' });
    }
  }

  private openReasoning(index: unknown, content: Wire, out: StreamEvent[]): void {
    const block = this.reasonings++;
    this.blocks.set(index, { kind: 'reasoning', block });
    this.reasoning(block, content['thinking'], out);
    this.signature(block, content['signature'], out);
  }

  private openTool(index: unknown, content: Wire, out: StreamEvent[]): void {
    const tool = this.tools++;
    this.blocks.set(index, { kind: 'tool', tool, input: content['input'], sent: false });
    const [id, name] = [stringOr(content['id'], ''), stringOr(content['name'], '')];
    out.push({ kind: 'tool-start', choice: 0, tool, id, name });
  }

  private delta({ index, delta }: Wire, out: StreamEvent[]): void {
    if (!isObject(delta)) {
      return;
    }
    const block = this.blocks.get(index);
    switch (delta['type']) {
      case 'text_delta':
        this.text(delta['text'], out);
        break;
      case 'input_json_delta':
        input(block, stringOr(delta['partial_json'], ''), out);
        break;
      case 'thinking_delta':
        if (block?.kind === 'reasoning') {
          this.reasoning(block.block, delta['thinking'], out);
        }
        break;
      case 'signature_delta':
        if (block?.kind === 'reasoning') {
          this.signature(block.block, delta['signature'], out);
        }
        break;
      case 'citations_delta':
        if (block?.kind === 'text' && isObject(delta['citation'])) {
          block.citations.push(delta['citation']);
        }
        break;
    }
  }

  private text(text: unknown, out: StreamEvent[]): void {
    if (typeof text === 'string' && text !== '') {
      this.ensureStart(out);
      this.said += text.length;
      out.push({ kind: 'text', choice: 0, text });
    }
  }

  private reasoning(block: number, text: unknown, out: StreamEvent[]): void {
    if (typeof text === 'string' && text !== '') {
      out.push({ kind: 'reasoning', choice: 0, block, text });
    }
  }

  private signature(block: number, payload: unknown, out: StreamEvent[]): void {
    if (typeof payload === 'string' && payload !== '') {
      out.push({ kind: 'signature', choice: 0, block, signature: signatureOf(payload, this.target) });
    }
  }

  private close(index: unknown, out: StreamEvent[]): void {
    const block = this.blocks.get(index);
    this.blocks.delete(index);
    if (block?.kind === 'tool') {
      if (!block.sent) {
        // A call without arguments has no deltas that say anything; some compatible vendors send them at the start.
        out.push({
          kind: 'tool-arguments',
          choice: 0,
          tool: block.tool,
          delta: JSON.stringify(block.input ?? {}),
        });
      }
      out.push({ kind: 'tool-end', choice: 0, tool: block.tool });
    } else if (block?.kind === 'text') {
      for (const citation of block.citations) {
        const span = { start: block.from, end: this.said };
        out.push({ kind: 'citation', choice: 0, citation: { ...readCitation(citation), ...span } });
      }
    } else if (block?.kind === 'native') {
      out.push({ kind: 'native', choice: 0, part: nativePart(withInput(block.value, block.input)) });
    }
  }

  private messageDelta({ delta, usage }: Wire, out: StreamEvent[]): void {
    this.ensureStart(out);
    if (isObject(delta)) {
      this.finish = { ...this.finish, ...delta };
    }
    this.mergeUsage(usage, out);
  }

  /** Field by field: `message_delta` corrects some numbers of `message_start` and leaves others out. Zeros correct nothing. */
  private mergeUsage(usage: unknown, out: StreamEvent[]): void {
    if (!isObject(usage) || (this.usage['output_tokens'] && holdsZeros(usage))) {
      return;
    }
    const merged: Record<string, unknown> = { ...this.usage };
    for (const [field, value] of Object.entries(usage)) {
      if (value !== null) {
        merged[field] = value;
      }
    }
    this.usage = merged;
    tellUsage(readUsage(merged, this.target.model), out);
  }

  private stop(out: StreamEvent[]): void {
    this.ensureStart(out);
    for (const index of this.blocks.keys()) {
      this.close(index, out);
    }
    out.push({ kind: 'finish', choice: 0, finish: mapFinish(this.finish) }, { kind: 'end' });
    this.done = true;
  }

  private error(event: Wire, out: StreamEvent[]): void {
    const { type, message, code } = readErrorBody(event) ?? { type: '', message: '', code: null };
    this.done = true;
    out.push({
      kind: 'error',
      message: message || `The vendor '${this.target.vendor}' broke off its answer.`,
      code: code ?? (type || null),
      status: statusOfType(type),
    });
  }

  private fail(out: StreamEvent[], what: string): void {
    this.done = true;
    const message = `The vendor '${this.target.vendor}' ${what}.`;
    out.push({ kind: 'error', message, code: 'upstream_error', status: null });
  }
}

function input(block: OpenBlock | undefined, delta: string, out: StreamEvent[]): void {
  if (delta === '') {
    return;
  }
  if (block?.kind === 'tool') {
    block.sent = true;
    out.push({ kind: 'tool-arguments', choice: 0, tool: block.tool, delta });
  } else if (block?.kind === 'native') {
    block.input += delta;
  }
}

/** A server tool's input arrives in pieces, like that of a caller's tool. */
function withInput(value: Wire, text: string): Wire {
  if (text === '') {
    return value;
  }
  try {
    return { ...value, input: parseExact(text) };
  } catch {
    return value;
  }
}

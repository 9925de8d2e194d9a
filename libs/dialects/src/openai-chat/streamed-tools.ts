import type { StreamEvent } from '../domain/answer.js';
import type { Target } from '../domain/dialect.js';
import type { Signature } from '../domain/part.js';
import { argumentsOf, callSignature, newCallId } from './answer-parts.reader.js';
import { legacyCallId } from './legacy-functions.js';
import { isObject, objectAt, textAt, type Wire } from '../domain/wire.js';

interface StreamedTool {
  /** Number from 0, in order of their starts. */
  tool: number;
  /** The vendor's own number, which may start at 1 or be missing. */
  readonly wireIndex: unknown;
  id: string;
  name: string;
  custom: boolean;
  signature: Signature | undefined;
  started: boolean;
  /** Arguments that came before the name. */
  held: string;
}

/** The tool calls of one streamed choice, put together from deltas however a vendor numbers or names them. */
export class StreamedTools {
  private readonly list: StreamedTool[] = [];
  private started = 0;

  constructor(
    private readonly choice: number,
    private readonly target: Target,
  ) {}

  get any(): boolean {
    return this.list.length > 0;
  }

  read(delta: Wire, out: StreamEvent[]): void {
    const calls = delta['tool_calls'];
    if (Array.isArray(calls)) {
      for (const call of calls) {
        if (isObject(call)) {
          this.readCall(call, out);
        }
      }
    }
    const legacy = objectAt(delta, 'function_call');
    if (legacy) {
      this.readCall({ id: legacyCallId(0), function: legacy }, out);
    }
  }

  /** The choice has finished: its calls are whole. */
  close(out: StreamEvent[]): void {
    for (const tool of this.list) {
      if (!tool.started) {
        this.start(tool, out);
      }
      out.push({ kind: 'tool-end', choice: this.choice, tool: tool.tool });
    }
  }

  private readCall(call: Wire, out: StreamEvent[]): void {
    const custom = isObject(call['custom']);
    const inner = objectAt(call, custom ? 'custom' : 'function') ?? {};
    // Mistral's older models say "null".
    const id = call['id'] === 'null' ? '' : textAt(call, 'id');
    const name = textAt(inner, 'name');
    const tool = this.find(call['index'], id, name) ?? this.add(call['index']);
    tool.custom ||= custom;
    tool.id ||= id;
    tool.signature ??= callSignature(call, this.target);
    const delta = argumentsOf(inner[custom ? 'input' : 'arguments']);
    if (tool.started) {
      this.arguments(tool, delta, out);
      return;
    }
    tool.name ||= name;
    tool.held += delta;
    if (tool.name !== '') {
      this.start(tool, out);
    }
  }

  /** By number, else by id, else the last one. A new id under an old number is a new call. */
  private find(wireIndex: unknown, id: string, name: string): StreamedTool | undefined {
    if (typeof wireIndex === 'number') {
      return this.list.findLast(
        tool =>
          tool.wireIndex === wireIndex && !(id !== '' && name !== '' && tool.id !== '' && tool.id !== id),
      );
    }
    if (id !== '') {
      return this.list.find(tool => tool.id === id);
    }
    const last = this.list.at(-1);
    return name === '' || name === last?.name ? last : undefined;
  }

  private add(wireIndex: unknown): StreamedTool {
    const tool: StreamedTool = {
      tool: -1,
      wireIndex,
      id: '',
      name: '',
      custom: false,
      signature: undefined,
      started: false,
      held: '',
    };
    this.list.push(tool);
    return tool;
  }

  private start(tool: StreamedTool, out: StreamEvent[]): void {
    const { name, custom, signature, held } = tool;
    tool.started = true;
    tool.tool = this.started++;
    tool.id ||= newCallId();
    out.push({
      kind: 'tool-start',
      choice: this.choice,
      tool: tool.tool,
      id: tool.id,
      name,
      ...(custom && { custom }),
      ...(signature && { signature }),
    });
    this.arguments(tool, held, out);
  }

  private arguments({ tool }: StreamedTool, delta: string, out: StreamEvent[]): void {
    if (delta !== '') {
      out.push({ kind: 'tool-arguments', choice: this.choice, tool, delta });
    }
  }
}

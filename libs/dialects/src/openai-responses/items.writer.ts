import type { Turn } from '../domain/conversation.js';
import type { Part, ReasoningPart, ToolCallPart, ToolResultPart } from '../domain/part.js';
import { loseMark, markedParts } from '../openai-chat/cache-marks.js';
import type { Wire } from '../domain/wire.js';
import { isIssuedBy, lose, type WriteContext } from '../openai-chat/write-context.js';
import { plainText, writeContent } from './content.writer.js';

/** `instructions` and `input`. A first system text alone is the instructions; whatever comes later keeps its place. */
export function writeInput(turns: readonly Turn[], context: WriteContext): Wire {
  const instructions = instructionsOf(turns[0]);
  const writer = new ItemsWriter(context);
  for (const turn of instructions === null ? turns : turns.slice(1)) {
    writer.add(turn);
  }
  return { ...(instructions !== null && { instructions }), input: writer.items };
}

function instructionsOf(turn: Turn | undefined): string | null {
  const [part, ...more] = turn?.parts ?? [];
  const isPlain = part?.kind === 'text' && part.text !== '' && !part.cache && more.length === 0;
  return isPlain && turn?.role === 'system' && turn.name === undefined ? part.text : null;
}

class ItemsWriter {
  readonly items: Wire[] = [];
  /** Ids of calls of free-text tools: their results go by another type. */
  private readonly custom = new Set<string>();
  /** Reasoning waits for the item behind it: without one OpenAI refuses it. */
  private reasoning: Wire[] = [];

  constructor(private readonly context: WriteContext) {}

  add(turn: Turn): void {
    if (turn.name !== undefined) {
      lose(this.context, 'dropped', 'messages.name', 'Responses knows no names of participants.');
    }
    if (turn.role === 'assistant') {
      this.assistant(turn.parts);
      return;
    }
    const results = turn.parts.filter(part => part.kind === 'tool-result');
    results.forEach(part => this.items.push(this.result(part)));
    const said = turn.parts.filter(part => part.kind !== 'tool-result');
    if (turn.role === 'tool' && said.length === 0) {
      return;
    }
    const role = turn.role === 'tool' ? 'user' : turn.role;
    const content = writeContent(said, 'input_text', this.context);
    this.items.push({ type: 'message', role, content: plainText(content) ?? content });
  }

  private assistant(parts: readonly Part[]): void {
    let said: Part[] = [];
    const flush = (): void => {
      this.message(said);
      said = [];
    };
    for (const part of parts) {
      if (part.kind === 'reasoning') {
        flush();
        this.reason(part);
      } else if (part.kind === 'tool-call') {
        flush();
        this.push(this.call(part));
      } else {
        said.push(part);
      }
    }
    flush();
    if (this.reasoning.length > 0) {
      this.loseReasoning();
      this.reasoning = [];
    }
  }

  private message(said: readonly Part[]): void {
    const content = writeContent(said, 'output_text', this.context);
    if (content.length > 0) {
      this.push({ type: 'message', role: 'assistant', content });
    }
  }

  private push(item: Wire): void {
    this.items.push(...this.reasoning, item);
    this.reasoning = [];
  }

  private reason({ text, signature }: ReasoningPart): void {
    if (!isIssuedBy(signature, this.context.target)) {
      this.loseReasoning();
      return;
    }
    this.reasoning.push({
      type: 'reasoning',
      ...(signature.id && { id: signature.id }),
      summary: text === '' ? [] : [{ type: 'summary_text', text }],
      encrypted_content: signature.payload,
    });
  }

  private loseReasoning(): void {
    const { vendor, model } = this.context.target;
    lose(
      this.context,
      'dropped',
      'messages.reasoning_content',
      `Reasoning without a cipher of '${model}' at '${vendor}' cannot go back to it.`,
    );
  }

  private call({ id, name, custom, arguments: args, cache }: ToolCallPart): Wire {
    loseMark(cache, this.context);
    if (custom) {
      this.custom.add(id);
      return { type: 'custom_tool_call', call_id: id, name, input: args };
    }
    return { type: 'function_call', call_id: id, name, arguments: args };
  }

  private result(part: ToolResultPart): Wire {
    const custom = part.custom ?? this.custom.has(part.callId);
    const content = writeContent(markedParts(part, this.context), 'input_text', this.context);
    const written = part.isError ? this.failed(content) : content;
    return {
      type: custom ? 'custom_tool_call_output' : 'function_call_output',
      call_id: part.callId,
      output: written.length === 0 ? '' : (plainText(written) ?? written),
    };
  }

  private failed(content: readonly Wire[]): readonly Wire[] {
    lose(
      this.context,
      'approximated',
      'messages.tool.is_error',
      'A failed tool call was marked as such in its text.',
    );
    const text = plainText(content);
    return text === null
      ? [{ type: 'input_text', text: 'Error:' }, ...content]
      : [{ type: 'input_text', text: `Error: ${text}` }];
  }
}

import type { Answer, StreamEvent } from './answer.js';
import type { ToolSettings } from './conversation.js';
import type { StreamWriter } from './dialect.js';
import type { Part } from './part.js';
import { parseObject } from './tool-input.js';

/**
 * Most vendors know no tools that take free text: they get a function with one string, `input`. Here their calls become
 * what the caller declared, in answers and in streams. Calls that are right already pass.
 */
export function customAnswer(answer: Answer, tools: ToolSettings | undefined): Answer {
  const names = customNames(tools);
  if (names.size === 0) {
    return answer;
  }
  const restored = (part: Part): Part =>
    part.kind === 'tool-call' && !part.custom && names.has(part.name)
      ? { ...part, custom: true, arguments: freeText(part.arguments) }
      : part;
  const choices = answer.choices.map(choice => ({ ...choice, parts: choice.parts.map(restored) }));
  return { ...answer, choices };
}

/** The same for streams: the input of such a call is told at its end, when it can be read. */
export function customCallWriter(writer: StreamWriter, tools: ToolSettings | undefined): StreamWriter {
  const names = customNames(tools);
  return names.size === 0 ? writer : new CustomCallWriter(writer, names);
}

class CustomCallWriter implements StreamWriter {
  /** Inputs of open calls so far, by choice and number. */
  private readonly inputs = new Map<string, string>();

  readonly fail: StreamWriter['fail'];

  constructor(
    private readonly writer: StreamWriter,
    private readonly names: ReadonlySet<string>,
  ) {
    this.fail = writer.fail?.bind(writer);
  }

  write(event: StreamEvent): string {
    switch (event.kind) {
      case 'tool-start':
        if (event.custom || !this.names.has(event.name)) {
          return this.writer.write(event);
        }
        this.inputs.set(keyOf(event), '');
        return this.writer.write({ ...event, custom: true });
      case 'tool-arguments': {
        const key = keyOf(event);
        const input = this.inputs.get(key);
        if (input === undefined) {
          return this.writer.write(event);
        }
        this.inputs.set(key, input + event.delta);
        return '';
      }
      case 'tool-end':
        return this.input(event) + this.writer.write(event);
      default:
        return this.writer.write(event);
    }
  }

  private input({ choice, tool }: Extract<StreamEvent, { kind: 'tool-end' }>): string {
    const key = keyOf({ choice, tool });
    const input = this.inputs.get(key);
    this.inputs.delete(key);
    return input === undefined
      ? ''
      : this.writer.write({ kind: 'tool-arguments', choice, tool, delta: freeText(input) });
  }
}

function keyOf({ choice, tool }: { readonly choice: number; readonly tool: number }): string {
  return `${choice} ${tool}`;
}

function customNames(tools: ToolSettings | undefined): ReadonlySet<string> {
  return new Set(tools?.list.flatMap(tool => (tool.kind === 'custom' ? [tool.name] : [])));
}

/** Arguments that are no such object are what the model wrote: never thrown away. */
function freeText(text: string): string {
  const input = parseObject(text)?.['input'];
  return typeof input === 'string' ? input : text;
}

import type { Answer, StreamEvent } from './answer.js';
import type { ToolSettings } from './conversation.js';
import type { StreamReader } from './dialect.js';
import type { Part } from './part.js';
import { parseObject } from './tool-input.js';

type ToolEvent = Extract<StreamEvent, { kind: 'tool-start' | 'tool-arguments' | 'tool-end' }>;

/** An answer whose calls of free-text tools are that again, where the vendor knew them as functions of one `input`. */
export function withFreeText(answer: Answer, tools: ToolSettings): Answer {
  const names = freeTextTools(tools);
  if (names.size === 0) {
    return answer;
  }
  const restored = (part: Part): Part =>
    part.kind === 'tool-call' && !part.custom && names.has(part.name)
      ? { ...part, custom: true, arguments: inputIn(part.arguments) }
      : part;
  return {
    ...answer,
    choices: answer.choices.map(choice => ({ ...choice, parts: choice.parts.map(restored) })),
  };
}

/** The same for a stream: the input of such a call is told when it is whole. */
export function readingFreeText(reader: StreamReader, tools: ToolSettings): StreamReader {
  const names = freeTextTools(tools);
  return names.size === 0 ? reader : new FreeTextReader(reader, names);
}

function freeTextTools({ list }: ToolSettings): ReadonlySet<string> {
  return new Set(list.flatMap(tool => (tool.kind === 'custom' ? tool.name : [])));
}

/** What a model wrote otherwise goes on as it wrote it. */
function inputIn(text: string): string {
  const input = parseObject(text)?.['input'];
  return typeof input === 'string' ? input : text;
}

class FreeTextReader implements StreamReader {
  /** Arguments so far of the calls that are to be restored, by choice and tool. */
  private readonly open = new Map<string, string>();

  constructor(
    private readonly reader: StreamReader,
    private readonly names: ReadonlySet<string>,
  ) {}

  read(data: string, type: string | undefined, out: StreamEvent[]): void {
    this.pass(events => this.reader.read(data, type, events), out);
  }

  end(out: StreamEvent[]): void {
    this.pass(events => this.reader.end(events), out);
  }

  private pass(read: (events: StreamEvent[]) => void, out: StreamEvent[]): void {
    const events: StreamEvent[] = [];
    read(events);
    for (const event of events) {
      out.push(...('tool' in event ? this.restored(event) : [event]));
    }
  }

  private restored(event: ToolEvent): StreamEvent[] {
    const key = `${event.choice} ${event.tool}`;
    if (event.kind === 'tool-start' && !event.custom && this.names.has(event.name)) {
      this.open.set(key, '');
      return [{ ...event, custom: true }];
    }
    const text = this.open.get(key);
    if (text === undefined) {
      return [event];
    }
    if (event.kind === 'tool-arguments') {
      this.open.set(key, text + event.delta);
      return [];
    }
    this.open.delete(key);
    const { choice, tool } = event;
    return [{ kind: 'tool-arguments', choice, tool, delta: inputIn(text) }, event];
  }
}

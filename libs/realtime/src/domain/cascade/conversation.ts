import {
  estimateTokens,
  type LiveItem,
  type Losses,
  type Part,
  type ToolCallPart,
  type Turn,
} from '@app/dialects';

type Role = 'user' | 'assistant' | 'system';

interface Size {
  /** Estimated. */
  readonly tokens: number;
  readonly bytes: number;
}

/** Something that was said, or is being said. */
interface Said {
  readonly kind: 'said';
  readonly role: Role;
  parts: readonly Part[];
  size: Size;
}

/** Tools that were called at once. */
interface Called {
  readonly kind: 'called';
  readonly calls: ToolCallPart[];
  readonly results: Map<string, string>;
  size: Size;
}

/** A turn of which the words come later. */
export interface Place {
  say(text: string): void;
  readonly isEmpty: boolean;
}

/** Of a picture, about; and of a turn besides what it says. */
const MEDIA_TOKENS = 1000;
const TURN: Size = { tokens: 4, bytes: 64 };

/** What was said in a session, as a text model is told it. It forgets the oldest when there is too much. */
export class Conversation {
  private entries: (Said | Called)[] = [];
  private readonly called = new Map<string, Called>();
  private tokens = 0;
  private bytes = 0;
  /** Something was said to the model since it was last asked. */
  hasNews = false;

  /** @param most of all that is said again with each question */
  constructor(
    private readonly most: Size,
    private readonly losses: Losses,
  ) {}

  /** @param item a message has no sound */
  add(item: LiveItem): void {
    if (item.kind === 'message') {
      this.push({ kind: 'said', role: item.role, parts: item.parts, size: TURN });
      this.hasNews ||= item.role === 'user' && item.parts.length > 0;
    } else if (item.kind === 'call') {
      this.addCall({ kind: 'tool-call', id: item.id, name: item.name, arguments: item.arguments });
    } else {
      this.addResult(item.callId, item.output);
    }
  }

  /** Calls that are made one after another belong together until one has its result. */
  addCall(call: ToolCallPart): void {
    const last = this.entries.at(-1);
    if (last?.kind === 'called' && last.results.size === 0) {
      last.calls.push(call);
      this.called.set(call.id, last);
      this.measure(last);
    } else {
      const entry: Called = { kind: 'called', calls: [call], results: new Map(), size: TURN };
      this.called.set(call.id, entry);
      this.push(entry);
    }
  }

  /** For what somebody says now. */
  place(role: Role): Place {
    const said: Said = { kind: 'said', role, parts: [], size: TURN };
    this.push(said);
    let text = '';
    let bytes = TURN.bytes;
    return {
      say: more => {
        text += more;
        said.parts = [{ kind: 'text', text }];
        this.hasNews ||= role === 'user';
        bytes += Buffer.byteLength(more); // of what is new alone: long answers come in many pieces
        this.resize(said, { tokens: TURN.tokens + estimateTokens(text.length), bytes });
      },
      get isEmpty() {
        return text === '';
      },
    };
  }

  /**
   * All of it, in the grammar that models want: results follow their calls, calls without one are left out. Where nobody has said
   * anything, the instructions are the question.
   */
  turns(instructions: string): readonly Turn[] {
    const turns: Turn[] = [];
    for (const entry of this.entries) {
      if (entry.kind === 'called') {
        tellCalls(entry, turns);
      } else if (entry.parts.length > 0) {
        turns.push({ role: entry.role, parts: entry.parts });
      }
    }
    if (instructions === '') {
      return turns;
    }
    const role = turns.every(turn => turn.role === 'system') ? 'user' : 'system';
    return [{ role, parts: [{ kind: 'text', text: instructions }] }, ...turns];
  }

  private addResult(callId: string, output: string): void {
    const entry = this.called.get(callId);
    if (entry) {
      entry.results.set(callId, output);
      this.hasNews = true;
      this.measure(entry);
    } else {
      this.losses.dropped(
        'tool results',
        `The result of '${callId.slice(0, 100)}' was left out: no such call is known.`,
      );
    }
  }

  private push(entry: Said | Called): void {
    this.tokens += entry.size.tokens;
    this.bytes += entry.size.bytes;
    this.entries.push(entry);
    this.measure(entry);
  }

  private measure(entry: Said | Called): void {
    this.resize(entry, sizeOf(entry));
  }

  private resize(entry: Said | Called, now: Size): void {
    if (this.entries.lastIndexOf(entry) < 0) {
      return; // it was forgotten while somebody said it
    }
    const { size } = entry;
    entry.size = now;
    this.tokens += entry.size.tokens - size.tokens;
    this.bytes += entry.size.bytes - size.bytes;
    if (this.isTooMuch) {
      this.forget();
    }
  }

  private get isTooMuch(): boolean {
    return this.tokens > this.most.tokens || this.bytes > this.most.bytes;
  }

  /** The newest stays, however long it is. What is left begins with somebody else than the model. */
  private forget(): void {
    let count = 0;
    for (const entry of this.entries.slice(0, -1)) {
      if (!this.isTooMuch && !isOfModel(entry)) {
        break;
      }
      count += 1;
      this.tokens -= entry.size.tokens;
      this.bytes -= entry.size.bytes;
      if (entry.kind === 'called') {
        entry.calls.forEach(({ id }) => this.called.delete(id));
      }
    }
    this.entries = this.entries.slice(count);
    this.losses.dropped(
      'conversation',
      'It is longer than the model reads: what was said first was left out.',
    );
  }
}

function tellCalls({ calls, results }: Called, turns: Turn[]): void {
  const answered = calls.filter(({ id }) => results.has(id));
  if (answered.length === 0) {
    return;
  }
  const before = turns.at(-1);
  if (before?.role === 'assistant') {
    turns[turns.length - 1] = { role: 'assistant', parts: [...before.parts, ...answered] };
  } else {
    turns.push({ role: 'assistant', parts: answered });
  }
  const parts = answered.map(({ id, name }) => {
    const text = results.get(id) ?? '';
    return { kind: 'tool-result' as const, callId: id, name, parts: [{ kind: 'text' as const, text }] };
  });
  turns.push({ role: 'tool', parts });
}

function sizeOf(entry: Said | Called): Size {
  let { tokens, bytes } = TURN;
  const add = (text: string): void => {
    tokens += estimateTokens(text.length);
    bytes += Buffer.byteLength(text);
  };
  if (entry.kind === 'called') {
    entry.calls.forEach(call => add(call.name + call.arguments));
    entry.results.forEach(add);
    return { tokens, bytes };
  }
  for (const part of entry.parts) {
    if (part.kind === 'text') {
      add(part.text);
    } else if (part.kind === 'media') {
      tokens += MEDIA_TOKENS;
      bytes += part.source.kind === 'base64' ? part.source.data.length : 0;
    }
  }
  return { tokens, bytes };
}

function isOfModel(entry: Said | Called): boolean {
  return entry.kind === 'called' || entry.role === 'assistant';
}

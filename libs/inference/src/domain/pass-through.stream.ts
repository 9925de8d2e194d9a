import type { LlmHub, Passage, Passing, StreamEvent, StreamReader, Usage } from '@app/dialects';
import { eventsIn, type SseEvent, type UpstreamError } from '@app/shared';
import { estimateTokens } from './estimate.js';
import { EventCollector } from './event-collector.js';
import { NotableSearch } from './notable-search.js';
import {
  EVENT_LIMIT_BYTES,
  eventTooLarge,
  noFacts,
  noteEvent,
  saysSomething,
  streamFailure,
} from './stream-facts.js';
import type { StreamTransform } from './stream-relay.js';

const BLOCK_END = /(?<=\n\n|\r\n\r\n|\r\r)/;
const CLOSE_BRACE = 125;
const DONE = '[DONE]';

export interface PassThroughOptions {
  readonly vendor: string;
  /** See `VendorDialect`. */
  readonly token: RegExp;
  readonly reader: StreamReader;
  readonly passage: Passage;
  /** What the caller sent. */
  readonly body: Passing['body'];
  /** `x_llmhub` for the stream. */
  readonly annotate: (usage: Usage | null) => LlmHub | null;
  /** For a usage that cannot be meant; null when nobody can tell. */
  readonly estimate: (outputTokens: number) => Usage | null;
}

/**
 * Vendor and caller speak the same dialect: whole events pass as bytes, and a tap reads usage, finish and errors from the
 * few events that hold them, of which some reach the caller changed or not at all.
 */
export class PassThroughStream implements StreamTransform, Passing {
  readonly facts = noFacts();
  failure: UpstreamError | null = null;
  said = false;
  private readonly collector = new EventCollector();
  private started = false;
  private envelopeBytes = 0;
  /** What the event at hand was counted for. */
  private counted = 0;
  private done = false;
  private readonly events: StreamEvent[] = [];

  constructor(private readonly options: PassThroughOptions) {}

  get token(): RegExp {
    return this.options.token;
  }

  get body(): Passing['body'] {
    return this.options.body;
  }

  llmhub(): LlmHub | null {
    return this.options.annotate(this.facts.usage);
  }

  push(chunk: Buffer): Buffer | string {
    const whole = this.collector.push(chunk);
    if (!whole) {
      this.failure = this.collector.size > EVENT_LIMIT_BYTES ? eventTooLarge(this.options.vendor) : null;
      return '';
    }
    const text = whole.toString('latin1'); // one character a byte: positions are the same in both
    return text.includes('\r') ? this.inspectAll(whole.toString()) : this.tap(whole, text);
  }

  end(): Buffer | string {
    const carried = this.collector.rest().toString();
    const rest = carried.trim() === '' ? carried : this.inspectAll(`${carried}\n\n`);
    if (this.failure) {
      return '';
    }
    if (!this.done) {
      this.options.reader.end(this.events);
      this.drainEvents();
    }
    // A vendor that never sends the sentinel has ended well when its reader says so.
    return this.failure || this.done ? rest : rest + this.options.passage.sentinel;
  }

  /** The fast way: walks over the events and copies nothing unless one of them has to change. */
  private tap(whole: Buffer, text: string): Buffer {
    const pieces: Buffer[] = [];
    let copied = 0;
    let start = 0;
    const search = new NotableSearch(text, this.options.passage.notable);
    let notable = search.next(0);
    while (start < text.length && !this.failure) {
      const end = blockEnd(text, start);
      this.count(text, start, end);
      const isCut = text.charCodeAt(end - 3) !== CLOSE_BRACE;
      if (notable < end || isCut || !this.started || hasMoreLines(text, start, end)) {
        const block = whole.toString('utf8', start, end);
        const replacement = this.inspect(block);
        if (replacement !== block) {
          pieces.push(whole.subarray(copied, start), Buffer.from(replacement));
          copied = end;
        }
        notable = search.next(end);
      } else if (this.counted > 0) {
        this.said = true;
      }
      start = end;
    }
    return pieces.length === 0 ? whole : Buffer.concat([...pieces, whole.subarray(copied, start)]);
  }

  /** The way for vendors that end their lines with CR. */
  private inspectAll(text: string): string {
    let out = '';
    for (const block of text.split(BLOCK_END)) {
      this.count(block, 0, block.length);
      out += this.inspect(block);
      if (this.failure) {
        break;
      }
    }
    return out;
  }

  /** Vendors send about a token an event; where they send more, by what is longer than the first event, which says nothing. */
  private count(text: string, start: number, end: number): void {
    const { piece } = this.options.passage;
    this.counted = 0;
    if (piece === undefined || text.slice(start, end).includes(piece)) {
      const eventBytes = end - start;
      this.envelopeBytes ||= eventBytes;
      this.counted = Math.max(1, estimateTokens(eventBytes - this.envelopeBytes));
      this.facts.outputTokens += this.counted;
    }
  }

  /** Reads one event and gives what the caller gets of it. */
  private inspect(block: string): string {
    const event = parseBlock(block);
    if (!event) {
      return block;
    }
    this.started = true;
    // Some servers send it in dialects that do not have it, also behind an answer that broke off.
    this.done ||= event.data === DONE && this.options.passage.sentinel !== '';
    this.options.reader.read(event.data, event.type, this.events);
    this.drainEvents();
    if (this.failure) {
      return '';
    }
    const data = this.options.passage.rewrite(event, this);
    return data === null ? block : data && writeBlock(event, data);
  }

  private drainEvents(): void {
    for (const event of this.events) {
      if (event.kind === 'error') {
        this.failure = streamFailure(this.options.vendor, event);
        this.facts.outputTokens -= this.counted; // an error says nothing
        break;
      }
      this.said ||= saysSomething(event);
      noteEvent(this.facts, event.kind === 'no-usage' ? this.estimated() : event);
    }
    this.events.length = 0;
  }

  /** At once: what it cost may be told in the very event that cannot be meant. */
  private estimated(): StreamEvent {
    const usage = this.options.estimate(this.facts.outputTokens);
    return usage ? { kind: 'usage', usage } : { kind: 'no-usage' };
  }
}

/** The event of one block: nearly always a single `data:` line. */
function parseBlock(block: string): SseEvent | undefined {
  if (block.startsWith('data: ') && block.indexOf('\n') === block.length - 2 && !block.includes('\r')) {
    return { data: block.slice(6, -2), type: undefined };
  }
  return eventsIn(block)[0];
}

/** Position after the next blank line; stray line feeds may follow the last one. */
function blockEnd(text: string, from: number): number {
  const at = text.indexOf('\n\n', from);
  return at < 0 ? text.length : at + 2;
}

/** Whether an event is more than a line of data, with one for its type at most: what is notable may be parted by their ends. */
function hasMoreLines(text: string, start: number, end: number): boolean {
  const first = text.indexOf('\n', start);
  return (
    first !== end - 2 && !(text.startsWith('event:', start) && text.indexOf('\n', first + 1) === end - 2)
  );
}

function writeBlock({ type }: SseEvent, data: string): string {
  const lines = data.includes('\n') ? data.replaceAll('\n', '\ndata: ') : data;
  return `${type === undefined ? '' : `event: ${type}\n`}data: ${lines}\n\n`;
}

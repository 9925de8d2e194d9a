import { StringDecoder } from 'node:string_decoder';

export interface SseEvent {
  /** All `data:` lines joined by \n. */
  readonly data: string;
  /** The `event:` line, if any. */
  readonly type: string | undefined;
}

/** The events of a text that ends with one. */
export function eventsIn(text: Buffer | string): SseEvent[] {
  const parser = new SseParser();
  return [...parser.push(Buffer.from(text)), ...parser.end()];
}

/**
 * Splits an event stream into events, whatever the chunking: inside a UTF-8 sequence, between CR and LF, or a thousand
 * events in one chunk. Lines end with \n, \r\n or \r. Comments are skipped. Linear in the bytes, also for one event of
 * many megabytes. Source: https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export class SseParser {
  private readonly decoder = new StringDecoder('utf8');
  /** Pieces of a line whose end has not come yet. */
  private pending: string[] = [];
  private data: string[] = [];
  /** Characters of the event whose blank line has not come yet. */
  private waiting = 0;
  private type: string | undefined;
  private afterCarriageReturn = false;
  private atStart = true;

  /** About how much an unfinished event holds, in characters: the owner decides what is too much. */
  get size(): number {
    return this.waiting;
  }

  push(chunk: Buffer): SseEvent[] {
    this.waiting += chunk.length;
    return this.split(this.decoder.write(chunk));
  }

  /** The body ended. An event whose blank line never came is still given: vendors leave it out at times. */
  end(): SseEvent[] {
    const events = this.split(this.decoder.end());
    if (this.pending.length > 0) {
      this.line(this.pending.join(''), events);
      this.pending = [];
    }
    this.dispatch(events);
    return events;
  }

  private split(text: string): SseEvent[] {
    const events: SseEvent[] = [];
    let from = 0;
    if (this.afterCarriageReturn && text.length > 0) {
      this.afterCarriageReturn = false;
      from = text.charCodeAt(0) === 10 ? 1 : 0;
    }
    const hasReturn = text.includes('\r');
    while (from < text.length) {
      const end = hasReturn ? lineEnd(text, from) : text.indexOf('\n', from);
      if (end < 0) {
        this.pending.push(from === 0 ? text : text.slice(from));
        break;
      }
      this.line(this.take(text.slice(from, end)), events);
      from = end + 1;
      if (text.charCodeAt(end) === 13) {
        if (from === text.length) {
          this.afterCarriageReturn = true;
        } else if (text.charCodeAt(from) === 10) {
          from++;
        }
      }
    }
    return events;
  }

  private take(tail: string): string {
    if (this.pending.length === 0) {
      return tail;
    }
    const line = this.pending.join('') + tail;
    this.pending = [];
    return line;
  }

  private line(line: string, events: SseEvent[]): void {
    if (this.atStart) {
      this.atStart = false;
      line = line.charCodeAt(0) === 0xfeff ? line.slice(1) : line;
    }
    if (line === '') {
      this.dispatch(events);
    } else if (line.startsWith('data:')) {
      this.data.push(line.slice(line.charCodeAt(5) === 32 ? 6 : 5));
    } else if (line.startsWith('event:')) {
      this.type = line.slice(line.charCodeAt(6) === 32 ? 7 : 6);
    } else if (line === 'data') {
      this.data.push('');
    }
  }

  private dispatch(events: SseEvent[]): void {
    if (this.data.length > 0) {
      events.push({
        data: this.data.length === 1 ? (this.data[0] ?? '') : this.data.join('\n'),
        type: this.type,
      });
      this.data = [];
    }
    this.waiting = 0;
    this.type = undefined;
  }
}

function lineEnd(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || code === 13) {
      return i;
    }
  }
  return -1;
}

import type { StreamEvent, StreamReader } from '@app/dialects';
import { type SseEvent, SseParser, type UpstreamError } from '@app/shared';
import {
  EVENT_LIMIT_BYTES,
  eventTooLarge,
  isOvertaken,
  noFacts,
  noteEvent,
  streamFailure,
} from './stream-facts.js';

/** A vendor's events, read by its dialect as they come, with what the ledger wants to know of them. */
export class EventReading {
  readonly facts = noFacts();
  /** The vendor reported an error, or ended too early. */
  failure: UpstreamError | null = null;
  private readonly parser = new SseParser();

  /** @param vendor id, for errors */
  constructor(
    private readonly vendor: string,
    private readonly reader: StreamReader,
  ) {}

  /** What these bytes say, up to the failure. */
  push(chunk: Buffer): StreamEvent[] {
    const events = this.note(this.read(this.parser.push(chunk)));
    if (this.parser.size > EVENT_LIMIT_BYTES) {
      this.failure ??= eventTooLarge(this.vendor);
    }
    return events;
  }

  /** The vendor's body ended in order. */
  end(): StreamEvent[] {
    const events = this.read(this.parser.end());
    this.reader.end(events);
    return this.note(events);
  }

  private read(wire: readonly SseEvent[]): StreamEvent[] {
    const events: StreamEvent[] = [];
    for (const { data, type } of wire) {
      this.reader.read(data, type, events);
    }
    return events;
  }

  private note(events: readonly StreamEvent[]): StreamEvent[] {
    const said: StreamEvent[] = [];
    for (const event of events) {
      if (event.kind === 'error') {
        this.failure ??= streamFailure(this.vendor, event);
        break;
      }
      if (!isOvertaken(event, this.facts)) {
        noteEvent(this.facts, event);
        said.push(event);
      }
    }
    return said;
  }
}

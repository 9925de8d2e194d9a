import type { StreamEvent, StreamReader, Usage } from '@app/dialects';
import { type SseEvent, SseParser, UpstreamError } from '@app/shared';
import { EVENT_LIMIT_BYTES, eventTooLarge, noFacts, streamFailure } from './stream-facts.js';
import type { StreamTransform } from './stream-relay.js';

/** How the stream of an endpoint ends. */
export interface StreamEnding {
  /** What is made, for errors: `the transcription`. */
  readonly what: string;
  /** Type of the last event. */
  readonly type: string;
  readonly usage: (event: Readonly<Record<string, unknown>>) => Usage | null;
}

/**
 * Events of an endpoint other than chat, which end with one of their own: they go on as they came, but only whole ones,
 * lest a comment of ours lands inside; a tap reads the end and the errors, which have the shape of chat's.
 */
export class NamedEventStream implements StreamTransform {
  readonly facts = noFacts();
  failure: UpstreamError | null = null;
  private readonly parser = new SseParser();
  private readonly events: StreamEvent[] = [];
  private done = false;

  /** @param errors reader of the vendor's chat streams */
  constructor(
    private readonly vendor: string,
    private readonly errors: StreamReader,
    private readonly ending: StreamEnding,
  ) {}

  push(chunk: Buffer): string {
    const text = this.write(this.parser.push(chunk));
    if (this.parser.size > EVENT_LIMIT_BYTES) {
      this.failure ??= eventTooLarge(this.vendor);
    }
    return text;
  }

  end(): string {
    const rest = this.write(this.parser.end());
    if (!this.done) {
      this.failure ??= new UpstreamError({
        vendor: this.vendor,
        upstreamStatus: null,
        code: 'upstream_cut',
        message: `The vendor '${this.vendor}' ended ${this.ending.what} before it was done.`,
      });
    }
    return rest;
  }

  private write(events: readonly SseEvent[]): string {
    let text = '';
    for (const event of events) {
      this.look(event);
      if (this.failure) {
        break;
      }
      const name = event.type === undefined ? '' : `event: ${event.type}\n`;
      text += `${name}data: ${event.data.replaceAll('\n', '\ndata: ')}\n\n`;
    }
    return text;
  }

  private look({ data, type }: SseEvent): void {
    if (data === '[DONE]') {
      return;
    }
    this.errors.read(data, type, this.events);
    const error = this.events.find(event => event.kind === 'error');
    if (error) {
      this.failure = streamFailure(this.vendor, error);
    } else if (data.includes(`"${this.ending.type}"`)) {
      this.done = true;
      this.facts.usage = this.ending.usage(JSON.parse(data) as Record<string, unknown>);
      this.facts.finish = { reason: 'stop', native: null };
    }
  }
}

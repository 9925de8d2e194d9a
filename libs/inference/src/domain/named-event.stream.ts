import { annotate, type LlmHub, type StreamEvent, type StreamReader, type Usage } from '@app/dialects';
import { changeMember, type SseEvent, SseParser, UpstreamError } from '@app/shared';
import { EVENT_LIMIT_BYTES, eventTooLarge, noFacts, streamFailure } from './stream-facts.js';
import type { StreamTransform } from './stream-relay.js';

/** How the stream of an endpoint ends. */
export interface StreamEnding {
  /** What is made, for errors: `the transcription`. */
  readonly what: string;
  /** Type of the last event. */
  readonly type: string;
  readonly usage: (event: Readonly<Record<string, unknown>>) => Usage | null;
  /** The usage object that the caller is told instead, as JSON; absent or null: the vendor's. */
  readonly told?: (usage: Usage | null) => string | null;
}

export interface NamedEventOptions {
  /** Vendor id, for errors. */
  readonly vendor: string;
  /** Of the vendor's chat streams, whose errors these have too. */
  readonly errors: StreamReader;
  readonly ending: StreamEnding;
  /** `x_llmhub` for the last event. */
  readonly annotate: (usage: Usage | null) => LlmHub | null;
}

/**
 * Events of an endpoint other than chat, which end with one of their own: they go on as they came, but only whole ones,
 * lest a comment of ours lands inside; a tap reads the errors and the end, which tells the cost besides.
 */
export class NamedEventStream implements StreamTransform {
  readonly facts = noFacts();
  failure: UpstreamError | null = null;
  private readonly parser = new SseParser();
  private readonly events: StreamEvent[] = [];
  private done = false;

  constructor(protected readonly options: NamedEventOptions) {}

  push(chunk: Buffer): string {
    const text = this.write(this.parser.push(chunk));
    if (this.parser.size > EVENT_LIMIT_BYTES) {
      this.failure ??= eventTooLarge(this.options.vendor);
    }
    return text;
  }

  end(): string {
    const rest = this.write(this.parser.end());
    if (!this.done) {
      const { vendor, ending } = this.options;
      this.failure ??= new UpstreamError({
        vendor,
        upstreamStatus: null,
        code: 'upstream_cut',
        message: `The vendor '${vendor}' ended ${ending.what} before it was done.`,
      });
    }
    return rest;
  }

  private write(events: readonly SseEvent[]): string {
    let text = '';
    for (const event of events) {
      const data = this.look(event);
      if (this.failure) {
        break;
      }
      const name = event.type === undefined ? '' : `event: ${event.type}\n`;
      text += `${name}data: ${data.replaceAll('\n', '\ndata: ')}\n\n`;
    }
    return text;
  }

  /** Gives what the caller gets of it. */
  protected look({ data, type }: SseEvent): string {
    const { vendor, errors, ending, annotate: llmhubOf } = this.options;
    if (data === '[DONE]') {
      return data;
    }
    errors.read(data, type, this.events);
    const error = this.events.find(event => event.kind === 'error');
    if (error) {
      this.failure = streamFailure(vendor, error);
    } else if (data.includes(`"${ending.type}"`)) {
      this.done = true;
      this.facts.usage = ending.usage(JSON.parse(data) as Record<string, unknown>);
      this.facts.finish = { reason: 'stop', native: null };
      const usage = ending.told?.(this.facts.usage) ?? null;
      const told = usage === null ? data : changeMember(data, 'usage', () => usage);
      const llmhub = llmhubOf(this.facts.usage);
      return llmhub ? annotate(told, llmhub) : told;
    }
    return data;
  }
}

import type { StreamEvent, StreamReader, StreamWriter, Usage } from '@app/dialects';
import { type GatewayError, SseParser, type UpstreamError } from '@app/shared';
import { estimateTokens } from './estimate.js';
import {
  EVENT_LIMIT_BYTES,
  eventTooLarge,
  isOvertaken,
  noFacts,
  noteEvent,
  saysSomething,
  streamFailure,
} from './stream-facts.js';
import type { StreamTransform } from './stream-relay.js';

export interface TranslationOptions {
  /** Vendor id, for errors. */
  readonly vendor: string;
  /** See `VendorDialect`. */
  readonly token: RegExp;
  readonly reader: StreamReader;
  readonly writer: StreamWriter;
  /** For a vendor that tells no usage. */
  readonly estimate: (outputTokens: number) => Usage;
}

/** Vendor's dialect in, caller's dialect out: each event is parsed once. */
export class TranslatedStream implements StreamTransform {
  readonly facts = noFacts();
  failure: UpstreamError | null = null;
  said = false;
  private readonly parser = new SseParser();
  private events: StreamEvent[] = [];
  private outputBytes = 0;

  constructor(private readonly options: TranslationOptions) {}

  get token(): RegExp {
    return this.options.token;
  }

  push(chunk: Buffer): string {
    for (const { data, type } of this.parser.push(chunk)) {
      this.options.reader.read(data, type, this.events);
    }
    const text = this.write();
    if (this.parser.size > EVENT_LIMIT_BYTES) {
      this.failure ??= eventTooLarge(this.options.vendor);
    }
    return text;
  }

  end(): string {
    const { reader } = this.options;
    for (const { data, type } of this.parser.end()) {
      reader.read(data, type, this.events);
    }
    if (!this.events.some(({ kind }) => kind === 'end' || kind === 'error')) {
      reader.end(this.events);
    }
    return this.write();
  }

  fail(error: GatewayError): string | null {
    return this.options.writer.fail?.(error) || null;
  }

  private write(): string {
    const { vendor, writer } = this.options;
    let text = '';
    for (const event of this.events) {
      if (event.kind === 'error') {
        this.failure = streamFailure(vendor, event);
        break;
      }
      if (isOvertaken(event, this.facts)) {
        continue;
      }
      if (event.kind === 'end' && !this.facts.usage) {
        text += this.estimated();
      }
      if (event.kind === 'text' || event.kind === 'reasoning') {
        this.outputBytes += event.text.length;
      } else if (event.kind === 'tool-arguments') {
        this.outputBytes += event.delta.length;
      } else if (event.kind === 'usage') {
        this.facts.outputTokens = estimateTokens(this.outputBytes);
      }
      this.said ||= saysSomething(event);
      noteEvent(this.facts, event);
      if (event.kind !== 'no-usage') {
        text += writer.write(event);
      }
    }
    this.facts.outputTokens = estimateTokens(this.outputBytes);
    this.events = [];
    return text;
  }

  private estimated(): string {
    const usage = this.options.estimate(estimateTokens(this.outputBytes));
    noteEvent(this.facts, { kind: 'usage', usage });
    return this.options.writer.write({ kind: 'usage', usage });
  }
}

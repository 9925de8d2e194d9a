import type { StreamEvent, StreamReader, StreamWriter } from '@app/dialects';
import { SseParser, type UpstreamError } from '@app/shared';
import { estimateTokens } from './estimate.js';
import { noFacts, noteEvent, streamFailure } from './stream-facts.js';
import type { StreamTransform } from './stream-relay.js';

/** Vendor's dialect in, caller's dialect out: each event is parsed once. */
export class TranslatedStream implements StreamTransform {
  readonly facts = noFacts();
  failure: UpstreamError | null = null;
  private readonly parser = new SseParser();
  private events: StreamEvent[] = [];
  private outputBytes = 0;

  constructor(
    private readonly vendor: string,
    private readonly reader: StreamReader,
    private readonly writer: StreamWriter,
  ) {}

  push(chunk: Buffer): string {
    for (const { data, type } of this.parser.push(chunk)) {
      this.reader.read(data, type, this.events);
    }
    return this.write();
  }

  end(): string {
    for (const { data, type } of this.parser.end()) {
      this.reader.read(data, type, this.events);
    }
    if (!this.events.some(({ kind }) => kind === 'end' || kind === 'error')) {
      this.reader.end(this.events);
    }
    return this.write();
  }

  private write(): string {
    let text = '';
    for (const event of this.events) {
      if (event.kind === 'error') {
        this.failure = streamFailure(this.vendor, event);
        break;
      }
      if (event.kind === 'text' || event.kind === 'reasoning') {
        this.outputBytes += event.text.length;
      } else if (event.kind === 'tool-arguments') {
        this.outputBytes += event.delta.length;
      } else if (event.kind === 'usage') {
        this.facts.outputTokens = estimateTokens(this.outputBytes);
      }
      noteEvent(this.facts, event);
      text += this.writer.write(event);
    }
    this.facts.outputTokens = estimateTokens(this.outputBytes);
    this.events = [];
    return text;
  }
}
